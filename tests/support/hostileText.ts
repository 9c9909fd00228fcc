import fc from "fast-check";
import { anyText } from "./anyText";

/** Seed of every test that attacks with texts. */
export const hostileSeed = 20261125;

/** Texts of which many begin a command, wherever a runner looks for one. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."##vso[|##[|::|::error::x|::set-output name=a::b|##VSO[task.setvariable variable=PATH]evil".split(
          "|",
        ),
        ..."\n|\r|\r\n|\u0085|\u2028|\u2029|\u000b|\f| |\t|\u00a0|\ufeff|#|:|\u200b|\u202e".split(
          "|",
        ),
        "\u001b[31m",
        "\u001b]8;;https://evil.example\u0007",
        "\u009b2J",
        "\u001b[8m",
      ),
      anyText({ maxLength: 6 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

/** What GitHub's and Azure's runners do with a line: they trim it as .NET does. */
function commandsIn(output: string): string[] {
  return output.split(/\r\n|\r|\n/).filter((line) => {
    const trimmed = line.replace(/^[\s\u0085]+/, "");
    return trimmed.startsWith("::") || line.includes("##[") || /##vso\[/i.test(line);
  });
}

/** Expects that neither a runner nor a terminal acts on an output. */
export function expectHarmless(output: string): void {
  const acting = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.exec(output)?.[0];
  const commands = commandsIn(output);
  if (acting !== undefined || commands.length > 0) {
    expect([acting, commands]).toEqual([undefined, []]);
  }
}
