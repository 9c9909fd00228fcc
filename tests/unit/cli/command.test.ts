/** The command line as a whole: its help, what is wrong with it, and what it loads. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { simulatorCommand } from "../../../cli/commands/simulator";
import { startCommand } from "../../../cli/commands/start";
import { parsedOptions } from "../../support/parsedOptions";
import { commandNames, run } from "../../../cli/command";
import { exitCodes } from "../../../system/failure";
import manifest from "../../../package.json";
import { recordingIo } from "../../support/recordingIo";

const before = process.cwd();
let root: string;
beforeEach(() => (root = realpathSync(mkdtempSync(join(tmpdir(), "apponly-command-")))));
afterEach(() => {
  process.chdir(before);
  rmSync(root, { recursive: true });
});

const emptyFolder = () => {
  mkdirSync(join(root, "verify"));
  return join(root, "verify");
};

/** A project with settings for these stacks. */
function projectFolder(...stacks: string[]): string {
  const folder = emptyFolder();
  writeFileSync(join(folder, "Pulumi.yaml"), "name: apponly\n");
  stacks.forEach((name) => writeFileSync(join(folder, `Pulumi.${name}.yaml`), "config: {}\n"));
  return folder;
}

async function ended(...args: string[]) {
  const io = recordingIo();
  const code = await run(args, io);
  return { code, out: io.written(), err: io.said() };
}

/** What each command cannot do without. */
const required: Readonly<Record<string, readonly string[]>> = {
  export: ["--format", "env"],
  pipeline: ["--kind", "cron"],
  rotate: ["--yes"],
  up: ["--yes"],
  destroy: ["--yes"],
  explain: ["throttled"],
  completion: ["bash"],
  adopt: ["--stack", "dev", "--application", "legacy"],
};

const ofOneStack = [
  "verify",
  "review",
  "export",
  "pipeline",
  "certificates",
  "rotate",
  "up",
  "destroy",
];

test("the help is the result, lists every command and succeeds", async () => {
  const { code, out, err } = await ended("--help");
  expect([code, err]).toEqual([exitCodes.ok, ""]);
  for (const name of commandNames) {
    expect(out).toMatch(new RegExp(`^  ${name} +\\S`, "m"));
  }
});

test.each(commandNames)("%s shows its own help", async (name) => {
  const { code, out, err } = await ended(name, "--help");
  expect([code, err]).toEqual([exitCodes.ok, ""]);
  expect(out).toMatch(new RegExp(`Usage: apponly ${name}(\\|preview)? \\[options\\]`));
  expect((await ended("help", name)).out).toBe(out);
});

test.each(commandNames)("an unknown option of %s is a usage error", async (name) => {
  expect(await ended(name, ...(required[name] ?? []), "--unknown")).toEqual({
    code: exitCodes.usage,
    out: "",
    err: `error: unknown option '--unknown'\n(run \`apponly ${name} --help\` for its options)\n`,
  });
});

test.each(ofOneStack)(
  "%s without a stack that is named or selected is a usage error",
  async (name) => {
    const folder = projectFolder("dev", "reports");
    const { code, out, err } = await ended("-C", folder, name, ...(required[name] ?? []));
    expect([code, out]).toEqual([exitCodes.usage, ""]);
    expect(err).toBe(
      `\nNo stack is named, and none is selected in ${folder}. Name one with --stack, or select one: \`pulumi -C ${folder} stack select NAME\`. The project has settings for: dev, reports.\n`,
    );
  },
);

test.each(ofOneStack)("%s in a folder without a project is a usage error", async (name) => {
  const folder = emptyFolder();
  const { code, err } = await ended(name, "-s", "dev", ...(required[name] ?? []), "--cwd", folder);
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain(`Neither ${folder} nor a folder above it has a Pulumi.yaml.`);
});

test("what writes one pipeline takes one stack", async () => {
  const { code, err } = await ended("pipeline", "--kind", "cron", "-s", "a", "--stack", "b");
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain("The command takes one stack. Run it once for each.");
});

test.each(["verify", "review", "drift", "certificates", "doctor"])(
  "%s takes several stacks, each of which has to be there",
  async (name) => {
    const { code, err } = await ended(name, "-s", "dev", "--stack", "b");
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain("has no Pulumi.b.yaml.");
  },
);

