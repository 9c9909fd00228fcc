import type { Node } from "web-tree-sitter";
import type { Workload } from "../../components/catalog/workloads";
import { type CatalogCmdlet, findCmdlet, findParameter } from "../catalog/cmdlets";
import { withoutCommas, withoutTexts } from "./plainLists";
import { parsePowershell } from "./powershell";

/** One use of a cmdlet in a script. */
export interface CmdletUse {
  readonly file: string;
  /** From 1 on. */
  readonly line: number;
  /** Name as the catalogue has it. */
  readonly cmdlet: string;
  readonly workloads: readonly Workload[];
  /** Names as the catalogue has them. */
  readonly parameters: readonly string[];
  /**
   * `certain`: the call stands there. `possible`: only its name does, or it cannot be told which
   * parameters it has.
   */
  readonly grade: "certain" | "possible";
  /** Why it is only possible. */
  readonly why?: string;
}

/** A place where a script cannot be seen through. */
export interface BlindSpot {
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

/** What a script was seen to use. */
export interface ScriptReading {
  readonly uses: readonly CmdletUse[];
  readonly blindSpots: readonly BlindSpot[];
}

/**
 * Reads which cmdlets of Exchange Online and Security & Compliance a script uses, with which
 * parameters, and where that cannot be told. Nothing of it is run.
 *
 * @example await readScript("report.ps1", "Get-Mailbox -ResultSize Unlimited")
 */
export async function readScript(file: string, text: string): Promise<ScriptReading> {
  const source = text.replace(/^\uFEFF/, "");
  const root = await parsePowershell(readable(source));
  return new Reader(file, source, root).read();
}

/**
 * A script without what the grammar does not know, each by something as long that it does: nothing
 * moves. It takes the digit of `-CustomAttribute1` for the beginning of a redirection, knows neither
 * `1GB` nor quotes as word processors set them.
 *
 * @see https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
 */
function readable(source: string): string {
  return withoutCommas(
    source
      .replace(/[\u201c-\u201e]/g, '"')
      .replace(/[\u2018-\u201b]/g, "'")
      .replace(
        /(\s-[A-Za-z]\w*?)(\d+)(?=[\s:])/g,
        (_, name: string, digits: string) => name + "x".repeat(digits.length),
      )
      .replace(/(?<![\w$.-])(\d[\d.]*)[kmgtp]b\b/gi, (_, size: string) => `${size}00`),
  );
}

class Reader {
  private readonly uses: CmdletUse[] = [];
  private readonly blindSpots: BlindSpot[] = [];
  /** Functions that the script defines: they stand before cmdlets of the same name. */
  private readonly own: ReadonlySet<string>;
  /** What `-Prefix` of a connection puts before each noun. */
  private readonly prefix: string;
  /** Keys of hashtables by the variable that each is assigned to; `undefined` where not all are known. */
  private readonly tables: ReadonlyMap<string, readonly string[] | undefined>;

