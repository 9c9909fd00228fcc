/**
 * The SDKs of the component package and of the provider for Exchange's roles: generated from their
 * schemas without a warning, compiled, and used by a program in Python and one in Java.
 *
 * Not proven here: that the SDK for .NET compiles, for which no compiler is in a registry that the tests
 * reach.
 */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { exchangePlugin } from "../../exchange/plugin";
import { ComponentPackage } from "../../plugin/provider";
import { describeWithTool, findMaven, findPythonPulumi } from "../support/externalTools";
import { goProgram, toolchainModule } from "./goPrograms";

jest.setTimeout(900_000);

const root = join(__dirname, "../..");
let folder: string;

beforeAll(async () => {
  goProgram("generate");
  folder = mkdtempSync(join(tmpdir(), "apponly-sdks-"));
  const schemas = {
    apponly: await new ComponentPackage("1.2.3").getSchema(),
    exchangeonline: exchangePlugin().schema ?? "",
  };
  for (const [name, schema] of Object.entries(schemas)) {
    writeFileSync(join(folder, `${name}.json`), schema);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a program, and expects it to say nothing and to end well. */
function run(command: string, args: readonly string[], cwd = folder): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  // Maven resets the colours of a terminal wherever it writes to.
  expect({ status, said: stripVTControlCharacters(stderr) }).toEqual({ status: 0, said: "" });
  return stdout;
}

/** Generates the SDK of a package in one language. */
function generate(language: string, name: string): string {
  const sdk = join(folder, language, name);
  run(goProgram("generate"), [language, `${name}.json`, sdk]);
  return sdk;
}

describe.each(["apponly", "exchangeonline"])("the SDK of %s", (name) => {
  test("the example compiles in Go", () => {
    const sdk = generate("go", name);
    const module = readFileSync(toolchainModule, "utf8");
    writeFileSync(
      join(sdk, "go.mod"),
      module.replace(/^module .*$/m, "module github.com/apponly/apponly/sdk/go"),
    );
    copyFileSync(toolchainModule.replace(/mod$/, "sum"), join(sdk, "go.sum"));
    run("go", ["vet", "-mod=mod", "./..."], sdk);
  });

  test("is generated for .NET, with every resource and type of its schema", () => {
    const sdk = join(folder, "dotnet", name);
    run(goProgram("generate-dotnet"), [`${name}.json`, sdk]);
    const schema = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as {
      resources: Record<string, { inputProperties: Record<string, unknown> }>;
    };
    expect(Object.keys(schema.resources).length).toBeGreaterThan(2);
    for (const [token, { inputProperties }] of Object.entries(schema.resources)) {
      const type = token.split(":").pop() ?? "";
      const source = readFileSync(join(sdk, `${type}.cs`), "utf8");
      expect(source).toContain(`public partial class ${type} :`);
      for (const property of Object.keys(inputProperties)) {
        expect(source).toContain(`[Input("${property}"`);
      }
    }
    const projects = readdirSync(sdk).filter((file) => file.endsWith(".csproj"));
    expect(projects).toHaveLength(1);
  });

  test("the example compiles in TypeScript", () => {
    const sdk = generate("nodejs", name);
    symlinkSync(join(root, "node_modules"), join(sdk, "node_modules"), "junction");
    const options = ["--noEmit", "--skipLibCheck", "--types", "node", "--strict"];
    const modern = ["--module", "nodenext", "--target", "es2022", "--ignoreConfig", "index.ts"];
    const compiler = join(root, "node_modules/typescript-native/bin/tsc");
    expect(run(process.execPath, [compiler, ...options, ...modern], sdk)).toBe("");
  });
});

/** Inputs by type. */
type Made = Readonly<Record<string, unknown>>;

/** Expects what both programs make. */
function expectMade(made: Made): void {
  expect(Object.keys(made).sort()).toEqual([
    "apponly:index:CertificateCredential",
    "apponly:index:ExchangeAppOnly",
    "apponly:index:WorkloadGrants",
    "exchangeonline:index:ManagementScope",
  ]);
  expect(made["apponly:index:ExchangeAppOnly"]).toEqual({
    displayName: "A",
    workloads: ["exchange"],
    directoryRoles: ["Global Reader"],
    certificates: [{ name: "2026-11", subject: "contoso.org", keyBits: 3072 }],
  });
}

describeWithTool("a program in Python", findPythonPulumi(), ({ command }) => {
  test("makes each component and each of Exchange's resources by the SDKs", () => {
    const sdks = ["apponly", "exchangeonline"].map((name) => generate("python", name));
    const installed = join(folder, "installed");
    const pip = ["-m", "pip", "install", "--quiet", "--no-deps"];
    run(command, [...pip, "--disable-pip-version-check", "--target", installed, ...sdks]);
    const file = join(folder, "program.py");
    writeFileSync(
      file,
      [
        "import sys",
        `sys.path.insert(0, ${JSON.stringify(installed)})`,
        "import pulumi",
        "made = []",
        "class Mocks(pulumi.runtime.Mocks):",
        "    def new_resource(self, args):",
        "        made.append([args.typ, args.inputs])",
        "        return [args.name + '_id', args.inputs]",
        "    def call(self, args):",
        "        return {}",
        "pulumi.runtime.set_mocks(Mocks())",
        "import pulumi_apponly as apponly, pulumi_exchangeonline as exchange, json",
        "@pulumi.runtime.test",
        "def run():",
        "    apponly.ExchangeAppOnly('a', display_name='A', workloads=['exchange'],",
        "        directory_roles=['Global Reader'],",
        "        certificates=[apponly.CertificateGenerationArgs(name='2026-11', subject='contoso.org', key_bits=3072)])",
        "    apponly.WorkloadGrants('g', service_principal_object_id='1', workloads=['exchange'], directory_roles=['Global Reader'])",
        "    apponly.CertificateCredential('c', application_id='1', generation={'name': '2026-11'})",
        "    exchange.ManagementScope('s', name='Sales', recipient_filter=\"Department -eq 'Sales'\")",
        "run()",
        "print(json.dumps(dict(made)))",
        "",
      ].join("\n"),
    );
    expectMade(JSON.parse(run(command, [file])) as Made);
  });
});

describeWithTool("a program in Java", findMaven(), ({ command }) => {
  test("compiles with the SDKs, and makes each component and one of Exchange's resources", () => {
    const names = ["apponly", "exchangeonline"];
    const sdks = names.map((name) => {
      const sdk = join(folder, "java", name);
      run(goProgram("generate-java"), [`${name}.json`, sdk]);
      return join(sdk, "src/main");
    });
    const program = join(folder, "java/program");
    mkdirSync(program);
    copyFileSync(join(__dirname, "java/pom.xml"), join(program, "pom.xml"));
    const quiet = ["--quiet", "--batch-mode", "--color=never"];
    run(command, [...quiet, "dependency:copy-dependencies", "-DoutputDirectory=jars"], program);
    const sources = sdks.flatMap((sdk) =>
      readdirSync(join(sdk, "java"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".java"))
        .map((file) => join(sdk, "java", file)),
    );
    expect(sources.length).toBeGreaterThan(20);
    const jars = join(program, "jars/*");
    const own = join(__dirname, "java/Program.java");
    run("javac", ["-d", "classes", "-cp", jars, ...sources, own], program);
    const path = ["classes", jars, ...sdks.map((sdk) => join(sdk, "resources"))].join(delimiter);
    const printed = run("java", ["-cp", path, "Program"], program);
    expectMade(JSON.parse(printed) as Made);
  });
});
