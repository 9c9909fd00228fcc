/**
 * The GitHub action, the Azure DevOps template and the page that describes them, as far as they run
 * on this machine: each script as it stands, by bash, with the environment that the runner sets, on
 * a simulated tenant and stand-ins of the forges' APIs. Not proven here: the runners themselves, the
 * installation of Node and, by a step's `uses`, of the action.
 */
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { readFileSync } from "node:fs";
import { builtPackage } from "../support/builtPackage";
import { type AzureDevOpsApi, azureJob, startAzureDevOpsApi } from "../support/azureDevOps/api";
import { type GitHubApi, startGitHubApi } from "../support/github/api";
import { makeStep } from "../support/github/step";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";
import { cleanEnvironment, runBash, type Variables } from "../support/command";

const root = join(__dirname, "../..");
const run = promisify(execFile);
let journey: Journey;
let stack: JourneyStack;
let github: GitHubApi;
let azure: AzureDevOpsApi;
/** What a release of the action holds, without its lock. */
let built: string;

/** What encrypts secrets is as before. */
const textBefore = (path: string) => readFileSync(join(stack.workDirectory, path), "utf8");

beforeAll(async () => {
  built = await builtPackage();
  github = await startGitHubApi(textBefore);
  azure = await startAzureDevOpsApi(textBefore);
  journey = await startJourney();
  stack = await journey.stack("dev", exampleConfiguration);
  await stack.up();
  await stack.configure({ ...exampleConfiguration, displayName: "Mailbox reports" });
});

afterEach(() => {
  github.reset();
  azure.reset();
});

afterAll(async () => {
  await journey.close();
  await github.close();
  await azure.close();
});

interface ActionStep {
  id?: string;
  name?: string;
  run?: string;
  env?: Record<string, string>;
}

interface Action {
  inputs: Record<string, { default: string }>;
  outputs: Record<string, { value: string }>;
  runs: { steps: ActionStep[] };
}

/** A script whose Node writes down first which environment other processes can read of it. */
async function observed(script = ""): Promise<string> {
  const folder = join(journey.directory, "observed");
  const lines = [
    "#!/bin/sh",
    `cat /proc/$$/environ /proc/$PPID/environ > "${folder}/environment"`,
    `exec "${process.execPath}" "$@"`,
  ];
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "node"), `${lines.join("\n")}\n`, { mode: 0o755 });
  await rm(join(folder, "environment"), { force: true });
  return `PATH="${folder}:$PATH"\n${script}`;
}

/** Expects that the token is in no environment of the processes that the preview runs in. */
async function expectNoToken(token: string | undefined): Promise<void> {
  const file = join(journey.directory, "observed/environment");
  const environment = await readFile(file, "latin1");
  expect(environment).toContain("APPONLY_FORGE_TOKEN_FD=3");
  expect(environment).not.toContain(token ?? "a token");
}

/** Runs the action's review step as the runner does: inputs with their defaults, then the script. */
async function runAction(given: Record<string, string>, more: Variables = {}) {
  const action = parse(await readFile(join(root, "action.yml"), "utf8")) as Action;
  const step = action.runs.steps.find(({ id }) => id === "review");
  const made = await makeStep({ apiUrl: github.url });
  const values: Record<string, string> = {
    ...Object.fromEntries(Object.entries(action.inputs).map(([name, one]) => [name, one.default])),
    "github-token": "token-of-the-job",
    ...given,
  };
  const inputs = Object.entries(step?.env ?? {}).map(([name, expression]) => {
    const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(expression)?.[1] ?? "";
    return [name, values[input]] as const;
  });
  const ended = await runBash(await observed(step?.run), stack.workDirectory, {
    ...journey.environment,
    ...made.environment,
    GITHUB_TOKEN: undefined,
    GITHUB_WORKSPACE: stack.workDirectory,
    GITHUB_ACTION_PATH: built,
    ...Object.fromEntries(inputs),
    ...more,
  });
  await expectNoToken("token-of-the-job");
  const set = await made.outputs();
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => {
    const output = /^\$\{\{ steps\.review\.outputs\.([\w-]+) \}\}$/.exec(value)?.[1] ?? "";
    return [name, set[output]] as const;
  });
  return { ...ended, outputs: Object.fromEntries(outputs) };
}

test("the action with its defaults reviews what the pull request touches", async () => {
  github.pullRequest.files = [{ filename: "Pulumi.dev.yaml", status: "modified" }];
  expect(await runAction({})).toMatchObject({
    code: 0,
    outputs: {
      risk: "low",
      changes: "1",
      stacks: '["dev"]',
      "not-previewed": "[]",
      "comment-url": "https://github.com/contoso/access/pull/7#issuecomment-1000",
      gate: "passed",
    },
  });
  expect(github.comments).toHaveLength(1);
});

