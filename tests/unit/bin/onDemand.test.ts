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

test("the Automation API loads nothing that starts programs, and of semver what it uses", () => {
  const program = `require("@pulumi/pulumi/automation");
    const parts = Object.keys(require.cache).filter((file) => /node_modules.semver/.test(file));
    print([loaded("execa"), loaded("cross-spawn"), parts.length < 15]);`;
  expect(run(program)).toEqual([false, false, true]);
});

test("what is asked of them besides is found", () => {
  const program = `const Module = require("node:module");
    const sdk = new Module(require.resolve("@pulumi/pulumi/automation"));
    sdk.filename = sdk.id;
    const [semver, execa] = ["semver", "execa"].map((name) => Module._load(name, sdk));
    print([semver.satisfies("1.2.3", "^1.0.0"), semver.lt("1.0.0", "1.0.1"),
      execa.sync(process.execPath, ["--print", "6 * 7"]).stdout]);`;
  expect(run(program)).toEqual([true, true, "42"]);
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
