import { join } from "node:path";
import { LineProcess } from "../../support/lineProcess";
import { type PfxReader, RefusedError } from "./contract";

interface Found {
  privateKey: string;
  certificate: string;
  others: string[];
  friendlyName: string | null;
}

type Answer = Found | { refused: string };

/** The Python package `cryptography`. */
export function pythonReader(command: string): PfxReader {
  const python = new LineProcess(command, [join(__dirname, "readPfx.py")], { LC_ALL: "C.UTF-8" });
  return {
    async read({ path, passwordPath }) {
      const answer = JSON.parse(await python.ask(`${path}\t${passwordPath}`)) as Answer;
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
    close: () => python.close(),
  };
}
