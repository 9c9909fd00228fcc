import type { Node, Parser } from "web-tree-sitter";
import { callOf, plainValue, treeOf } from "../powershell";

/** Any value of a script. */
export type Value = unknown;

/** What a script meets: commands, static members and methods, all by their names in lower case. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** May be asynchronous. @param input What comes down the pipeline, if anything. */
  readonly commands: Readonly<
    Record<
      string,
      (parameters: ReadonlyMap<string, Value>, positional: readonly Value[], input: Value) => Value
    >
  >;
  readonly statics: Readonly<Record<string, Value>>;
  /** `Core` or `Desktop`. */
  readonly edition: string;
}

/**
 * Runs the part of PowerShell that the connect scripts are written in, from the tree of its
 * grammar. Whatever else a script has is an error, so that nothing is passed over.
 */
export async function runScript(
  parser: Parser,
  script: string,
  surroundings: Surroundings,
): Promise<void> {
  const root = treeOf(parser, script);
  if (root.hasError) {
    throw new Error("The script does not parse.");
  }
  await new ScriptRun(surroundings).statement(root);
}

class ScriptRun {
  private readonly variables = new Map<string, Value>();

  constructor(private readonly surroundings: Surroundings) {
    this.variables.set("$true", true);
    this.variables.set("$false", false);
    this.variables.set("$psversiontable", {
      PSEdition: surroundings.edition,
      PSVersion: { Major: surroundings.edition === "Core" ? 7 : 5, Minor: 6 },
    });
  }

  async statement(node: Node): Promise<void> {
    switch (node.type) {
      case "comment":
        return;
      case "program":
      case "statement_list":
      case "statement_block":
        for (const child of node.namedChildren) {
          await this.statement(child);
        }
        return;
      case "if_statement":
        return this.condition(node);
      case "try_statement":
        return this.attempt(node);
      case "flow_control_statement":
        if (node.child(0)?.text !== "throw") {
          throw unknown(node);
        }
        throw new Error(String(await this.value(lastNamed(node))));
      default:
        await this.value(node);
    }
  }

  private async condition(node: Node): Promise<void> {
    const [condition, then, otherwise] = node.namedChildren;
    if (condition === undefined || then === undefined) {
      throw unknown(node);
    }
    if (await this.value(condition)) {
      await this.statement(then);
    } else if (otherwise !== undefined) {
      await this.statement(lastNamed(otherwise));
    }
  }

  private async attempt(node: Node): Promise<void> {
    const [block, last, ...more] = node.namedChildren;
    if (block === undefined || last?.type !== "finally_clause" || more.length > 0) {
      throw unknown(node);
    }
    try {
      await this.statement(block);
    } finally {
      await this.statement(lastNamed(last));
    }
  }

  private async value(node: Node): Promise<Value> {
    switch (node.type) {
      case "assignment_expression":
        return this.assign(node);
      case "pipeline_chain":
        return this.pipe(node);
      case "command":
        return this.call(node, undefined);
      case "variable":
        return this.variable(node.text);
      case "expandable_string_literal":
        if (node.namedChildCount > 0) {
          throw unknown(node);
        }
        return plainValue(node);
      case "generic_token":
        return node.text;
      case "decimal_integer_literal":
        return Number(node.text);
      case "parenthesized_expression":
        return this.value(lastNamed(node));
      case "array_literal_expression":
        return this.list(node);
      case "hash_literal_expression":
        return this.table(node);
      case "member_access":
        return this.member(node);
      case "invokation_expression":
        return this.method(node);
      case "expression_with_unary_operator":
        if (node.child(0)?.text !== "-not") {
          throw unknown(node);
        }
        return !(await this.value(lastNamed(node)));
      default:
        return node.namedChildCount === 1 ? this.value(lastNamed(node)) : this.operator(node);
    }
  }

  /** One value stands for itself, several for an array. */
  private async list(node: Node): Promise<Value> {
    const values: Value[] = [];
    for (const one of node.namedChildren) {
      values.push(await this.value(one));
    }
    return values.length === 1 ? values[0] : values;
  }

