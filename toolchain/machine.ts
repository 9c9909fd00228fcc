import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { connect } from "node:net";
import { homedir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { runProgram } from "../system/process";
import { proxyFor, readProxySettings } from "../system/proxy";

/** The machine as the toolchain sees it: replaced in unit tests. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly architecture: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
  /** Path of the Node that runs this program. */
  readonly node: string;
  isExecutable(path: string): boolean;
  /**
   * What is another text as soon as the program is another one, or nothing where that cannot be told:
   * the script or the shim of a version manager stays the same while what it starts changes.
   */
  identityOf(path: string): string | undefined;
  /** Runs a program to its end, see {@link runProgram}. */
  readonly run: typeof runProgram;
  /** Whether a host accepts connections within the time given. */
  reaches(host: string, port: number, timeoutMs: number): Promise<boolean>;
}

/** The machine this program runs on. */
export const thisMachine: Machine = {
  platform: process.platform,
  architecture: process.arch,
  environment: process.env,
  home: homedir(),
  node: process.execPath,
  isExecutable,
  identityOf: fileIdentity,
  run: runProgram,
  reaches: canConnect,
};

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function fileIdentity(path: string): string | undefined {
  try {
    const file = realpathSync(path);
    const { size, mtimeMs, ino } = statSync(file);
    const isShim = process.platform === "win32" || basename(file) !== basename(path);
    return isShim || isScript(file) ? undefined : [file, size, mtimeMs, ino].join(" ");
  } catch {
    return undefined;
  }
}

function isScript(file: string): boolean {
  const head = Buffer.alloc(2);
  const descriptor = openSync(file, "r");
  readSync(descriptor, head);
  closeSync(descriptor);
  return head.toString() === "#!";
}

function canConnect(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const end = (reached: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reached);
    };
    // The socket's own time-out does not cover a name that is slow to resolve.
    const timer = setTimeout(() => end(false), timeoutMs);
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

/** First executable of this name in `PATH`, as the shell would find it. */
export function findOnPath(machine: Machine, name: string): string | undefined {
  const separator = machine.platform === "win32" ? ";" : delimiter;
  const folders = (pathVariable(machine.environment) ?? "").split(separator).filter(Boolean);
  return folders
    .flatMap((folder) => executableNames(machine, name).map((file) => join(folder, file)))
    .find((path) => machine.isExecutable(path));
}

/** Names under which a platform finds a program. */
export function executableNames(machine: Machine, name: string): string[] {
  return machine.platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
}

/** `PATH`, whatever its case: Windows calls it `Path`. */
export function pathVariable(environment: NodeJS.ProcessEnv): string | undefined {
  const key = Object.keys(environment).find((one) => one.toUpperCase() === "PATH");
  return key === undefined ? undefined : environment[key];
}

/** Folder for what is built once and kept: `APPONLY_CACHE_DIR`, or the platform's cache. */
export function cacheDirectory(machine: Machine): string {
  const { environment, home, platform } = machine;
  if (environment.APPONLY_CACHE_DIR) {
    return environment.APPONLY_CACHE_DIR;
  }
  if (platform === "win32") {
    return join(environment.LOCALAPPDATA ?? join(home, "AppData", "Local"), "apponly");
  }
  return platform === "darwin"
    ? join(home, "Library", "Caches", "apponly")
    : join(environment.XDG_CACHE_HOME ?? join(home, ".cache"), "apponly");
}

/** Where to ask whether Pulumi's downloads can be reached: a proxy, where one is set. */
export async function reachesDownloads(machine: Machine, host: string): Promise<boolean> {
  const proxy = proxyFor(new URL(`https://${host}`), readProxySettings(machine.environment));
  if (proxy !== undefined) {
    const port = Number(proxy.port || (proxy.protocol === "https:" ? 443 : 80));
    return machine.reaches(proxy.hostname, port, 3000);
  }
  return machine.reaches(host, 443, 3000);
}
