/**
 * What the Pulumi SDK serializes functions with is loaded when a function is serialized, and works
 * then as it does without us.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { throughCompiler } from "../../support/compiler";

const root = join(__dirname, "../../..");

function run(program: string): unknown {
  const loaded = `const loaded = (name) =>
    Object.keys(require.cache).some((file) => file.includes("/node_modules/" + name + "/"));
    const runtime = require("@pulumi/pulumi").runtime;
    const print = (value) => process.stdout.write(JSON.stringify(value));`;
  const args = [...throughCompiler, "--eval", `${loaded}\n${program}`];
  const options = { cwd: root, encoding: "utf8", stdio: "pipe" } as const;
  return JSON.parse(execFileSync(process.execPath, args, options));
}

test("loading the SDK loads neither the compiler nor npm's tree and its names", () => {
  const packages = ["typescript", "@npmcli/arborist", "normalize-package-data"];
  expect(run(`print(${JSON.stringify(packages)}.map(loaded))`)).toEqual([false, false, false]);
});

test("a function is serialized with what it captures", () => {
  const text = run(`const a = 5;
    runtime.serializeFunction(() => a + 1).then(({ text }) => print(text));`);
  expect(text).toContain("return () => a + 1;");
  expect(text).toContain("a: 5");
});

test("the code that a function needs is found in npm's tree", () => {
  const program = `runtime.computeCodePaths({ extraIncludePackages: ["semver"] })
    .then((paths) => print([...paths.keys()].filter((path) => /node_modules.semver$/.test(path))));`;
  expect(run(program)).toHaveLength(1);
});
