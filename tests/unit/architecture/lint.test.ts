/**
 * What the linter is there to find, as `npm run lint` checks it in the tree: each of the project's
 * own rules refuses a line that breaks it, and lets the same line pass where it is allowed.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, TemporaryTree } from "./temporaryTree";

interface LintReport {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
}

const output = 'import { output } from "@pulumi/pulumi";\nconst value = output("a");\n';
const lines: readonly { file: string; text: string; code?: string }[] = [
  {
    file: "components/now.ts",
    text: "export const at = new Date();\n",
    code: "surroundings(take-what-you-need)",
  },
  { file: "components/told.ts", text: "export const at = new Date(0);\n" },
  { file: "components/resolve.ts", text: "export const at = new Date();\n" },
  {
    file: "policy/rules/now.ts",
    text: "export const at = Date.now();\n",
    code: "surroundings(take-what-you-need)",
  },
  {
    file: "components/platform.ts",
    text: "export const at = process.platform;\n",
    code: "surroundings(take-what-you-need)",
  },
  {
    file: "system/exits.ts",
    text: "process.exit(1);\nexport const a = 1;\n",
    code: "eslint(no-restricted-properties)",
  },
  { file: "cli/exits.ts", text: "process.exit(1);\nexport const a = 1;\n" },
  { file: "system/standard.ts", text: "export default 1;\n", code: "import(no-default-export)" },
  {
    file: "system/prints.ts",
    text: 'console.log("a");\nexport const a = 1;\n',
    code: "eslint(no-console)",
  },
  {
    file: "components/text.ts",
    text: `${output}export const text = \`a\${value}\`;\n`,
    code: "typescript(restrict-template-expressions)",
  },
  {
    file: "components/sum.ts",
    text: `${output}export const text = "a" + value;\n`,
    code: "typescript(restrict-plus-operands)",
  },
  {
    file: "cli/readsYaml.ts",
    text: 'import { parse } from "yaml";\nexport const a: unknown = parse("");\n',
    code: "eslint(no-restricted-imports)",
  },
  {
    file: "operations/readsYamlWhole.ts",
    text: 'import * as yaml from "yaml";\nexport const a: unknown = yaml.parse("");\n',
    code: "eslint(no-restricted-imports)",
  },
  {
    file: "forge/readsYamlAside.ts",
    text: 'import { parseDocument as read } from "yaml";\nexport const a = read("");\n',
    code: "eslint(no-restricted-imports)",
  },
  {
    file: "operations/pulumiYaml.ts",
    text: 'import { parse } from "yaml";\nexport const a: unknown = parse("");\n',
  },
  {
    file: "operations/writesYaml.ts",
    text: 'import { stringify } from "yaml";\nexport const a = stringify("");\n',
  },
  {
    file: "system/floats.ts",
    text: "export const go = () => {\n  Promise.resolve(1);\n};\n",
    code: "typescript(no-floating-promises)",
  },
  {
    file: "tests/floats.ts",
    text: "export const go = () => {\n  Promise.resolve(1);\n};\n",
    code: "typescript(no-floating-promises)",
  },
  {
    file: "system/loose.ts",
    text: 'export const a: string = JSON.parse("1");\n',
    code: "typescript(no-unsafe-assignment)",
  },
  {
    file: "system/wrong.ts",
    text: 'export const a: number = "1";\n',
    code: "typescript(TS2322)",
  },
  { file: "tests/loose.ts", text: 'export const a: string = JSON.parse("1");\n' },
];

/** Each start of the linter takes as long as all of its work, so that all tests share one tree. */
const tree = new TemporaryTree();
const codes = new Map<string, string[]>();

beforeAll(() => {
  for (const file of ["tsconfig.json", ".oxlintrc.json", "bin/lint/surroundings.mjs"]) {
    tree.write(file, readFileSync(join(root, file), "utf8"));
  }
  for (const { file, text } of lines) {
    tree.write(file, text);
  }
  const linter = join(dirname(require.resolve("oxlint/package.json")), "bin/oxlint");
  const { stdout, stderr } = spawnSync(process.execPath, [linter, "--format", "json", "."], {
    cwd: tree.folder,
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  for (const { filename, code } of (JSON.parse(stdout) as LintReport).diagnostics) {
    codes.set(filename, [...(codes.get(filename) ?? []), code]);
  }
});

afterAll(() => tree.remove());

it.each(lines)("judges $file by what is allowed there", ({ file, code }) => {
  const found = codes.get(file) ?? [];
  expect(code === undefined ? found : found.filter((one) => one === code)).toEqual(
    code === undefined ? [] : [code],
  );
});
