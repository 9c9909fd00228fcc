/** Every command has tests of its own in milliseconds, beside its journeys. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { commandNames } from "../../../../cli/command";

/** Files that test a command: one of its name, or a folder of it. */
function testsOf(name: string): string[] {
  const own = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const folder = join(__dirname, own);
  return existsSync(folder)
    ? readdirSync(folder).filter((file) => file.endsWith(".test.ts"))
    : [`${own}.test.ts`].filter((file) => existsSync(join(__dirname, file)));
}

test.each(commandNames)("%s has unit tests", (name) => {
  expect(testsOf(name)).not.toEqual([]);
});