test.each([
  ["rotate -s a -s b", "Several stacks are only planned together: --plan."],
  ["export -s a -s b --format env --out x.env", "write {stack} where the stack's name belongs"],
  ["export --all --format pfx --out x.pfx", "write {stack} where the stack's name belongs"],
  ["up --all", "Nobody can answer for several stacks at once."],
  ["drift --all --restore", "--remove and --restore are for one stack."],
  ["review --all --from x.json", "--from is the preview of one stack."],
  ["certificates --all --remove x", "--remove is for one stack."],
])("%s is refused before anything is read", async (line, message) => {
  const { code, err } = await ended(...line.split(" "));
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain(message);
});

test("without arguments the help is shown, and succeeds", async () => {
  expect(await ended()).toEqual(await ended("--help"));
});

test("preview is another name of review", async () => {
  expect((await ended("preview", "--help")).out).toBe((await ended("review", "--help")).out);
});

test("the version is that of the package", async () => {
  expect(await ended("--version")).toEqual({ code: 0, out: `${manifest.version}\n`, err: "" });
});

test.each([["-C"], ["--cwd"]])(
  "%s is the folder a command runs in, before it or after",
  async (option) => {
    const folder = projectFolder("review", "tokyo");
    const expected = { code: 0, out: "review\ntokyo\n", err: "" };
    expect(await ended(option, folder, "stacks")).toEqual(expected);
    process.chdir(dirname(folder));
    // A folder may be called like a command.
    expect(await ended("stacks", option, basename(folder))).toEqual(expected);
    process.chdir(dirname(folder));
    expect(await ended(option, basename(folder), "stacks")).toEqual(expected);
  },
);

test("what failed keeps its indentation where a terminal is too narrow for a line", async () => {
  process.chdir(projectFolder("a", "b"));
  const { PULUMI_BACKEND_URL } = process.env;
  process.env.PULUMI_BACKEND_URL = `file://${root}/none`;
  const io = recordingIo({ columns: 40 });
  try {
    expect(await run(["certificates", "--all"], io)).not.toBe(0);
  } finally {
    process.env.PULUMI_BACKEND_URL = PULUMI_BACKEND_URL;
    if (PULUMI_BACKEND_URL === undefined) {
      delete process.env.PULUMI_BACKEND_URL;
    }
  }
  const lines = io.said().split("\n");
  const reason = lines.slice(lines.indexOf("2 of 2 stacks failed.") + 2).filter(Boolean);
  expect(reason.length).toBeGreaterThan(1);
  expect(reason.filter((line) => !/^ {2}\S/.test(line))).toEqual([]);
});

test("a folder that is not there is named", async () => {
  const { code, err } = await ended("-C", "/nowhere/review", "stacks");
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain('--cwd "/nowhere/review" is not a folder that can be entered (ENOENT).');
});

// They take any number of scripts, and a command line.
const variadic = ["advise", "record"];

test.each(commandNames.filter((name) => !variadic.includes(name)))(
  "an argument too many of %s is a usage error",
  async (name) => {
    const { code, out, err } = await ended(name, ...(required[name] ?? []), "more");
    expect([code, out]).toEqual([exitCodes.usage, ""]);
    expect(err).toContain(`error: too many arguments for '${name}'.`);
  },
);

test.each([
  ["an unknown command", ["unknown"], "error: unknown command 'unknown'"],
  ["an unknown option of the command", ["--unknown"], "error: unknown option '--unknown'"],
])("%s is a usage error", async (_, args, message) => {
  const { code, out, err } = await ended(...args);
  expect([code, out]).toEqual([exitCodes.usage, ""]);
  expect(err).toContain(message);
});

test.each([
  ["start", "--directory"],
  ["simulator", "--directory"],
  ["review -s dev", "--from"],
  ["review -s dev", "--policy-pack-config"],
  ["pull-request", "--from"],
  ["pull-request", "--policy-pack-config"],
  ["pipeline -s dev -k cron", "--out"],
  ["verify -s dev", "--pfx"],
  ["verify -s dev", "--key"],
  ["verify -s dev", "--assertion-file"],
])("%s does not take an empty %s for the current folder", async (line, option) => {
  for (const empty of ["", "  "]) {
    const { code, out, err } = await ended(...line.split(" "), option, empty);
    expect([code, out]).toEqual([exitCodes.usage, ""]);
    expect(err).toContain("It is empty. Name a file or a folder.");
  }
});

test.each([startCommand, simulatorCommand])(
  "a relative --directory is made whole",
  async (make) => {
    expect(await parsedOptions(make, "--directory sandbox")).toMatchObject({
      directory: resolve("sandbox"),
    });
  },
);

