/**
 * What the Pulumi SDK serializes functions and traces with is loaded when a function is serialized or a
 * trace is asked for, and works then as it does without us.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { throughCompiler } from "../../support/compiler";

const root = join(__dirname, "../../..");

function run(program: string, environment: Readonly<Record<string, string>> = {}): unknown {
  const loaded = `const loaded = (name) =>
    Object.keys(require.cache).some((file) => file.includes("/node_modules/" + name + "/"));
    const runtime = require("@pulumi/pulumi").runtime;
    const print = (value) => process.stdout.write(JSON.stringify(value));`;
  const args = [...throughCompiler, "--eval", `${loaded}\n${program}`];
  const env = { ...process.env, ...environment };
  const options = { cwd: root, encoding: "utf8", stdio: "pipe", env } as const;
  return JSON.parse(execFileSync(process.execPath, args, options));
}

test("loading the SDK loads neither the compiler, nor npm's tree and its names, nor the Automation API", () => {
  const packages = ["typescript", "@npmcli/arborist", "normalize-package-data"];
  const parts = [...packages, "@pulumi/pulumi/automation"];
  expect(run(`print(${JSON.stringify(parts)}.filter(loaded))`)).toEqual([]);
  const program = `const { automation } = require("@pulumi/pulumi");
    print([automation.LocalWorkspace.name, loaded("@pulumi/pulumi/automation")]);`;
  expect(run(program)).toEqual(["LocalWorkspace", true]);
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

describe("what Pulumi's host of Node loads before a program", () => {
  const host = `const Module = require("node:module");
    const host = new Module(require.resolve("@pulumi/pulumi/cmd/run"));
    host.filename = host.id;
    const load = (name) => Module._load(name, host);
    const sdk = new Module(require.resolve("@pulumi/pulumi/runtime/resource"));
    sdk.filename = sdk.id;
    const stackOfPromise = () => {
      const { debuggablePromise, leakedPromises, promiseDebugString } = Module._load("./debuggable", sdk);
      debuggablePromise(new Promise(() => undefined), "test");
      return promiseDebugString([...leakedPromises()[0]][0]).split("\\n").slice(2).join("\\n");
    };`;
  const packages = ["exporter-zipkin", "sdk-trace-node", "instrumentation-grpc"].map(
    (name) => `@opentelemetry/${name}`,
  );

  test("is neither a tracer, nor a debugger, nor the maps of the SDK's sources", () => {
    const program = `${host}
      load("source-map-support/register");
      load("./tracing");
      const hooks = load("../../runtime/closure/v8Hooks");
      hooks.isInitializedAsync().then(() => print({
        stack: stackOfPromise(),
        loaded: [...${JSON.stringify(packages)}, "source-map-support", "source-map"].filter(loaded),
        url: hooks.getScriptUrl("1") ?? "none",
      }));`;
    expect(run(program)).toEqual({ stack: "Error: ", loaded: [], url: "none" });
  });

  test("has the stacks of promises where leaks are looked for, mapped to the SDK's sources", () => {
    const program = `${host}
      load("source-map-support/register");
      print(/debuggable\\.ts:\\d+/.test(stackOfPromise()));`;
    expect(run(program, { PULUMI_DEBUG_PROMISE_LEAKS: "true" })).toBe(true);
  });

  test("maps what was made in a program, as ever", () => {
    const program = `${host}
      const { mkdtempSync, writeFileSync } = require("node:fs");
      const { join } = require("node:path");
      load("source-map-support/register");
      const folder = mkdtempSync(join(require("node:os").tmpdir(), "apponly-tests-"));
      const file = join(folder, "program.js");
      // The first line of what was compiled is the third of the source.
      const map = { version: 3, sources: ["program.ts"], names: [], mappings: "AAEA" };
      const comment = "//# sourceMappingURL=data:application/json;base64,";
      writeFileSync(file, "module.exports = new Error('x').stack;\\n" +
        comment + Buffer.from(JSON.stringify(map)).toString("base64"));
      print(/program\\.ts:3:/.test(require(file)));`;
    expect(run(program)).toBe(true);
  });

  test("traces where it is told to", () => {
    const program = `${host}
      const tracing = load("./tracing");
      tracing.start("http://127.0.0.1:9/api/v2/spans");
      tracing.newSpan("one").end();
      print(${JSON.stringify(packages)}.map(loaded));
      process.exit();`;
    expect(run(program)).toEqual([true, true, true]);
  });

  test("knows the files of functions that were loaded before one is serialized", () => {
    const program = `const hooks = require("@pulumi/pulumi/runtime/closure/v8");
      hooks.getFunctionLocationAsync(require("semver/functions/inc"))
        .then(({ file }) => print(/semver.functions.inc\\.js$/.test(file)));`;
    expect(run(program)).toBe(true);
  });
});
