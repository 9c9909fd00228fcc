import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Language, type Node, Parser } from "web-tree-sitter";
import { nodesIn, treeOf } from "./powershell";

const grammar = join(
  dirname(require.resolve("tree-sitter-groovy/package.json")),
  "tree-sitter-groovy.wasm",
);

/** A parser of Groovy's grammar. */
export async function groovyParser(): Promise<Parser> {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(readFileSync(grammar)));
  return parser;
}

/** Every text of several lines in a Jenkinsfile, as Groovy reads it. */
export function multilineTexts(parser: Parser, jenkinsfile: string): string[] {
  return nodesIn(treeOf(parser, jenkinsfile), isMultilineText).map(({ text }) =>
    text.slice(3, -3).replace(/\\(.)/g, "$1"),
  );
}

function isMultilineText({ type, text }: Node): boolean {
  return type.includes("string") && text.startsWith("'''") && text.endsWith("'''");
}
