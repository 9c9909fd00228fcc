import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Language, type Node, Parser } from "web-tree-sitter";
import { Failure } from "../../system/failure";

let powershellParser: Promise<Parser> | undefined;

/**
 * The syntax tree of a script, by the grammar that editors use. What it cannot read is marked in the
 * tree.
 *
 * @see https://github.com/airbus-cert/tree-sitter-powershell
 */
export async function parsePowershell(text: string): Promise<Node> {
  powershellParser ??= load();
  const tree = (await powershellParser).parse(text);
  if (tree === null) {
    throw new Failure("The script could not be parsed at all.");
  }
  return tree.rootNode;
}

async function load(): Promise<Parser> {
  await Parser.init();
  const made = new Parser();
  const folder = dirname(require.resolve("tree-sitter-powershell/package.json"));
  made.setLanguage(await Language.load(readFileSync(join(folder, "tree-sitter-powershell.wasm"))));
  return made;
}
