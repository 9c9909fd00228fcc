import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { connect, type Server } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { nextOf } from "./childProcess";
import { throughCompiler } from "./compiler";

/** Whether a process answers at an address. */
async function isListening(address: string): Promise<boolean> {
  const connection = connect(address);
  try {
    await once(connection, "connect");
    return true;
  } catch {
    await rm(address, { force: true });
    return false;
  } finally {
    connection.end();
  }
}

/** A process beside the tests that answers at a socket, because loading takes it longer than an answer. */
export interface WorkerHost {
  readonly address: string;
  /** Waits until it answers; the first call starts it, or finds the one that is up. */
  ready(): Promise<void>;
  /** Ends it, unless the files after this one go on with it. */
  close(): Promise<void>;
}

/**
 * A process for a test file, or the one that has served those before it in the same worker, which has
 * loaded everything by now.
 *
 * @param script Its file in this folder, which listens by {@link listenForWorker}.
 * @param environment Its own variables; with none given, files of one worker share it.
 */
export function workerHost(script: string, environment?: Record<string, string>): WorkerHost {
  const { JEST_WORKER_ID: worker } = process.env;
  // It ends with the folder of the run, which only `globalSetup` makes.
  const isShared =
    environment === undefined &&
    worker !== undefined &&
    process.platform !== "win32" &&
    basename(tmpdir()).startsWith("apponly-tests-");
  const name = `${basename(script, ".ts")}-${isShared ? worker : randomUUID().slice(0, 8)}`;
  const address = process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name);
  const start = async (): Promise<ChildProcess | undefined> => {
    if (isShared && (await isListening(address))) {
      return undefined;
    }
    const host = fork(join(__dirname, script), [address, ...(isShared ? ["shared"] : [])], {
      execArgv: throughCompiler,
      env: environment ?? process.env,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      detached: isShared,
    });
    await nextOf(host, host, "message");
    if (!isShared) {
      return host;
    }
    host.disconnect();
    host.unref();
    return undefined;
  };
  let started: Promise<ChildProcess | undefined> | undefined;
  return {
    address,
    ready: async () => void (await (started ??= start())),
    close: async () => {
      const own = await started;
      if (own !== undefined) {
        own.kill();
        await rm(address, { force: true });
      }
    },
  };
}

/** Makes this process answer where {@link workerHost} has asked for it, as long as somebody may ask. */
export function listenForWorker(server: Server): void {
  const [, , address = "", shared] = process.argv;
  server.listen(address, () => process.send?.("listening"));
  if (shared === undefined) {
    // Whoever started it is gone.
    process.on("disconnect", () => process.exit(0));
  } else {
    // The folder of the run is gone.
    setInterval(() => existsSync(address) || process.exit(0), 500);
  }
}