test.each([
  ["doctor --format yaml", "Allowed choices are terminal, json."],
  ["stacks --format yaml", "Allowed choices are terminal, json."],
  ["verify -s dev --format yaml", "Allowed choices are terminal, json."],
  ["verify -s dev --wait soon", "It is not a length of time. Write it as 30m or 2h."],
  ["verify -s dev --pfx a --key b", "'--pfx <file>' cannot be used with option '--key <file>'"],
  ["review -s dev --format pdf", "Allowed choices are terminal, markdown, json, html."],
  ["review -s dev --fail-on terrible", "Allowed choices are critical, high, medium, low."],
  ["pull-request --fail-on terrible", "Allowed choices are critical, high, medium, low."],
  ["pull-request --forge gitlab", "Allowed choices are github, azure-devops."],
  ["export -s dev", "required option '-f, --format <format>' not specified"],
  ["export -s dev -f yaml", "Allowed choices are json, env, github, azure-devops, pfx"],
  ["export -s dev -f cer --encoding txt", "Allowed choices are der, pem."],
  ["pipeline -s dev", "required option '-k, --kind <kind>' not specified"],
  ["pipeline -s dev -k travis", "Allowed choices are github-actions, azure-devops"],
  ["pipeline -s dev -k cron --platform macos", "Allowed choices are linux, windows."],
  ["pipeline -s dev -k cron --credential password", "Allowed choices are certificate, federated"],
  ["pipeline -s dev -k cron --workload teams", "Allowed choices are exchange, compliance."],
  ["certificates -s dev --fail-within soon", "It is not a length of time. Write it as 30d"],
  ["rotate -s dev --overlap soon", "It is not a length of time. Write it as 14d"],
])("%s is a usage error", async (line, message) => {
  const { code, out, err } = await ended(...line.split(" "));
  expect([code, out]).toEqual([exitCodes.usage, ""]);
  expect(err).toContain(message);
});

/** Paths of the modules that a process has loaded when the command ends, those of packages included. */
function modulesOf(...args: string[]): string[] {
  const code = `process.argv.splice(1, 0, "apponly");
    require(${JSON.stringify(join(__dirname, "../../../bin/apponly.js"))});`;
  const loaded = modulesAfter(code, ...args);
  // The first start of a checkout compiles its files; those after it do not load the compiler.
  return loaded.some((file) => file.includes("/node_modules/sucrase/"))
    ? modulesAfter(code, ...args)
    : loaded;
}

function modulesAfter(code: string, ...args: string[]): string[] {
  const script = `
    process.exit = () => process.stdout.write("\\n" + JSON.stringify(Object.keys(require.cache)));
    ${code}`;
  const written = execFileSync(process.execPath, ["-e", script, "--", ...args], {
    cwd: join(__dirname, "../../.."),
    encoding: "utf8",
  });
  return JSON.parse(written.split("\n").at(-1) ?? "") as string[];
}

test.each([["--help"], ["stacks"]])("apponly %s loads fewer than 100 modules", (...args) => {
  const count = modulesOf(...args).length;
  expect(count).toBeGreaterThan(20);
  expect(count).toBeLessThan(100);
});

/** What only some requests, formats and files need. */
const onDemand =
  /node_modules\/(jose|@azure|@microsoft|undici|node-forge\/lib\/tls|zod\/v4\/locales\/de)/;

test.each([
  ["certificates", 400],
  ["verify", 400],
  ["doctor", 350],
  ["review", 300],
])("%s loads no client before it asks for a token, and fewer than %s modules", (name, most) => {
  const loaded = modulesOf(name, "--help");
  expect(loaded.filter((file) => onDemand.test(file))).toEqual([]);
  expect(loaded.length).toBeLessThan(most);
});

test("a request loads of undici only what requests use", () => {
  const file = (path: string) => JSON.stringify(join(__dirname, "../../..", path));
  const loaded = modulesAfter(
    `require(${file("bin/typescript.js")}); require(${file("microsoft/network.ts")}).networkDispatcher(); process.exit()`,
  ).filter((one) => one.includes("/node_modules/undici/"));
  expect(loaded.length).toBeGreaterThan(20);
  expect(loaded.filter((one) => /\/(mock|websocket|fetch|cache)\//.test(one))).toEqual([]);
});

test("the program loads no client of the tenant, which only a new certificate needs", () => {
  const program = JSON.stringify(join(__dirname, "../../../program.js"));
  const loaded = modulesAfter(`require(${program}); process.exit()`);
  const ofTenant = /\/microsoft\/(deployer|graph)\/|microsoft-graph-client/;
  expect(loaded.some((file) => file.endsWith("components/exchangeAppOnly.ts"))).toBe(true);
  expect(loaded.filter((file) => ofTenant.test(file) || onDemand.test(file))).toEqual([]);
});
