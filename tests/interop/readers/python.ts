import { join } from "node:path";
import { type PfxReader, run } from "./contract";

interface Answer {
  privateKey: string;
  certificate: string;
  others: string[];
  friendlyName: string | null;
}

/** The Python package `cryptography`. */
export function pythonReader(command: string): PfxReader {
  const script = join(__dirname, "readPfx.py");
  return {
    read({ path, passwordPath }) {
      const answer = JSON.parse(run(command, [script, path, passwordPath])) as Answer;
      return {
        key: { given: Buffer.from(answer.privateKey, "base64") },
        certificate: Buffer.from(answer.certificate, "base64"),
        others: answer.others.map((other) => Buffer.from(other, "base64")),
        friendlyName: answer.friendlyName ?? undefined,
      };
    },
  };
}
