/**
 * The package as somebody installs it: packed, unpacked into an empty folder beside no packages but
 * those it declares, started, and used by a TypeScript program.
 *
 * Not proven here: npm's own installation, which needs the network; other versions of Node than this
 * one, on which the workflow `ci` runs this too.
 */
import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parse } from "yaml";
import { readOutputs } from "../../components/outputs";
import { builtPackage } from "../support/builtPackage";
import { nextOf } from "../support/childProcess";
import { cleanEnvironment } from "../support/command";
import { preparedToolchain } from "../support/preparedToolchain";

const root = join(__dirname, "../..");

let folder: string;
let installed: string;

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifestIn = (path: string) =>
  JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as Manifest;

/** Runs a program of this Node in the folder. */
function run(...args: readonly string[]) {
  const options = { cwd: folder, encoding: "utf8", env: cleanEnvironment({}) } as const;
  return spawnSync(process.execPath, args, options);
}

function link(name: string): void {
  const target = join(folder, "node_modules", name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(root, "node_modules", name), target, "junction");
}

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "apponly-package-")));
  installed = join(folder, "node_modules/apponly");
  cpSync(await builtPackage(), installed, { recursive: true });
  Object.keys(manifestIn(root).dependencies).forEach(link);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("the package has what is run, its types and source maps, and neither sources nor tests", () => {
  const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
  expect(files).toEqual(
    expect.arrayContaining([
      "LICENSE",
      "README.md",
      "bin/apponly.js",
      "dist/components/exchangeAppOnly.d.ts",
      "dist/components/exchangeAppOnly.js",
      "dist/components/exchangeAppOnly.js.map",
      "dist/plugin/bin/pulumi-resource-apponly",
      "dist/template/.github/workflows/up.yml",
      "dist/toolchain/go.sum",
      "dist/toolchain/standIns/bin/pulumi-resource-azuread",
    ]),
  );
  expect(files.filter((file) => /(?<!\.d)\.ts$|(^|\/)tests(\/|$)|^docs/.test(file))).toEqual([]);
});

