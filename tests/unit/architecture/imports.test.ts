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
    ["simulator/clock.ts", "../components/index"],
    ["simulator/clock.ts", "../microsoft/tokens"],
    ["components/subject.ts", "../microsoft/tokens"],
    ["components/catalog/clouds.ts", "../subject"],
    ["microsoft/tokens.ts", "../simulator/simulator"],
    ["microsoft/tokens.ts", "../review/gate"],
    ["review/gate.ts", "../policy/crossguard/policyOf"],
    ["review/gate.ts", "../operations/stack"],
    ["forge/marker.ts", "../microsoft/tokens"],
    ["policy/rules/rule.ts", "../crossguard/policyOf"],
    ["policy/rules/rule.ts", "../../components/catalog/clouds"],
    ["operations/stack.ts", "../cli/project"],
    ["toolchain/versions.ts", "../cli/project"],
    ["index.ts", "./operations/stack"],
  ] as const;
  const along = [
    ["cli/project.ts", "../simulator/simulator"],
    ["operations/stack.ts", "../review/gate"],
    ["microsoft/tokens.ts", "../components/catalog/clouds"],
    ["review/gate.ts", "../policy/rules/rule"],
    ["forge/marker.ts", "../review/gate"],
    ["index.ts", "./components/index"],
  ] as const;
  const found = lint([...against, ...along]);
  expect(found.slice(0, against.length)).toEqual(
    against.map(() => ["import-x/no-restricted-paths"]),
  );
  expect(found.slice(against.length)).toEqual(along.map(() => []));
});
