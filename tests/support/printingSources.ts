import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const folders =
  "access audit bin cli components exchange fleet forge microsoft operations plugin policy review simulator system toolchain".split(
    " ",
  );

/** A line of a source besides its comments, in which a text may stand that people read. */
export interface PrintingLine {
  readonly file: string;
  readonly number: number;
  readonly text: string;
}

/** Every line of the sources that may print something. */
export const printingLines: readonly PrintingLine[] = folders
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(
      (file) => `${folder}/${file}`,
    ),
  )
  .filter((file) => file.endsWith(".ts") && !/^policy\/(node_modules|tests)/.test(file))
  .flatMap((file) =>
    readFileSync(join(root, file), "utf8")
      .split("\n")
      .map((text, at) => ({ file, number: at + 1, text })),
  )
  .filter(({ text }) => !/^\s*(\*|\/\/|\/\*)/.test(text));
