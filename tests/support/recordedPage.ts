import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A command of docs/how-to/try.md, and the lines that a terminal showed of it. */
interface RecordedCommand {
  readonly command: string;
  readonly lines: readonly string[];
}

/** Every recorded command of the page, in its order. */
function recordedCommands(): RecordedCommand[] {
  const page = readFileSync(join(__dirname, "../../docs/how-to/try.md"), "utf8");
  return [...page.matchAll(/^```sh\n([^`]+)^```\n\n^```text\n([^]*?)^```$/gm)].map(
    ([, command = "", text = ""]) => ({ command: command.trim(), lines: text.trim().split("\n") }),
  );
}

/**
 * Checks that a command still says what was recorded of it, apart from what is another each time. A
 * terminal breaks lines and hands commands over by npx; a log does neither.
 */
export function expectAsRecorded(command: string, output: string): void {
  const recorded = recordedCommands().find((one) => one.command === command);
  expect(recorded?.lines.length).toBeGreaterThan(3);
  const said = withoutChance(output);
  const missing = (recorded?.lines ?? [])
    // Only somebody at a terminal is asked, and told the way on.
    .filter((line) => !/\(yes or no\)|^Add the generation|^  Roll it out:/.test(line))
    .filter((line) => !said.includes(withoutChance(line).trim()));
  // Otherwise: npm run recording, and read it.
  expect(missing).toEqual([]);
}

/** Times, ids, dates and what is counted from today, and where lines end. */
function withoutChance(text: string): string {
  return text
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "ID")
    .replace(/\b[0-9A-F]{40}\b/g, "THUMBPRINT")
    .replace(/\b20\d\d-\d\d(-\d\d|b)?\b/g, "DATE")
    .replace(/\d+(\.\d+)? (s|min)\b( \d+ s\b)?/g, "TIME")
    .replace(/\d+ more days/g, "DAYS")
    .replace(/(Pulumi CLI|Plugins|Tenant) +TIME .*/g, "$1")
    .replace(/npx apponly/g, "apponly")
    .replace(/ --stack dev(?! --embedded)/g, " --stack dev --embedded")
    .replace(/ `$/gm, "")
    .replace(/\s+/g, " ");
}
