import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type PfxReader, RefusedError } from "./contract";

interface Found {
  privateKey: string;
  certificate: string;
  others: string[];
  friendlyName: string | null;
}

type Answer = Found | { refused: string };

/** The Python package `cryptography`, by one process for all files: loading it takes far longer than a file. */
export function pythonReader(command: string): PfxReader {
  let ask: ((line: string) => Promise<string>) | undefined;
  let child: ChildProcess | undefined;
  const start = () => {
    const started = spawn(command, [join(__dirname, "readPfx.py")], {
      env: { ...process.env, LC_ALL: "C.UTF-8" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    child = started;
    const answers = createInterface(started.stdout);
    return async (question: string) => {
      const ended = new AbortController();
      const { signal } = ended;
      started.stdin.write(`${question}\n`);
      const [answer] = (await Promise.race([
        once(answers, "line", { signal }),
        once(started, "exit", { signal }).then(([code]) => {
          throw new Error(`${command} ended with ${String(code)}.`);
        }),
      ]).finally(() => ended.abort())) as [string];
      return answer;
    };
  };
  return {
    async read({ path, passwordPath }) {
      ask ??= start();
      const answer = JSON.parse(await ask(`${path}\t${passwordPath}`)) as Answer;
      if ("refused" in answer) {
        throw new RefusedError(`The package refused the file: ${answer.refused}`);
      }
      return {
        key: { given: Buffer.from(answer.privateKey, "base64") },
        certificate: Buffer.from(answer.certificate, "base64"),
        others: answer.others.map((other) => Buffer.from(other, "base64")),
        friendlyName: answer.friendlyName ?? undefined,
      };
    },
    close: () => child?.kill(),
  };
}
