/* oxlint-disable typescript/no-require-imports --
   Who presses a key waits for this: what only some words need is loaded for those. */
import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type * as errorTableModule from "../access/verify/errorTable";
import type * as rolesModule from "../components/catalog/directoryRoles";
import type * as projectModule from "../operations/project";

/** What a word may become, and what that means. */
type Candidate = readonly [text: string, description: string];

/** What options and arguments may be that only the project or a table knows. */
const dynamic: Readonly<Record<string, () => readonly string[]>> = {
  "--stack": stacksHere,
  "--except": stacksHere,
  "--role": () =>
    (require("../components/catalog/directoryRoles") as typeof rolesModule).directoryRoles.map(
      ({ name }) => name,
    ),
  explain: () => (require("../access/verify/errorTable") as typeof errorTableModule).diagnosisCodes,
};

/**
 * What the last word of a command line may become.
 *
 * @param given Words behind the command's name, the last one as far as it is typed.
 * @param parserOf Makes the parser, in which only the named command is loaded.
 * @returns A line for each candidate: text, tab, description. None: the shell offers files.
 */
export function completionsFor(
  given: readonly string[],
  parserOf: (line: readonly string[]) => CommandUnknownOpts,
): string {
  const words = typedWords(given);
  const current = words.pop() ?? "";
  enterNamedFolder(words);
  const program = parserOf(words);
  const { command, open, isLast } = positionAfter(words, program);
  const [, name = "", start] = /^(--[\w-]+)=(.*)$/.exec(current) ?? [];
  const inline =
    start === undefined ? undefined : visibleOptionsOf(command).find(({ long }) => long === name);
  const candidates =
    inline !== undefined
      ? candidatesOf(inline).map(([text, meaning]): Candidate => [`${name}=${text}`, meaning])
      : open !== undefined && !(open.variadic && current.startsWith("-"))
        ? candidatesOf(open)
        : isLast
          ? []
          : current.startsWith("-")
            ? namesOfOptions(command)
            : argumentsOf(command, program);
  return candidates
    .filter(([text]) => text.toLowerCase().startsWith(current.toLowerCase()))
    .map(([text, description]) => `${text}\t${description}\n`)
    .join("");
}

/** Where a line stands: in which command, in the value of which option, behind `--`. */
function positionAfter(words: readonly string[], program: CommandUnknownOpts) {
  let command = program;
  let open: Option | undefined;
  for (const word of words) {
    if (word === "--") {
      return { command, open: undefined, isLast: true };
    }
    const option = word.startsWith("-")
      ? visibleOptionsOf(command).find((one) => [one.long, one.short].includes(word.split("=")[0]))
      : undefined;
    if (word.startsWith("-")) {
      const takesValue = option?.required === true || option?.optional === true;
      open = takesValue && !word.includes("=") ? option : undefined;
    } else if (open !== undefined) {
      open = open.variadic ? open : undefined;
    } else if (command === program) {
      const isNamed = (one: CommandUnknownOpts) => [one.name(), one.alias()].includes(word);
      const named = program.createHelp().visibleCommands(program).find(isNamed);
      if (named === undefined) {
        return { command, open, isLast: true };
      }
      command = named;
    }
  }
  return { command, open, isLast: false };
}

/** Own options of a command, and those that every command has. */
function visibleOptionsOf(command: CommandUnknownOpts): Option[] {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
}

function namesOfOptions(command: CommandUnknownOpts): Candidate[] {
  return visibleOptionsOf(command).flatMap(({ long, description }) =>
    long ? [[long, description]] : [],
  );
}

function candidatesOf({ long = "", argChoices }: Option): Candidate[] {
  return (argChoices ?? dynamic[long ?? ""]?.() ?? []).map((text) => [text, ""]);
}

function argumentsOf(command: CommandUnknownOpts, program: CommandUnknownOpts): Candidate[] {
  if (command === program || command.name() === "help") {
    return program
      .createHelp()
      .visibleCommands(program)
      .map((one) => [one.name(), one.description()]);
  }
  const [argument] = command.registeredArguments;
  if (argument === undefined) {
    return namesOfOptions(command);
  }
  const values = argument.argChoices ?? dynamic[command.name()]?.() ?? [];
  return values.map((text) => [text, ""]);
}

/** The words as they will be given to the command, also where a shell hands them over as typed. */
function typedWords(given: readonly string[]): string[] {
  const words: string[] = [];
  given.forEach((word, at) => {
    // Bash takes `--stack=dev` for three words.
    if (word === "=") {
      if (at === given.length - 1) {
        words.push("");
      }
      return;
    }
    const quote = /^["']/.exec(word)?.[0];
    const bare = quote === undefined ? word : word.slice(1).replace(new RegExp(`${quote}$`), "");
    words.push(quote === "'" ? bare : bare.replace(/\\(.)/g, "$1"));
  });
  return words;
}

/** Stacks are those of the folder that the line names. */
function enterNamedFolder(words: readonly string[]): void {
  const at = words.findIndex((word) => word === "-C" || word === "--cwd");
  const folder = words[at + 1];
  if (at !== -1 && folder !== undefined) {
    try {
      process.chdir(folder);
    } catch {
      // The command will say so.
    }
  }
}

function stacksHere(): readonly string[] {
  const { findProject, stacksOf } = require("../operations/project") as typeof projectModule;
  try {
    return stacksOf(findProject());
  } catch {
    return [];
  }
}
