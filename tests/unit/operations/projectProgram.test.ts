/** Which projects have this package's program, and are operated by it, and which are refused. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findProject } from "../../../operations/project";
import { requireOwnProgram } from "../../../operations/projectProgram";

const root = join(__dirname, "../../..");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-program-"));
  write("Pulumi.yaml", "name: access\nruntime: nodejs\n");
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const judge = () => requireOwnProgram(findProject(folder));

/** The folders that the program is built of. */
function copyProgram(): void {
  for (const name of [
    "access",
    "components",
    "microsoft",
    "policy",
    "system",
    "index.ts",
    "package.json",
  ]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
}

test("the package's own folder, a folder of settings only, and a main that leads to it are taken", () => {
  expect(() => requireOwnProgram(findProject(root))).not.toThrow();
  expect(judge).not.toThrow();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/apponly"));
  for (const main of ["node_modules/apponly", root, join(root, "program.js")]) {
    write("Pulumi.yaml", `name: access\nruntime: nodejs\nmain: ${JSON.stringify(main)}\n`);
    expect(judge).not.toThrow();
  }
  write("elsewhere/index.js", "console.log(process.env);\n");
  const other = join(folder, "elsewhere");
  write("Pulumi.yaml", `name: access\nruntime: nodejs\nmain: ${JSON.stringify(other)}\n`);
  expect(judge).toThrow(/runs .*elsewhere\/index\.js, and not the program of this command/);
});

test("a copy is taken as long as each of its files is the same", () => {
  copyProgram();
  expect(judge).not.toThrow();
  const deep = "components/catalog/providerIds.ts";
  write(deep, `import "../../evil";\nexport const applicationObjectIdIn = () => undefined;\n`);
  expect(judge).toThrow(/runs .*index\.ts, and not the program of this command/);
});

test("a copy that loads a file more is not the same", () => {
  copyProgram();
  // Node finds it before the TypeScript file of the same name.
  write("components/exchangeAppOnly.js", "module.exports = {};\n");
  expect(judge).toThrow("not the program of this command");
});

test.each([
  'module.exports = require("apponly");\n',
  '"use strict";\nmodule.exports = require("apponly");',
  '// The program of the package.\nexport { program } from "apponly";\n',
  "export * from 'apponly/program';\n",
  'import { program } from "apponly";\n\nexport = program;\n',
  'import { program } from "apponly";\nexport default program;\n',
])("a module that hands on the package's program is taken: %s", (text) => {
  write("index.ts", text);
  expect(judge).not.toThrow();
  write(
    "package-lock.json",
    JSON.stringify({ packages: { "node_modules/apponly": { version: "99.0.0" } } }),
  );
  expect(judge).toThrow("not the program of this command");
});

test.each([
  'import * as azuread from "@pulumi/azuread";\nnew azuread.DirectoryRoleAssignment("backdoor", {});\n',
  'console.log(process.env);\nmodule.exports = require("apponly");\n',
  'module.exports = require("apponly");\nrequire("./backdoor");\n',
  'module.exports = require("apponly-evil");\n',
  'module.exports = require("./apponly");\n',
  'export { program } from "apponly"; import "./backdoor";\n',
  "",
])("any other program is refused with what to do instead: %s", (text) => {
  write("index.ts", text);
  expect(judge).toThrow(
    /Use pulumi itself.*pulumi preview --stack NAME --json > preview\.json.*apponly review --stack NAME --from preview\.json$/,
  );
});

test.each([
  ["index.js", {}, "index.js"],
  ["lib/program.js", { main: "lib/program.js" }, "lib/program.js"],
  ["lib/index.ts", { main: "lib" }, "lib/index.ts"],
])("the program is found as Node finds it: %s", (file, manifest, found) => {
  write(file, "module.exports = {};\n");
  write("package.json", JSON.stringify(manifest));
  expect(judge).toThrow(`runs ${join(folder, found)}, and not`);
});

test("an installed package of another version is another program", () => {
  write("index.ts", 'module.exports = require("apponly");\n');
  write(
    "node_modules/apponly/package.json",
    JSON.stringify({ name: "apponly", version: "99.0.0" }),
  );
  expect(judge).toThrow("not the program of this command");
});

test.each([
  ["runtime: python", 'a program in the language "python"'],
  ["runtime: { name: yaml }", 'a program in the language "yaml"'],
  ["runtime: nodejs\nmain: nowhere", "nowhere, where no program is"],
])("what runs in another language, or nowhere, is refused: %s", (line, said) => {
  write("Pulumi.yaml", `name: access\n${line}\n`);
  expect(judge).toThrow(`runs ${said}, and not the program`);
});