test("the action takes each input: stacks, risk, no comment", async () => {
  const found = await runAction({ stacks: "dev\n\n", "fail-on": "low", comment: "false" });
  expect(found).toMatchObject({ code: 3, outputs: { gate: "tripped", "comment-url": "" } });
  expect(github.requests).toEqual(["GET /repos/contoso/access/pulls/7/files", "POST /graphql"]);
  expect(await runAction({ stacks: "dev", "fail-on": "none" })).toMatchObject({
    code: 0,
    outputs: { gate: "off" },
  });
});

/** The action's step that installs. */
async function installStep(): Promise<string> {
  const action = parse(await readFile(join(root, "action.yml"), "utf8")) as Action;
  return action.runs.steps.find(({ name }) => name === "Install")?.run ?? "";
}

interface Lock {
  readonly packages: Record<string, { readonly dev?: boolean; readonly version?: string }>;
}

const jsonIn = async <T>(file: string) => JSON.parse(await readFile(file, "utf8")) as T;

test("the action installs the packages of a lock, without those of development, and runs no script of theirs", async () => {
  const copy = join(journey.directory, "small");
  const lock = await jsonIn<Lock>(join(root, "package-lock.json"));
  const [kept, development] = ["picocolors", "croner"].map((name) => `node_modules/${name}`) as [
    string,
    string,
  ];
  const version = (path: string) => lock.packages[path]?.version ?? "";
  const manifest = {
    name: "apponly",
    version: "0.1.0",
    dependencies: { picocolors: version(kept) },
    devDependencies: { croner: version(development) },
  };
  const packages = {
    "": manifest,
    [kept]: lock.packages[kept],
    [development]: lock.packages[development],
  };
  await mkdir(join(copy, "dist"), { recursive: true });
  const scripts = { preinstall: "node --eval 1/", prepare: "node --eval 1/" };
  await writeFile(join(copy, "package.json"), JSON.stringify({ ...manifest, scripts }));
  await writeFile(join(copy, "package-lock.json"), JSON.stringify({ ...lock, packages }));
  // What a caller has given to the action is not handed on to packages.
  const probe = `${await installStep()}\nenv > installed.env`;
  const given = {
    PULUMI_ACCESS_TOKEN: "token-of-the-state",
    PULUMI_CONFIG_PASSPHRASE: "token-of-the-state",
    ARM_CLIENT_SECRET: "token-of-the-state",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "token-of-the-state",
  };
  const installed = await runBash(probe, stack.workDirectory, {
    ...given,
    GITHUB_ACTION_PATH: copy,
  });
  expect(installed).toMatchObject({ code: 0 });
  expect(await readFile(join(stack.workDirectory, "installed.env"), "utf8")).not.toMatch(
    /token-of-the-state/,
  );
  expect(await jsonIn(join(copy, kept, "package.json"))).toMatchObject({ version: version(kept) });
  await expect(readFile(join(copy, development, "package.json"))).rejects.toThrow("ENOENT");
});

test("the action runs with what npm would install of its own lock, and nothing else", async () => {
  const copy = join(journey.directory, "action");
  await cp(built, copy, { recursive: true });
  await cp(join(root, "package-lock.json"), join(copy, "package-lock.json"));
  // To unpack hundreds of packages takes longer than all other tests of this file.
  const planned = await runBash(await installStep(), stack.workDirectory, {
    GITHUB_ACTION_PATH: copy,
    npm_config_dry_run: "true",
  });
  expect(planned).toMatchObject({ code: 0 });
  const packages = [...planned.stdout.matchAll(/^add (\S+) (\S+)$/gm)];
  expect(packages.length).toBeGreaterThan(100);
  expect(packages.map(([, name]) => name)).not.toContain("jest");
  for (const [, name = "", version] of packages) {
    const own = join(root, "node_modules", name);
    const there = await jsonIn<{ version: string }>(join(own, "package.json")).catch(
      () => undefined,
    );
    // Another version of it lies within the package that needs it.
    if (there?.version === version) {
      const link = join(copy, "node_modules", name);
      await mkdir(join(link, ".."), { recursive: true });
      await symlink(own, link, "junction").catch(() => undefined);
    }
  }
  github.pullRequest.files = [{ filename: "Pulumi.dev.yaml", status: "modified" }];
  const environment = { GITHUB_ACTION_PATH: copy, NODE_PRESERVE_SYMLINKS: "1" };
  expect(await runAction({}, environment)).toMatchObject({
    code: 0,
    outputs: { risk: "low", gate: "passed" },
  });
});

test("a commit of the action that is not built says what to use instead", async () => {
  const sources = join(journey.directory, "sources");
  await mkdir(sources);
  const ended = await runBash(await installStep(), sources, { GITHUB_ACTION_PATH: sources });
  expect(ended).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("which the tag v1 names") as unknown,
  });
});