  constructor(
    private readonly file: string,
    private readonly source: string,
    private readonly root: Node,
  ) {
    this.own = new Set(
      this.nodes("function_statement").map(
        (node) =>
          node.namedChildren.find((one) => one?.type === "function_name")?.text.toLowerCase() ?? "",
      ),
    );
    this.prefix =
      this.nodes("command")
        .filter((node) => /^connect-(exchangeonline|ippssession)$/i.test(commandName(node) ?? ""))
        .map((node) => /-prefix[\s:]+['"]?(\w+)/i.exec(node.text)?.[1])
        .find((one) => one !== undefined) ?? "";
    this.tables = tablesIn(this.nodes("assignment_expression"));
  }

  read(): ScriptReading {
    for (const node of this.nodes("command")) {
      this.readCommand(node);
    }
    for (const node of this.root.descendantsOfType([
      "string_literal",
      "expandable_string_literal",
      "verbatim_string_characters",
      "generic_token",
    ])) {
      if (node !== null) {
        this.readText(node);
      }
    }
    const errors = errorsIn(this.root);
    errors.forEach((node) => this.blind(node, "what stands here could not be read"));
    if (errors.length > 0) {
      this.readNames();
    }
    return { uses: this.uses, blindSpots: this.blindSpots };
  }

  private readCommand(node: Node): void {
    const name = commandName(node);
    if (name === undefined) {
      this.blind(node, `the command is in a variable: ${firstLine(node.text)}`);
      return;
    }
    if (/^(invoke-expression|iex)$/i.test(name)) {
      this.blind(node, "Invoke-Expression runs text");
      return;
    }
    if (/\/|^\.+\\|\.ps1$/i.test(name)) {
      this.blind(node, `another script runs, ${name}: give it too`);
      return;
    }
    const cmdlet = this.own.has(name.toLowerCase()) ? undefined : this.find(name);
    if (cmdlet !== undefined) {
      this.use(node, cmdlet, this.parametersOf(node, cmdlet));
    }
  }

  private find(name: string): CatalogCmdlet | undefined {
    const bare = name.replace(/`/g, "").replace(/^.*\\/, "");
    const [verb = "", noun = ""] = bare.split("-");
    const prefix = this.prefix.toLowerCase();
    return prefix !== "" && noun.toLowerCase().startsWith(prefix)
      ? (findCmdlet(`${verb}-${noun.slice(prefix.length)}`) ?? findCmdlet(bare))
      : findCmdlet(bare);
  }

  private parametersOf(node: Node, cmdlet: CatalogCmdlet): { names: string[]; unsure?: string } {
    const names = new Set<string>();
    let unsure: string | undefined;
    let open = false;
    let position = 0;
    let last = node.startIndex;
    const positional = cmdlet.parameters
      .filter((one) => one.position !== undefined)
      .sort((one, other) => (one.position ?? 0) - (other.position ?? 0));
    for (const element of listElements(node)) {
      const isFurther = this.source.slice(last, element.startIndex).includes(",");
      last = element.endIndex;
      if (isFurther) {
        // It belongs to the list before it.
        continue;
      }
      if (element.type === "command_parameter") {
        const text = this.source.slice(element.startIndex, element.endIndex);
        const written = text.replace(/^[-\u2013\u2014]/, "").replace(/:.*$/s, "");
        const parameter = findParameter(cmdlet, written);
        if (parameter !== undefined) {
          names.add(parameter.name);
        }
        open = parameter?.isSwitch === false && !/:\s*\S/.test(text);
      } else if (/^@\w+/.test(element.text)) {
        const keys = this.tables.get(element.text.slice(1).toLowerCase());
        keys?.forEach((key) => names.add(findParameter(cmdlet, key)?.name ?? key));
        unsure ??= keys === undefined ? `its parameters are in ${element.text}` : undefined;
        open = false;
      } else if (open) {
        open = false;
      } else {
        const parameter = positional[position];
        position += 1;
        if (parameter !== undefined) {
          names.add(parameter.name);
        }
      }
    }
    const known = [...names].filter((name) => findParameter(cmdlet, name) !== undefined);
    return { names: known.sort(), ...(unsure === undefined ? {} : { unsure }) };
  }

  /** Names that stand where the grammar has lost its way: a call there may not be known for one. */
  private readNames(): void {
    const seen = new Set(this.uses.map(({ line, cmdlet }) => `${line} ${cmdlet}`));
    withoutTexts(readable(this.source))
      .split("\n")
      .forEach((text, row) => {
        for (const [name] of text.matchAll(/(?<![\w$.-])[A-Za-z]+-[A-Za-z]\w*(?![\w-])/g)) {
          const cmdlet = this.own.has(name.toLowerCase()) ? undefined : this.find(name);
          if (cmdlet !== undefined && !seen.has(`${row + 1} ${cmdlet.name}`)) {
            this.uses.push(possibleUse(this.file, row + 1, cmdlet));
          }
        }
      });
  }

  /** A text that is a cmdlet's name: a wrapper may run it. */
  private readText(node: Node): void {
    const bare = node.text.replace(/^['"]|['"]$/g, "");
    const cmdlet = /^[A-Za-z]+-[A-Za-z0-9]+$/.test(bare) ? findCmdlet(bare) : undefined;
    const stands = isName(node);
    if (cmdlet !== undefined && !stands) {
      this.use(node, cmdlet, { names: [], unsure: "its name stands in a text" });
    }
  }

  private use(
    node: Node,
    cmdlet: CatalogCmdlet,
    { names, unsure }: { names: string[]; unsure?: string },
  ): void {
    const line = node.startPosition.row + 1;
    const known = this.uses.some((one) => one.line === line && one.cmdlet === cmdlet.name);
    if (known && unsure !== undefined && names.length === 0) {
      return;
    }
    this.uses.push({
      file: this.file,
      line,
      cmdlet: cmdlet.name,
      workloads: cmdlet.workloads,
      parameters: names,
      grade: unsure === undefined ? "certain" : "possible",
      ...(unsure === undefined ? {} : { why: unsure }),
    });
  }

  private blind(node: Node, what: string): void {
    this.blindSpots.push({ file: this.file, line: node.startPosition.row + 1, what });
  }

  private nodes(type: string): Node[] {
    return this.root.descendantsOfType(type).filter((node): node is Node => node !== null);
  }
}

function possibleUse(file: string, line: number, cmdlet: CatalogCmdlet): CmdletUse {
  const { name, workloads } = cmdlet;
  const why = "what stands around it could not be read";
  return { file, line, cmdlet: name, workloads, parameters: [], grade: "possible", why };
}

/** The name that a command is called by; `undefined` where it is not written down. */
function commandName(node: Node): string | undefined {
  const named = node.childForFieldName("command_name");
  if (named === null) {
    return undefined;
  }
  const text = named.text.replace(/^(['"])(.*)\1$/s, "$2");
  return text.includes("$") || text.startsWith("{") || text.startsWith("(") ? undefined : text;
}

/** Whether a text is the name of the command that it stands in. */
function isName(node: Node): boolean {
  for (let at: Node | null = node; at !== null && at.type !== "command_elements"; at = at.parent) {
    if (at.type.startsWith("command_name")) {
      return true;
    }
  }
  return false;
}

function listElements(command: Node): Node[] {
  return command.children
    .filter((one): one is Node => one?.type === "command_elements")
    .flatMap((one) => one.children)
    .filter((one): one is Node => one !== null && one.type !== "command_argument_sep");
}

/** Keys of the hashtables that are assigned to variables. One that is changed afterwards is not known. */
function tablesIn(assignments: readonly Node[]): Map<string, readonly string[] | undefined> {
  const tables = new Map<string, readonly string[] | undefined>();
  for (const { text } of assignments) {
    const [, name = "", rest = "", value = ""] =
      /^\$(?:\w+:)?(\w+)([.[][^=]*)?\s*\+?=\s*([\s\S]*)$/.exec(text) ?? [];
    const key = name.toLowerCase();
    if (key === "") {
      continue;
    }
    const added = /^\.(\w+)\s*$|^\[['"](\w+)['"]\]\s*$/.exec(rest);
    const before = tables.get(key);
    if (added !== null) {
      tables.set(key, before && [...before, added[1] ?? added[2] ?? ""]);
    } else {
      tables.set(key, rest === "" && !tables.has(key) ? hashtableKeys(value) : undefined);
    }
  }
  return tables;
}

function hashtableKeys(value: string): string[] | undefined {
  const inner = /^@\{([\s\S]*)\}$/.exec(value.trim())?.[1];
  if (inner === undefined || /@\{/.test(inner)) {
    return undefined;
  }
  return inner
    .split(/[\r\n;]+/)
    .map((entry) => /^\s*['"]?(\w+)['"]?\s*=/.exec(entry)?.[1])
    .filter((key): key is string => key !== undefined);
}

function errorsIn(root: Node): Node[] {
  const found: Node[] = [];
  const visit = (node: Node) => {
    if (node.isError && isOnlyComment(node)) {
      return;
    }
    if (node.isError || node.isMissing) {
      found.push(node);
    } else if (node.hasError) {
      node.children.forEach((child) => child && visit(child));
    }
  };
  visit(root);
  return found;
}

/** The grammar takes a script of nothing but comments for none. */
function isOnlyComment(node: Node): boolean {
  const rest = node.namedChildren.reduce(
    (text, child) => (child?.type === "comment" ? text.replace(child.text, "") : text),
    node.text,
  );
  return rest.trim() === "";
}

function firstLine(text: string): string {
  return text.split(/\r?\n/)[0]?.slice(0, 60) ?? "";
}
