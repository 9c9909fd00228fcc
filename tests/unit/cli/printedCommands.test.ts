/**
 * Every command of ours that a source tells people to type is one that there is, with options that it
 * has, each with the value that it takes. Commands of Pulumi are checked for what its pages list.
 */
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { commandLine, commandNames } from "../../../cli/command";
import { type PrintingLine, printingLines } from "../../support/printingSources";
import { recordingIo } from "../../support/recordingIo";

/** What a page of Pulumi lists for each of its commands. @see https://www.pulumi.com/docs/iac/cli/commands/ */
const ofPulumi: Readonly<Record<string, readonly string[]>> = {
  cancel: ["--stack", "--yes"],
  "config set": ["--path", "--plaintext", "--secret", "--stack", "--type"],
  destroy: ["--preview-only", "--stack"],
  "env init": ["--file"],
  import: ["--file"],
  login: [],
  "plugin install": [],
  preview: ["--diff", "--json", "--refresh", "--stack"],
  refresh: ["--stack"],
  "stack init": ["--secrets-provider"],
  "stack rm": [],
  "stack select": ["--create"],
  "state delete": [],
  up: ["--refresh", "--stack", "-s"],
};

/** A text of a source in which a command stands: what follows its name. */
interface Printed {
  readonly where: string;
  readonly program: "apponly" | "pulumi";
  readonly words: readonly string[];
  /** Whether it stands for itself, and not as the name of a command in a sentence. */
  readonly isWhole: boolean;
}

/** Where a value is put in, or a variable of a shell, a word of it; its own text is not known here. */
const filled = (text: string) =>
  text
    .replaceAll("\\`", "`")
    .replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "filled")
    .replace(/"\$[^"]*"/g, "filled");

/** Up to where a command goes on: the end of a text, a mark of a sentence, a sign of the shell. */
const ends = /["`]|(?<=\S)[.,;:)](?:\s|["`]|\\n|$)|'(?:[,;)]|\s*$)|\s[(#>|&]|\s{2,}|\\n/;

function printedIn({ file, number, text: line }: PrintingLine): Printed[] {
  // A pattern that looks for a command in a text.
  if (/apponly [^"`']*\.\*/.test(line)) {
    return [];
  }
  const text = filled(line);
  return [...text.matchAll(/(^|[^\w./-])(apponly|pulumi) (?=[a-z])/g)].map((match) => {
    const [all, front = "", program = ""] = match;
    const rest = text.slice(match.index + all.length);
    const command = rest.slice(0, ends.exec(rest)?.index);
    return {
      where: `${file}:${number}: ${program} ${command}`,
      program: program as Printed["program"],
      words: wordsIn(command),
      isWhole: front === "`" || /(: | {2})$/.test(text.slice(0, match.index + front.length)),
    };
  });
}

const wordsIn = (text: string) =>
  [...text.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare = ""]) => quoted ?? bare);

/** What is wrong with a command of ours, or nothing. */
function faultOfOwn({ words: [name = "", ...rest], isWhole }: Printed): string | undefined {
  // A person comments so on a review, for the review itself to read.
  if (["filled", "accept"].includes(name)) {
    return undefined;
  }
  if (!commandNames.includes(name)) {
    return isWhole ? "is not a command" : undefined;
  }
  const program = commandLine([name], recordingIo());
  const command = program.commands.find((one) => one.name() === name) as CommandUnknownOpts;
  const options = [...command.options, ...program.options];
  const args = [...rest];
  while (args[0]?.startsWith("-") === true && args[0] !== "--") {
    const [given = "", value] = (args.shift() ?? "").split("=");
    const option = options.find(({ long, short }) => [long, short].includes(given));
    if (option === undefined) {
      return `has no option ${given}`;
    }
    if (option.required && value === undefined) {
      const taken = args.shift();
      if (taken === undefined || taken.startsWith("-")) {
        return `lacks the value of ${given}`;
      }
      if (option.argChoices?.includes(taken) === false && !/^(filled|[A-Z]+)$/.test(taken)) {
        return `has no choice ${taken} of ${given}`;
      }
    }
  }
  if (args[0] === "filled") {
    return undefined;
  }
  const lacking = command.options.find(
    ({ mandatory, long, short }) => mandatory && !rest.some((one) => [long, short].includes(one)),
  );
  if (isWhole && lacking !== undefined) {
    return `lacks ${lacking.long}`;
  }
  const isTooLong = args.length > 0 && command.registeredArguments.length === 0;
  return isWhole && isTooLong ? `takes no ${args.join(" ")}` : undefined;
}

/** The same of one of Pulumi's. */
function faultOfPulumi({ words, isWhole }: Printed): string | undefined {
  const name = [words.slice(0, 2).join(" "), words[0] ?? ""].find((one) => one in ofPulumi);
  if (name === undefined) {
    return isWhole ? "is not a command" : undefined;
  }
  const wrong = words.find((one) => one.startsWith("-") && !ofPulumi[name]?.includes(one));
  return wrong === undefined ? undefined : `has no option ${wrong}`;
}

const faultOf = (printed: Printed) =>
  printed.program === "apponly" ? faultOfOwn(printed) : faultOfPulumi(printed);

