/**
 * Who may import whom, as the linter enforces it: one import against each arrow is found, one along
 * it is not. That the tree itself has none is what `npm run lint` says.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..", "..", "..");

/** Lints a text as if it were a file of the tree, by the rule for imports alone. */
const lintProgram = `
  import { ESLint } from "eslint";
  const eslint = new ESLint({
    ruleFilter: ({ ruleId }) => ruleId === "import-x/no-restricted-paths",
    overrideConfig: { languageOptions: { parserOptions: { project: null } } },
  });
  const found = [];
  for (const [filePath, text] of JSON.parse(process.argv[1])) {
    const [{ messages }] = await eslint.lintText(text, { filePath });
    found.push(messages.map(({ ruleId, message }) => ruleId ?? message));
  }
  process.stdout.write(JSON.stringify(found));
`;

function lint(cases: readonly (readonly [string, string])[]): string[][] {
  const files = cases.map(([file, imported]) => [file, `import "${imported}";\n`]);
  const output = execFileSync(
    process.execPath,
    ["--input-type=module", "--eval", lintProgram, JSON.stringify(files)],
    { cwd: root, encoding: "utf8" },
  );
  return JSON.parse(output) as string[][];
}

it("refuses an import against each arrow and lets one along it pass", () => {
  const against = [
    ["simulator/clock.ts", "../components"],
    ["simulator/clock.ts", "../access/tokens"],
    ["components/subject.ts", "../access/tokens"],
    ["components/catalog/clouds.ts", "../subject"],
    ["access/tokens.ts", "../simulator"],
    ["access/tokens.ts", "../review"],
    ["review/gate.ts", "../policy/policies"],
    ["review/gate.ts", "../operations/stack"],
    ["forge/marker.ts", "../access/tokens"],
    ["policy/rules/rule.ts", "../policies"],
    ["policy/rules/rule.ts", "../../components/catalog"],
    ["operations/stack.ts", "../cli/project"],
    ["toolchain/versions.ts", "../cli/project"],
    ["index.ts", "./operations/stack"],
  ] as const;
  const along = [
    ["cli/project.ts", "../simulator"],
    ["operations/stack.ts", "../review"],
    ["access/tokens.ts", "../components/catalog"],
    ["review/gate.ts", "../policy/rules"],
    ["forge/marker.ts", "../review"],
    ["index.ts", "./components"],
  ] as const;
  const found = lint([...against, ...along]);
  expect(found.slice(0, against.length)).toEqual(
    against.map(() => ["import-x/no-restricted-paths"]),
  );
  expect(found.slice(against.length)).toEqual(along.map(() => []));
});
