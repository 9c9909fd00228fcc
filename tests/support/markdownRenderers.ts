import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { throughCompiler } from "./compiler";
import type { Rendered } from "./renderMarkdownProcess";

/** Renders texts with micromark (GFM), marked and markdown-it, none of which is hardened. */
export function renderWithParsers(texts: readonly string[]): Rendered[] {
  const script = join(__dirname, "renderMarkdownProcess.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [...throughCompiler, script], {
    input: JSON.stringify(texts),
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  if (status !== 0) {
    throw new Error(`The Markdown parsers ended with ${status}: ${stderr}`);
  }
  return JSON.parse(stdout) as Rendered[];
}
