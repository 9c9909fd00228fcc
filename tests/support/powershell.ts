import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Language, type Node, Parser } from "web-tree-sitter";

const grammar = join(
  dirname(require.resolve("tree-sitter-powershell/package.json")),
  "tree-sitter-powershell.wasm",
);
let ready: Promise<Parser> | undefined;

/** A parser of PowerShell's grammar, loaded once per test file. */
export function powershellParser(): Promise<Parser> {
  ready ??= (async () => {
    await Parser.init();
    const parser = new Parser();
    parser.setLanguage(await Language.load(readFileSync(grammar)));
    return parser;
  })();
  return ready;
}

/** The syntax tree of a script. */
export function treeOf(parser: Parser, script: string): Node {
  const tree = parser.parse(script);
  if (tree === null) {
    throw new Error("The parser has given no tree.");
  }
  return tree.rootNode;
}

/** Every place that is not PowerShell, or where something is missing. */
export function syntaxErrors(parser: Parser, script: string): string[] {
  return nodesIn(treeOf(parser, script), (node) => node.isError || node.isMissing).map(
    (node) => `line ${node.startPosition.row + 1}: ${node.type} ${JSON.stringify(node.text)}`,
  );
}

/** All nodes that fit, in the order of the text. */
export function nodesIn(node: Node, fits: (node: Node) => boolean): Node[] {
  return [...(fits(node) ? [node] : []), ...node.children.flatMap((child) => nodesIn(child, fits))];
}

/** The types of all nodes, without what they say: the shape of a script. */
export function shapeOf(node: Node): string {
  return `${node.type}(${node.children.map(shapeOf).join(" ")})`;
}

/** A command with its parameters; a switch has the value `undefined`. */
export interface CommandCall {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, Node | undefined>;
  readonly positional: readonly Node[];
}

/** One command out of the tree. PowerShell's names are read without case. */
export function callOf(command: Node): CommandCall {
  const name = command.childForFieldName("command_name")?.text ?? command.child(0)?.text ?? "";
  const parameters = new Map<string, Node | undefined>();
  const positional: Node[] = [];
  let open: string | undefined;
  const elements = command.children
    .filter(({ type }) => type === "command_elements")
    .flatMap(({ children }) => children)
    .filter(({ type }) => type !== "command_argument_sep");
  for (const element of elements) {
    if (element.type === "command_parameter") {
      open = element.text.slice(1).replace(/:$/, "").toLowerCase();
      parameters.set(open, undefined);
    } else if (open !== undefined) {
      parameters.set(open, element);
      open = undefined;
    } else {
      positional.push(element);
    }
  }
  return { name, parameters, positional };
}

/** The commands of a script by name. */
export function callsOf(root: Node, name: string): CommandCall[] {
  return nodesIn(root, ({ type }) => type === "command")
    .map(callOf)
    .filter((call) => call.name.toLowerCase() === name.toLowerCase());
}

/** The text between a literal's quotes, as PowerShell reads it; anything else stays as written. */
export function plainValue(node: Node | undefined): string | undefined {
  const text = node?.text;
  const inner = text === undefined ? undefined : /^"([\s\S]*)"$/.exec(text)?.[1];
  return inner === undefined
    ? text
    : inner.replace(/`([\s\S])/g, (_, one) => (one === "0" ? "\0" : String(one)));
}