test("the engine gets what the input environment names", async () => {
  github.pullRequest.files = [{ filename: "Pulumi.dev.yaml", status: "modified" }];
  const { PULUMI_BACKEND_URL, ARM_TENANT_ID } = journey.environment;
  const given = { PULUMI_BACKEND_URL: undefined, ARM_TENANT_ID: undefined };
  const environment = `PULUMI_BACKEND_URL=${PULUMI_BACKEND_URL}\nARM_TENANT_ID=${ARM_TENANT_ID}\n`;
  expect(await runAction({ environment }, given)).toMatchObject({
    code: 0,
    outputs: { risk: "low", gate: "passed" },
  });
});

test("what a caller passes cannot become part of the script", async () => {
  const found = await runAction({ stacks: '"; touch owned; $(touch owned) `touch owned`\n--help' });
  expect(found.code).toBe(2);
  expect(found.stderr).toContain("has no Pulumi.");
  await expect(readFile(join(stack.workDirectory, "owned"))).rejects.toThrow("ENOENT");
});

test("the template's script keeps a thread in Azure DevOps", async () => {
  const template = parse(await readFile(join(root, "azure-pipelines/review.yml"), "utf8")) as {
    steps: { name?: string; bash?: string }[];
  };
  const script = template.steps.find(({ name }) => name === "review")?.bash ?? "";
  azure.pullRequest.changes = [{ changeType: "edit", item: { path: "/Pulumi.dev.yaml" } }];
  const ended = await runBash(await observed(script), stack.workDirectory, {
    ...journey.environment,
    ...azureJob(azure),
    BUILD_SOURCESDIRECTORY: stack.workDirectory,
    APPONLY: built,
    INPUT_STACKS: "",
    INPUT_FAIL_ON: "low",
    INPUT_ACCEPT_FROM: "",
    INPUT_COMMENT: "True",
    INPUT_PREVIEWS: "",
    INPUT_POLICY_PACK_CONFIG: "",
  });
  await expectNoToken(azureJob(azure).SYSTEM_ACCESSTOKEN);
  expect(ended.code).toBe(3);
  expect(azure.threads).toEqual([
    expect.objectContaining({
      status: "active",
      comments: [
        expect.objectContaining({
          content: expect.stringContaining("| low | changes app registration") as unknown,
        }),
      ],
    }),
  ]);
  expect(ended.stdout).toContain("##vso[task.setvariable variable=gate;isoutput=true]tripped");
  expect(ended.stdout).toContain("##vso[task.uploadsummary]");
});

test("the page, followed word for word, on a checkout whose branch renames the application", async () => {
  const page = await readFile(join(root, "docs/how-to/review-pull-requests.md"), "utf8");
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
  expect(blocks).toHaveLength(3);
  await stack.configure(exampleConfiguration);
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
      cwd: stack.workDirectory,
      env: cleanEnvironment({}),
    });
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "-m", "before");
  await git("update-ref", "refs/remotes/origin/main", "HEAD");
  await stack.configure({ ...exampleConfiguration, displayName: "Mailbox reports" });
  await writeFile(join(stack.workDirectory, "Pulumi.other.yaml"), "config: {}\n");
  await git("commit", "--quiet", "-a", "-m", "rename");

  const bin = join(journey.directory, "bin");
  await mkdir(bin, { recursive: true });
  await symlink(join(root, "bin/apponly.js"), join(bin, "apponly"));
  github.pullRequest.files = [{ filename: "Pulumi.dev.yaml", status: "modified" }];
  const step = await makeStep({ apiUrl: github.url });
  // As little as the page says that a preview needs.
  const { deployer } = journey.tenant;
  for (const permission of [
    "Application.ReadWrite.OwnedBy",
    "AppRoleAssignment.ReadWrite.All",
    "RoleManagement.ReadWrite.Directory",
  ]) {
    deployer.revoke(permission);
  }
  journey.simulator.journal.clear();
  const said: string[] = [];
  for (const block of blocks) {
    const ended = await runBash(block, stack.workDirectory, {
      ...journey.environment,
      ...step.environment,
      PATH: [bin, journey.environment.PATH].join(delimiter),
    });
    // Standard error has progress, and nothing that failed.
    expect({ block, ...ended }).toMatchObject({
      code: 0,
      stderr: expect.not.stringMatching(/✗|error|failed/i) as string,
    });
    said.push(ended.stdout);
  }
  expect(said[0]).toBe("dev\n");
  expect(said[1]).toContain("app registration displayName");
  expect(github.comments).toHaveLength(1);
  const writes = journey.simulator.journal
    .entries()
    .filter(({ method, path }) => method !== "GET" && !/\/oauth2\//.test(path));
  expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});
