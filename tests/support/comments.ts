import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(__dirname, "../fixtures/comments");
const root = join(__dirname, "../..");

/** The simulated tenant's address, as Markdown has it, with a port that differs from run to run. */
const loopbackPort = /(127&#46;0&#46;0&#46;1<!-- -->&#58;<!-- -->)\d+/g;

/**
 * Compares a comment, to the last character, with a file in `tests/fixtures/comments`.
 *
 * @param values What differs from run to run, by the name that stands for it in the file as `{{name}}`.
 */
export function expectComment(
  actual: string | undefined,
  name: string,
  values: Readonly<Record<string, string>> = {},
): void {
  const file = join(folder, `${name}.md`);
  let text = withoutStandIns(actual ?? "").replace(loopbackPort, "$1{{port}}");
  for (const [key, value] of Object.entries(values)) {
    text = text.replaceAll(value, `{{${key}}}`);
  }
  text = text.replace(/^apponly accept [0-9a-f]{40}$/m, "apponly accept {{fingerprint}}");
  // `APPONLY_WRITE_COMMENTS=1` writes the files anew, to be read before they are committed.
  if (process.env.APPONLY_WRITE_COMMENTS === "1") {
    writeFileSync(file, text);
  }
  expect({ name, text }).toEqual({
    name,
    text: existsSync(file) ? readFileSync(file, "utf8") : undefined,
  });
}

/**
 * The engine warns of each stand-in plugin it takes from PATH, in the order in which they start; the
 * official plugins bring no such warning. Their lines are sorted and hold no path of this machine.
 */
function withoutStandIns(text: string): string {
  const line = /^- using pulumi-resource-.*$/gm;
  const sorted = [...text.matchAll(line)]
    .map(([found]) => found.replaceAll(root, "{{root}}"))
    .sort();
  return text.replace(line, () => sorted.shift() ?? "");
}
