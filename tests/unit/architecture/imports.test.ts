/**
 * Who may import whom, as `npm run imports` checks it in the tree: each of its rules finds what it
 * is there to find, in a tree of a few files that is made for it, and nothing else.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, TemporaryTree } from "./temporaryTree";

const bin = join(root, "node_modules/dependency-cruiser", "bin/dependency-cruiser.mjs");

interface Cruise {
  readonly summary: {
    readonly violations: { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

/** Checks the imports of a folder by the project's rules. */
function cruise(folder: string): Cruise {
  const config = join(root, ".dependency-cruiser.mjs");
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [bin, "--config", config, "--output-type", "json", "."],
    { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Cruise;
}

/** Each start of the check takes as long as all of its work, so that all tests share one tree. */
const tree = new TemporaryTree();
/** The rules that each file breaks. */
const rules: Record<string, string[]> = {};

const against = [
  ["system", "components/catalog/clouds"],
  ["policy/rules", "policy/crossguard/policyOf"],
  ["policy/rules", "system/guid"],
  ["policy", "components/catalog/clouds"],
  ["policy", "system/guid"],
  ["components/catalog", "components/subject"],
  ["components/material", "components/pkcs12/readPfx"],
  ["components/pkcs12", "components/subject"],
  ["components", "microsoft/tokens"],
  ["components", "policy/crossguard/policyOf"],
  ["microsoft", "components/subject"],
  ["microsoft", "simulator/simulator"],
  ["microsoft", "review/gate"],
  ["review", "microsoft/tokens"],
  ["review", "components/subject"],
  ["review", "policy/crossguard/policyOf"],
  ["access", "review/gate"],
  ["access", "operations/stack"],
  ["forge", "operations/stack"],
  ["operations", "forge/marker"],
  ["operations", "cli/project"],
  ["operations", "simulator/simulator"],
  ["toolchain", "components/catalog/clouds"],
  ["toolchain/standIns", "simulator/simulator"],
  ["simulator", "components/catalog/clouds"],
  ["simulator", "system/guid"],
  ["simulator", "toolchain/standIns/main"],
  ["cli", "tests/support"],
  ["somewhereNew", "system/guid"],
] as const;

const along = [
  ["policy", "policy/rules/rule"],
  ["components/catalog", "policy/rules/rule"],
  ["components", "components/catalog/clouds"],
  ["microsoft", "components/catalog/clouds"],
  ["microsoft", "components/pkcs12/readPfx"],
  ["microsoft", "system/guid"],
  ["review", "policy/rules/rule"],
  ["access", "microsoft/tokens"],
  ["access", "components/subject"],
  ["forge", "review/gate"],
  ["operations", "review/gate"],
  ["operations", "toolchain/versions"],
  ["cli", "simulator/simulator"],
  ["cli", "operations/stack"],
  ["tests/unit", "simulator/simulator"],
] as const;

/** Writes a file in each place that imports another one. */
function writeImporting(cases: readonly (readonly [string, string])[], name: string): string[] {
  return cases.map(([place, imported], index) => {
    const file = `${place}/${name}${index}.ts`;
    const up = "../".repeat(place.split("/").length);
    tree.write(`${imported}.ts`, "export const value = 1;\n");
    tree.write(file, `import { value } from "${up}${imported}";\nvalue;\n`);
    return file;
  });
}

const againstArrows = writeImporting(against, "against");
writeImporting(along, "along");

const others = {
  "cli/one.ts": 'import type { Two } from "./two";\nexport interface One { two: Two }\n',
  "cli/two.ts": 'import type { One } from "./one";\nexport interface Two { one: One }\n',
  "cli/value.ts": "export const value = 1;\n",
  "cli/index.ts": 'export { value } from "./value";\n',
  "components/index.ts": 'export { value } from "./subject";\n',
  "cli/main.ts": 'import { value } from "../components/index";\nvalue;\n',
  "cli/declared.ts": 'import { z } from "zod";\nz;\n',
  "cli/undeclared.ts": 'import { parse } from "yaml";\nparse;\n',
  "cli/development.ts": 'import ajv from "ajv";\najv;\n',
  "tests/development.ts": 'import ajv from "ajv";\najv;\n',
  "system/declared.ts": 'import { z } from "zod";\nz;\n',
  "components/reads.ts": 'import { readFileSync } from "node:fs";\nreadFileSync;\n',
  "components/computes.ts": 'import { createHash } from "node:crypto";\ncreateHash;\n',
};

beforeAll(() => {
  for (const [file, text] of Object.entries(others)) {
    tree.write(file, text);
  }
  for (const { from, rule } of cruise(tree.folder).summary.violations) {
    (rules[from] ??= []).push(rule.name);
  }
});

afterAll(() => {
  tree.remove();
});

/** The rules that some of the files break. */
function broken(...files: readonly (keyof typeof others)[]): Record<string, string[]> {
  return Object.fromEntries(files.flatMap((file) => (rules[file] ? [[file, rules[file]]] : [])));
}

test("an import against each arrow is found, and one along it is not", () => {
  const found = Object.keys(rules).filter((file) => !(file in others));
  expect(found.sort()).toEqual([...againstArrows].sort());
  expect(againstArrows.map((file) => rules[file])).toEqual(
    against.map(([place]) => [
      place === "somewhereNew" ? "folder-without-a-place" : `imports-of-${place}`,
    ]),
  );
});

test("a cycle is found, also where only types are imported", () => {
  expect(broken("cli/one.ts", "cli/two.ts")).toEqual({ "cli/one.ts": ["no-cycle"] });
});

test("a barrel is found, and an import through one that is published", () => {
  const files = ["cli/value.ts", "cli/index.ts", "components/index.ts", "cli/main.ts"] as const;
  expect(broken(...files)).toEqual({
    "cli/index.ts": ["no-barrel"],
    "cli/main.ts": ["no-import-through-a-barrel"],
  });
});

test("a package that is not declared is found, and one that is there only for development", () => {
  const undeclared = ["cli/declared.ts", "cli/undeclared.ts"] as const;
  const development = ["cli/development.ts", "tests/development.ts"] as const;
  expect(broken(...undeclared, ...development, "system/declared.ts")).toEqual({
    "cli/undeclared.ts": ["no-undeclared-package"],
    "cli/development.ts": ["no-development-package"],
    "system/declared.ts": ["system-is-only-node"],
  });
});

test("a component that reads a file is found, and one that computes is not", () => {
  expect(broken("components/reads.ts", "components/computes.ts")).toEqual({
    "components/reads.ts": ["components-read-nothing"],
  });
});