  private async operator(node: Node): Promise<Value> {
    const [left, sign, right, ...more] = node.children;
    if (left === undefined || sign === undefined || right === undefined || more.length > 0) {
      throw unknown(node);
    }
    const [a, b] = [await this.value(left), await this.value(right)];
    switch (sign.text) {
      case "+":
        return String(a) + String(b);
      case "-eq":
        return a === b;
      case "-lt":
        return Number(a) < Number(b);
      case "-and":
        return Boolean(a) && Boolean(b);
      case "-or":
        return Boolean(a) || Boolean(b);
      default:
        throw unknown(node);
    }
  }

  private async assign(node: Node): Promise<void> {
    const [left, right] = [node.namedChild(0), lastNamed(node)];
    this.variables.set((left?.text ?? "").toLowerCase(), await this.value(right));
  }

  private variable(name: string): Value {
    const key = name.toLowerCase();
    if (key.startsWith("$env:")) {
      return this.surroundings.environment[name.slice(5)];
    }
    if (!this.variables.has(key)) {
      throw new Error(`${name} was never set.`);
    }
    return this.variables.get(key);
  }

  private async pipe(node: Node): Promise<Value> {
    let input: Value;
    for (const stage of node.namedChildren) {
      const inner = unwrapped(stage);
      input = inner.type === "command" ? await this.call(inner, input) : await this.value(inner);
    }
    return input;
  }

  private async call(node: Node, input: Value): Promise<Value> {
    const { name, parameters, positional } = callOf(node);
    const command = this.surroundings.commands[name.toLowerCase()];
    if (command === undefined) {
      throw new Error(`${name} is not a command of this run.`);
    }
    const values = new Map<string, Value>();
    for (const [key, argument] of parameters) {
      values.set(key, argument === undefined ? true : await this.value(argument));
    }
    return command(values, await Promise.all(positional.map((one) => this.value(one))), input);
  }

  private async table(node: Node): Promise<Record<string, Value>> {
    const entries = descendants(node, "hash_entry");
    const result: Record<string, Value> = {};
    for (const entry of entries) {
      result[entry.namedChild(0)?.text ?? ""] = await this.value(lastNamed(entry));
    }
    return result;
  }

  private async member(node: Node): Promise<Value> {
    const { owner, name } = ownerOf(node);
    if (owner.type === "type_literal") {
      return this.static(owner, name);
    }
    return property(await this.value(owner), name);
  }

  private async method(node: Node): Promise<Value> {
    const { owner, name } = ownerOf(node);
    const list = node.namedChildren.find(({ type }) => type === "argument_list");
    const args: Value[] = [];
    for (const argument of descendants(list ?? node, "argument_expression")) {
      args.push(await this.value(argument));
    }
    if (owner.type === "type_literal") {
      return (this.static(owner, name) as (...all: Value[]) => Value)(...args);
    }
    const target = await this.value(owner);
    if (typeof target === "string" && name === "Trim") {
      return target.trim();
    }
    return (property(target, name) as (...all: Value[]) => Value)(...args);
  }

  private static(owner: Node, name: string): Value {
    const key = `${owner.text}::${name}`.toLowerCase();
    if (!(key in this.surroundings.statics)) {
      throw new Error(`${owner.text}::${name} is not there in this run.`);
    }
    return this.surroundings.statics[key];
  }
}

function ownerOf(node: Node): { owner: Node; name: string } {
  const [owner, member] = node.namedChildren;
  if (owner === undefined || member?.type !== "member_name") {
    throw unknown(node);
  }
  return { owner: unwrapped(owner), name: member.text };
}

function property(value: Value, name: string): Value {
  if (typeof value !== "object" || value === null || !(name in value)) {
    throw new Error(`There is no ${name}.`);
  }
  return (value as Record<string, Value>)[name];
}

/** The outermost nodes of a type below a node. */
function descendants(node: Node, type: string): Node[] {
  return node.namedChildren.flatMap((child) =>
    child.type === type ? [child] : descendants(child, type),
  );
}

/** Down through nodes that only wrap one other. */
function unwrapped(node: Node): Node {
  const [only, ...others] = node.namedChildren;
  return only !== undefined &&
    others.length === 0 &&
    node.childCount === 1 &&
    node.type !== "command"
    ? unwrapped(only)
    : node;
}

function lastNamed(node: Node): Node {
  const last = node.namedChildren.at(-1);
  if (last === undefined) {
    throw unknown(node);
  }
  return last;
}

function unknown(node: Node): Error {
  return new Error(`${node.type} is not in the part of PowerShell that runs here: ${node.text}`);
}