const all = printingLines.flatMap(printedIn);

test("every command that a text names is there, and can be typed as it stands", () => {
  const wrong = all.flatMap((printed) => {
    const fault = faultOf(printed);
    return fault === undefined ? [] : [`${printed.where}: ${fault}`];
  });
  expect(wrong).toEqual([]);
  expect(all.length).toBeGreaterThan(200);
  expect(all.filter(({ isWhole }) => isWhole).length).toBeGreaterThan(100);
});

/** What is printed and not a sentence, and why. */
const notSentences: Readonly<Record<string, string>> = {
  "cli/typedCommands.ts": "patterns that find commands",
  "toolchain/inspect.ts": "the path of a program",
  "access/pipelines/fleet/gitlab.ts": "the words of a command, each a text",
};

/**
 * A command whose end runs into a mark of the sentence: who copies the line, or the words up to the blank,
 * copies the mark as well.
 */
function runsOn(text: string): string | undefined {
  const line = text.replace(/\$\{\w*[cC]ommand\w*\([^)]*\)\}/g, "apponly up");
  return runOnCommand.exec(filled(line))?.[0];
}

const named = [
  ...commandNames.map((name) => `apponly ${name}`),
  ...Object.keys(ofPulumi).map((name) => `pulumi ${name}`),
  "az ad \\w+ \\w+",
  "az (?:rest|login|keyvault \\w+ \\w+|cloud \\w+)",
  "npm (?:run [\\w-]+|test|ci|install)",
  "git rm",
  "gh api",
];
/** What follows a command's name and is not prose: options with their values, places, paths, quoted words. */
const argument =
  "--?[\\w-]+(?:[ =](?:filled|'[^']*'|[\\w/-]+(?:\\.\\w+)*))?|filled|[A-Z][A-Z-]*|'[^']*'|[\\w-]*[/:][\\w/:-]*(?:\\.\\w+)*";
const runOnCommand = new RegExp(
  `(?<![\\w./\`-])(?:${named.join("|")})(?![\\w-])(?: (?:${argument}))*[.,;:)](?=[\\s"'\`\\\\]|$)`,
);

test("a command is the last of its text without a full stop, or stands in backticks", () => {
  const wrong = printingLines
    .filter(({ file }) => !(file in notSentences))
    .flatMap(({ file, number, text }) => {
      const found = runsOn(text);
      return found === undefined ? [] : [`${file}:${number}: ${found}`];
    });
  expect(wrong).toEqual([]);
});

test.each([
  ["Rotate it: apponly rotate.", "apponly rotate."],
  ["Look: apponly up --stack ${stack}. Then", "apponly up --stack filled."],
  ["Restore it: apponly drift --restore, or wait", "apponly drift --restore,"],
  ["(see apponly doctor)", "apponly doctor)"],
  ["Set it: pulumi config set --path 'apponly:a[0]' VALUE.", "VALUE."],
  ["Remove it: az ad app delete --id ${id}.", "az ad app delete --id filled."],
  ["Update it: ${updateCommand(stack)}.", "apponly up."],
  ["Take it: apponly verify --pfx a/b.pfx.", "a/b.pfx."],
  ["Rotate it: apponly rotate --stack dev", undefined],
  ["Either `apponly up --refresh`, or", undefined],
  ["Take it: apponly verify --pfx a/b.pfx", undefined],
  ["a key that apponly knows.", undefined],
  ["what apponly rotate removes, apponly knows", undefined],
])("whoever copies %s gets the command", (text, found) => {
  const mark = runsOn(text);
  expect(found === undefined ? mark : mark?.endsWith(found)).toBe(found && true);
});

test.each([
  ["Rotate it: apponly rotat --stack dev", "is not a command"],
  ["Look: apponly verify --stak dev", "has no option --stak"],
  ["apponly certificates --fail-within", "lacks the value of --fail-within"],
  ["The script: apponly export --stack dev", "lacks --format"],
  ["`apponly export --format yaml`", "has no choice yaml of --format"],
  ["Then: apponly rotate dev", "takes no dev"],
  ["Then: pulumi refresh --stak dev", "has no option --stak"],
  ["Then: pulumi refrsh", "is not a command"],
  ["Whatever apponly rotate removes, apponly knows", undefined],
])("%s: %s", (line, fault) => {
  const printed = printedIn({ file: "file", number: 1, text: line });
  expect(printed.map(faultOf).find(Boolean)).toBe(fault);
});

test("no text has two commands in one line, for which every shell has another sign", () => {
  const program = "(?:npx )?(?:apponly|pulumi|npm|az|git|gh) ";
  const two = new RegExp(`(?<![\\w./-])${program}[^"'\`]*(?:&&|;) ?${program}`);
  const wrong = printingLines
    // Pipelines run on the shell that they name.
    .filter(({ file, text }) => !file.startsWith("access/pipelines/") && two.test(text))
    .map(({ file, number, text }) => `${file}:${number}: ${text.trim()}`);
  expect(wrong).toEqual([]);
  expect(two.test("  pulumi stack select dev --create && pulumi up -s dev")).toBe(true);
});