test("the command starts in 0.3 s of a processor, and says its version", () => {
  const measure = join(folder, "measure.js");
  writeFileSync(
    measure,
    `process.on("exit", () => {
       const { user, system } = process.cpuUsage();
       process.stderr.write(String((user + system) / 1e6));
     });`,
  );
  const command = ["--require", measure, join(installed, "bin/apponly.js"), "--version"];
  run(...command);
  const { status, stdout, stderr } = run(...command);
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${manifestIn(root).version}\n` });
  expect(Number(stderr)).toBeLessThan(0.3);
});

test("every command is there with all that it needs", () => {
  writeFileSync(
    join(folder, "helps.js"),
    `const { commandNames, run } = require("${join(installed, "dist/cli/command")}");
     const { openIo } = require("${join(installed, "dist/cli/io")}");
     (async () => {
       for (const name of commandNames) {
         const code = await run([name, "--help"], { ...openIo(process), out: () => Promise.resolve() });
         console.log(name, code);
       }
     })();`,
  );
  const { stdout, stderr } = run(join(folder, "helps.js"));
  const lines = stdout.trim().split("\n");
  expect({ stderr, failed: lines.filter((line) => !line.endsWith(" 0")) }).toEqual({
    stderr: "",
    failed: [],
  });
  expect(lines.length).toBeGreaterThan(10);
});

test.each(["azuread", "tls"])("the stand-in of the plugin %s starts", async (name) => {
  const file = join(installed, "dist/toolchain/standIns/bin", `pulumi-resource-${name}`);
  const plugin = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
  expect(String(await nextOf<Buffer>(plugin, plugin.stdout, "data"))).toMatch(/^\d+\n$/);
  plugin.kill();
});

test.each([
  ["by itself", () => [join(installed, "dist/plugin/bin/pulumi-resource-apponly")]],
  [
    "as Pulumi's host of Node runs it",
    () => {
      const added = join(folder, "added");
      cpSync(join(root, "plugin/installed"), added, { recursive: true });
      return [join(folder, "node_modules/@pulumi/pulumi/cmd/run-plugin"), added];
    },
  ],
])("the plugin of the components starts %s", async (_way, command) => {
  const plugin = spawn(process.execPath, [...command(), "127.0.0.1:1"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  expect(String(await nextOf<Buffer>(plugin, plugin.stdout, "data"))).toMatch(/^\d+\n$/);
  plugin.kill();
});

describe("a project that apponly init makes in an empty folder", () => {
  let project: string;
  const filesIn = (path: string) =>
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(path, join(parentPath, name)))
      .sort();

  beforeAll(() => {
    project = join(folder, "project");
    mkdirSync(project);
    mkdirSync(join(folder, "node_modules/.bin"));
    symlinkSync(join(installed, "bin/apponly.js"), join(folder, "node_modules/.bin/apponly"));
    const tenant = "00000000-0000-4000-8000-000000000000";
    const init = ["init", "--no-check", "--stack", "contoso", "--tenant", tenant];
    const command = [join(installed, "bin/apponly.js"), "-C", project, ...init];
    expect(run(...command)).toMatchObject({ status: 0 });
  });

  test("is what pulumi new makes of the template", async () => {
    const { pulumi } = await preparedToolchain();
    const made = join(folder, "made");
    mkdirSync(made);
    const name = ["--name", "tenants", "--description", "made"];
    const template = join(root, "template");
    const ended = spawnSync(
      pulumi.command,
      ["new", template, "--generate-only", "--yes", ...name],
      {
        cwd: made,
        encoding: "utf8",
        env: cleanEnvironment({ PULUMI_HOME: join(folder, "home") }),
      },
    );
    // Without Pulumi's host of Node, which would install the packages, it ends there.
    expect(ended.stderr).toMatch(/^(error: failed to load language plugin nodejs: .*\n)?$/);
    const files = filesIn(made);
    expect(files).toEqual(filesIn(project).filter((file) => file !== "Pulumi.contoso.yaml"));
    for (const file of files.filter((one) => !/^(Pulumi\.yaml|README\.md)$/.test(one))) {
      const content = (path: string) => readFileSync(join(path, file), "utf8");
      expect(content(made)).toBe(content(project));
    }
  });

  test("names what Node runs before Pulumi's SDK, of which less is loaded then", () => {
    const settings = parse(readFileSync(join(project, "Pulumi.yaml"), "utf8")) as {
      runtime: { options: { nodeargs: string } };
    };
    const program = `require("@pulumi/pulumi/cmd/run/tracing");
      console.log(Object.keys(require.cache).filter((file) => /exporter-zipkin/.test(file)).length);`;
    const loaded = (...args: string[]) => {
      const command = [...args, "--eval", program];
      const { stdout, stderr } = spawnSync(process.execPath, command, {
        cwd: project,
        encoding: "utf8",
      });
      expect(stderr).toBe("");
      return Number(stdout);
    };
    expect(loaded(...settings.runtime.options.nodeargs.split(" "))).toBe(0);
    expect(loaded()).toBeGreaterThan(0);
  });

  test("previews every stack on the embedded tenant by npm test", () => {
    const { status, stdout, stderr } = spawnSync("npm", ["test"], {
      cwd: project,
      encoding: "utf8",
      env: cleanEnvironment({ PULUMI_HOME: join(folder, "home") }),
      shell: process.platform === "win32",
    });
    expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
    expect(stdout).toContain("+ directory role Exchange Administrator");
  });
});

const typescript = `import { ExchangeAppOnly } from "apponly";

const access = new ExchangeAppOnly("reports", {
  displayName: "Mailbox reports",
  workloads: ["exchange"],
  directoryRoles: ["Global Reader"],
  federatedCredentials: [
    {
      name: "deploy",
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:contoso/access:environment:production",
    },
  ],
});

export const applicationId = access.applicationId;
`;

test("a TypeScript program that imports the component is free of type errors", () => {
  writeFileSync(join(folder, "index.ts"), typescript);
  const compilerOptions = {
    module: "nodenext",
    target: "es2022",
    strict: true,
    types: [],
    noEmit: true,
    skipLibCheck: true,
  };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["index.ts"] }),
  );
  const check = () => run(join(root, "node_modules/typescript-native/bin/tsc"), "-p", ".").stdout;
  expect(check()).toBe("");
  writeFileSync(join(folder, "index.ts"), typescript.replace('["exchange"]', "[1]"));
  expect(check()).toContain("index.ts(5,");
});

test("the program registers the access, loaded as Pulumi loads it", () => {
  writeFileSync(join(folder, "index.ts"), typescript);
  writeFileSync(
    join(folder, "register.js"),
    `const pulumi = require("@pulumi/pulumi");
     const types = [];
     pulumi.runtime.setMocks({
       newResource: ({ type, name, inputs }) => {
         types.push(type);
         return { id: name, state: { ...inputs, clientId: "the client id" } };
       },
       call: () => ({ domains: [{ domainName: "contoso.onmicrosoft.com" }], tenantId: "t", objectId: "o" }),
     }, "project", "stack", true);
     const tsutils = require("@pulumi/pulumi/tsutils");
     const { tsnodeRequire, typescriptRequire } = tsutils.typeScriptRequireStrings();
     require(tsnodeRequire).register({ compiler: typescriptRequire, transpileOnly: true,
       compilerOptions: { target: "ES2020", module: "nodenext", moduleResolution: "nodenext" } });
     require("./index.ts").applicationId.apply((id) => console.log(JSON.stringify({ id, types })));`,
  );
  const { stdout, stderr } = run(join(folder, "register.js"));
  expect({ stderr, ...(JSON.parse(stdout || "{}") as object) }).toMatchObject({
    stderr: "",
    id: "the client id",
    types: expect.arrayContaining([
      "apponly:index:ExchangeAppOnly",
      "azuread:index/application:Application",
    ]) as string[],
  });
});

test("a program that makes the component itself tells what the commands read", () => {
  writeFileSync(
    join(folder, "outputs.js"),
    `const pulumi = require("@pulumi/pulumi");
     pulumi.runtime.setMocks({
       newResource: ({ name, inputs }) => ({ id: name, state: { ...inputs, clientId: "c", objectId: "o" } }),
       call: () => ({ domains: [{ domainName: "contoso.onmicrosoft.com" }], tenantId: "t", objectId: "o" }),
     }, "project", "stack", false);
     const { ExchangeAppOnly } = require("apponly");
     const { accessOutputs } = require("apponly/program");
     const args = {
       displayName: "Mailbox reports", workloads: ["exchange"], directoryRoles: ["Global Reader"],
       federatedCredentials: [{ name: "deploy", issuer: "https://token.actions.githubusercontent.com",
         subject: "repo:contoso/access:environment:production" }],
     };
     const outputs = accessOutputs(new ExchangeAppOnly("access", args), args, { cloud: "usgovernment" });
     pulumi.output(outputs).apply((known) => console.log(JSON.stringify(known)));`,
  );
  const { stdout, stderr } = run(join(folder, "outputs.js"));
  expect(stderr).toBe("");
  expect(readOutputs(JSON.parse(stdout) as Record<string, unknown>, "dev")).toMatchObject({
    cloud: "usgovernment",
    organization: "contoso.onmicrosoft.com",
    applicationId: "c",
    directoryRoles: [{ name: "Global Reader" }],
    connect: { exchange: expect.any(Object) as unknown },
  });
});

test("a stack trace names the lines of the sources", () => {
  const failing = `require("apponly").ExchangeAppOnly.prototype; new (require("apponly").ExchangeAppOnly)("x", { workloads: [] })`;
  const { stderr } = run("--enable-source-maps", "--eval", failing);
  expect(stderr).toMatch(/components\/\w+\.ts:\d+/);
});
