import { execFile } from "node:child_process";
import { connect } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { CommandAnswer, CommandRequest, Operation } from "./commandHost";
import { surroundingsOfTests } from "./surroundings";
import { workerHost } from "./workerHost";

/** How a process ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command ended that ran in a process of several. */
export interface HostedEnd extends Ended, Pick<CommandAnswer, "engineStarts" | "result"> {}

/** The command's file. */
export const command = join(__dirname, "../../bin/apponly.js");

/** Variables added to those of this machine, or taken away where they are undefined. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The environment of a process under test: that of tests, whatever this process has. */
export function cleanEnvironment(added: Variables): Record<string, string> {
  const all = Object.entries({ ...surroundingsOfTests(process.env), ...added });
  return Object.fromEntries(
    all.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Runs the `apponly` command as a process of its own. */
export function runApponly(
  args: readonly string[],
  cwd: string,
  environment: Variables,
): Promise<Ended> {
  return runProgram(process.execPath, [command, ...args], cwd, environment);
}

/** Runs a script by bash as GitHub's runner does. */
export function runBash(script: string, cwd: string, environment: Variables): Promise<Ended> {
  const args = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script];
  return runProgram("bash", args, cwd, {
    ...environment,
    PATH: `${dirname(process.execPath)}:${environment.PATH ?? process.env.PATH ?? ""}`,
  });
}

/** Runs a program to its end; the stand-ins of this process go on answering. */
export function runProgram(
  file: string,
  args: readonly string[],
  cwd: string,
  environment: Variables,
): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { cwd, env: cleanEnvironment(environment), maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}

/** A process that runs one command after the other. */
export interface Commands {
  /** Runs a command as {@link runApponly} does, without the start of a process; or an operation. */
  run(args: readonly string[] | Operation, cwd: string, environment: Variables): Promise<HostedEnd>;
  /** Runs a block of a page by bash, which stops at the first failure; its `apponly` runs here too. */
  script(block: string, cwd: string, environment: Variables): Promise<Ended>;
  close(): Promise<void>;
}

/**
 * Starts a process for the commands of a test file, or takes the one that has served those before it in
 * the same worker, which has loaded everything by now. Each command on a process of its own is in the
 * tests that follow the pages, and in those about processes.
 *
 * @param environment What Node itself reads when it starts; with it the process is the file's own.
 */
export function startCommands(environment?: Variables): Commands {
  const host = workerHost(
    "commandHost.ts",
    environment === undefined ? undefined : cleanEnvironment(environment),
  );
  return {
    run: async (args, cwd, added) => {
      await host.ready();
      const request: CommandRequest = { args, cwd, environment: cleanEnvironment(added) };
      const connection = connect(host.address);
      connection.end(JSON.stringify(request));
      const answer = await text(connection);
      if (answer === "") {
        throw new Error(`The process of ${JSON.stringify(args)} has ended.`);
      }
      const { stdout, stderr, ...rest } = JSON.parse(answer) as CommandAnswer;
      const decoded = (base64: string) => Buffer.from(base64, "base64").toString();
      return { ...rest, stdout: decoded(stdout), stderr: decoded(stderr) };
    },
    script: async (block, cwd, added) => {
      await host.ready();
      return runProgram("bash", ["--norc", "-euo", "pipefail", "-c", block], cwd, {
        ...added,
        APPONLY_TEST_COMMANDS: host.address,
        PATH: [join(__dirname, "hostedCommand"), added.PATH ?? process.env.PATH].join(delimiter),
      });
    },
    close: () => host.close(),
  };
}
