import { posix, type PlatformPath, win32 } from "node:path";
import type { Machine } from "./machine";

/** Path rules of the machine's platform. */
export function pathRules(machine: Pick<Machine, "platform">): PlatformPath {
  return machine.platform === "win32" ? win32 : posix;
}

/** Names under which a platform finds a program, in the order in which it looks for them. */
export function executableNames(machine: Machine, name: string): string[] {
  return machine.platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
}

/** `PATH`, whatever its case: Windows calls it `Path`. */
export function pathOf(environment: NodeJS.ProcessEnv): string {
  const key = Object.keys(environment).find((one) => one.toUpperCase() === "PATH");
  return (key === undefined ? undefined : environment[key]) ?? "";
}

/** Folders of `PATH`, as absolute paths. */
export function pathFolders(machine: Machine): string[] {
  const rules = pathRules(machine);
  return pathOf(machine.environment)
    .split(rules.delimiter)
    .map((folder) => folder.replace(/^"(.*)"$/, "$1"))
    .filter(Boolean)
    .map((folder) => rules.resolve(folder));
}

/** First executable of this name in `PATH`, as the shell would find it; absolute. */
export function findOnPath(
  machine: Machine,
  name: string,
  folders: readonly string[] = pathFolders(machine),
): string | undefined {
  const rules = pathRules(machine);
  return folders
    .flatMap((folder) => executableNames(machine, name).map((file) => rules.join(folder, file)))
    .find((path) => machine.isExecutable(path));
}

/**
 * Folder for what is installed or built once and kept: `APPONLY_CACHE_DIR`, or where the platform
 * keeps caches. It is outside the checkout, so that every checkout shares it.
 *
 * @see https://specifications.freedesktop.org/basedir/latest/
 */
export function cacheDirectory(machine: Machine): string {
  const { environment, home, platform } = machine;
  const rules = pathRules(machine);
  if (environment.APPONLY_CACHE_DIR) {
    return rules.resolve(environment.APPONLY_CACHE_DIR);
  }
  if (platform === "win32") {
    return rules.join(environment.LOCALAPPDATA || rules.join(home, "AppData", "Local"), "apponly");
  }
  // The specification has relative values ignored.
  const xdg = environment.XDG_CACHE_HOME ?? "";
  return platform === "darwin"
    ? rules.join(home, "Library", "Caches", "apponly")
    : rules.join(rules.isAbsolute(xdg) ? xdg : rules.join(home, ".cache"), "apponly");
}
