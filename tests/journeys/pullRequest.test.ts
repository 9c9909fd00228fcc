/**
 * What stands on a pull request: the command as a pipeline runs it, with the real engine on a
 * simulated tenant and a stand-in of GitHub's API. The text of each comment is compared in full with
 * a file in tests/fixtures/comments. Not proven here: GitHub itself, and the official plugins.
 */
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type GitHubApi, startGitHubApi } from "../support/github/api";
import { makeStep, type StepOptions } from "../support/github/step";
import { expectComment } from "../support/comments";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

let journey: Journey;
let stack: JourneyStack;
let api: GitHubApi;

beforeAll(async () => {
  api = await startGitHubApi((path) => {
    const file = join(stack.workDirectory, path);
    return existsSync(file) ? readFileSync(file, "utf8") : "config: {}\n";
  });
  journey = await startJourney(undefined, { passphrase: true });
  stack = await journey.stack("dev", exampleConfiguration);
  await stack.up();
});

afterEach(() => api.reset());

afterAll(async () => {
  await journey.close();
  await api.close();
});

interface Run {
  readonly args?: readonly string[];
  readonly directory?: string;
  readonly step?: Partial<StepOptions>;
  readonly environment?: Record<string, string | undefined>;
}

/** Runs the command as a step does. */
async function pullRequest({ args, directory, step: options, environment }: Run = {}) {
  const step = await makeStep({ apiUrl: api.url, ...options });
  const ended = await journey.apponly(
    ["pull-request", ...(args ?? ["--fail-on", "high"])],
    directory ?? stack.workDirectory,
    {
      ...step.environment,
      GITHUB_WORKSPACE: directory ?? stack.workDirectory,
      ...environment,
    },
  );
  return {
    ...ended,
    comment: api.comments.at(-1)?.body,
    outputs: await step.outputs(),
    summary: await step.summary(),
  };
}

async function changing(changes: Record<string, unknown>, run: Run = {}) {
  await stack.configure({ ...exampleConfiguration, ...changes });
  api.pullRequest.files = [{ filename: "Pulumi.dev.yaml", status: "modified" }];
  return pullRequest(run);
}

/** A day that stays the same in the file a comment is compared with. */
const dateInAMonth = () => new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

test("one that adds Global Administrator, with an exception", async () => {
  const until = dateInAMonth();
  const run = await changing({
    directoryRoles: ["Exchange Administrator", "Global Administrator"],
    exceptions: [{ role: "Global Administrator", reason: "mailbox migration", until }],
  });
  expect(run).toMatchObject({
    code: 3,
    outputs: {
      risk: "critical",
      changes: "2",
      stacks: '["dev"]',
      "not-previewed": "[]",
      "comment-url": "https://github.com/contoso/access/pull/7#issuecomment-1000",
      gate: "tripped",
    },
  });
  expectComment(run.comment, "globalAdministrator", { until });
  // The summary is the report without the hidden line.
  expect(run.summary).toBe(`${run.comment?.split("\n").slice(1).join("\n")}\n`);
});

test("one that swaps the certificate", async () => {
  const { certificates } = await stack.outputs();
  const [{ thumbprint, notAfter }] = certificates as [{ thumbprint: string; notAfter: string }];
  const run = await changing({
    certificates: [{ name: "2027-11", subject: "contoso.org", validityDays: 200 }],
  });
  expect(run.code).toBe(3);
  expectComment(run.comment, "certificateSwapped", {
    thumbprint,
    notAfter,
  });
});

test("one that only renames", async () => {
  const run = await changing({ displayName: "Mailbox reports" });
  expect(run).toMatchObject({ code: 0, outputs: { risk: "low", changes: "1", gate: "passed" } });
  expectComment(run.comment, "renamed");
});

test("one after which the application is replaced", async () => {
  // Tainted as by `pulumi state taint`, which the engine answers with a replacement.
  const exported = await (await stack.opened()).exportStack();
  const deployment = structuredClone(exported.deployment) as {
    resources: { type: string; taint?: boolean }[];
  };
  for (const resource of deployment.resources) {
    if (resource.type === "azuread:index/application:Application") {
      resource.taint = true;
    }
  }
  await (await stack.opened()).importStack({ ...exported, deployment });
  try {
    const run = await changing({});
    const { applicationId, servicePrincipalObjectId, certificates } = await stack.outputs();
    const [{ thumbprint, notAfter }] = certificates as [{ thumbprint: string; notAfter: string }];
    expect(run.code).toBe(3);
    expectComment(run.comment, "applicationReplaced", {
      applicationId: String(applicationId),
      servicePrincipalObjectId: String(servicePrincipalObjectId),
      thumbprint,
      notAfter,
    });
  } finally {
    await (await stack.opened()).importStack(exported);
  }
});

test("one with hostile names", async () => {
  const displayName =
    "::error::x | <img src=x onerror=alert(1)> [a](https://evil.example) @everyone #1 ##vso[task.complete]<!-- `";
  const run = await changing({ displayName });
  expectComment(run.comment, "hostileNames");
  const commands = `${run.stdout}${run.stderr}`
    .split("\n")
    .filter((line) => /^\s*::|##\[|##vso\[/.test(line));
  expect(commands).toEqual([]);
});

test("one with forty tenants, from saved previews", async () => {
  // One preview of the real engine, saved forty times under a name and a tenant of its own.
  const until = dateInAMonth();
  await stack.configure({
    ...exampleConfiguration,
    workloads: ["exchange", "compliance"],
    directoryRoles: ["Global Reader", "Global Administrator"],
    exceptions: [{ role: "Global Administrator", reason: "mailbox migration", until }],
  });
  const { events } = await stack.preview();
  const saved = events.map((event) => JSON.stringify(event)).join("\n");
  const directory = await mkdtemp(join(journey.directory, "forty-"));
  const previews = join(directory, "previews");
  await mkdir(previews);
  await writeFile(join(directory, "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
  for (let at = 1; at <= 40; at += 1) {
    const name = `tenant${String(at).padStart(2, "0")}`;
    await writeFile(join(directory, `Pulumi.${name}.yaml`), "config: {}\n");
    await writeFile(
      join(previews, `${name}.ndjson`),
      saved.replaceAll("contoso.onmicrosoft.com", `${name}.onmicrosoft.com`),
    );
  }
  api.pullRequest.files = Array.from({ length: 40 }, (_none, at) => ({
    filename: `Pulumi.tenant${String(at + 1).padStart(2, "0")}.yaml`,
    status: "modified",
  }));
  const run = await pullRequest({ args: ["--fail-on", "high", "--from", previews], directory });
  expect(api.comments).toHaveLength(1);
  expect(run.comment?.length).toBeLessThanOrEqual(65_536);
  expect(JSON.parse(run.outputs.stacks ?? "")).toHaveLength(40);
  expectComment(run.comment, "fortyTenants", { until });
});

test("one from a fork: nothing is previewed without credentials, which is said and not green", async () => {
  const run = await changing(
    { displayName: "From a fork" },
    {
      step: { token: "token-of-a-fork", headRepository: "mallory/access" },
      environment: { ARM_CLIENT_SECRET: undefined, PULUMI_CONFIG_PASSPHRASE: undefined },
    },
  );
  expect(api.comments).toEqual([]);
  expect(run).toMatchObject({
    code: 3,
    outputs: { gate: "tripped", "not-previewed": '["dev"]', "comment-url": "" },
  });
  expectComment(run.summary, "fork");
  expect(run.stdout).toContain("::warning::GitHub did not write the comment: 403");
});

test("the preview of one stack fails, the other is reviewed all the same", async () => {
  await stack.configure({ ...exampleConfiguration, displayName: "Mailbox reports" });
  await writeFile(
    join(stack.workDirectory, "Pulumi.broken.yaml"),
    "config:\n  apponly:workloads: [nonsense]\n",
  );
  api.pullRequest.files = ["dev", "broken"].map((name) => ({
    filename: `Pulumi.${name}.yaml`,
    status: "modified",
  }));
  const run = await pullRequest({ args: [] });
  expect(run).toMatchObject({
    code: 1,
    outputs: { gate: "off", stacks: '["broken","dev"]', "not-previewed": '["broken"]' },
  });
  expectComment(run.comment, "oneFails");
});

test("one that touches no stack gets no comment; one of an earlier commit is updated", async () => {
  api.pullRequest.files = [{ filename: "README.md", status: "modified" }];
  expect(await pullRequest()).toMatchObject({ code: 0, outputs: { gate: "passed", stacks: "[]" } });
  expect(api.comments).toEqual([]);
  api.comment(
    "github-actions[bot]",
    `<!-- apponly-review key=. head=${"0".repeat(40)} run=99 attempt=1 -->\nold`,
  );
  expectComment((await pullRequest()).comment, "nothingTouched");
});

test("a stack that has no settings, an unknown risk, a base that git does not know: one error each", async () => {
  const failing = async (...args: string[]) => {
    const { code, stderr } = await pullRequest({ args });
    return { code, stderr: stderr.trim() };
  };
  expect(await failing("--stack", "gone")).toEqual({
    code: 2,
    stderr:
      '--stack "gone": the project has no Pulumi.gone.yaml. It has settings for: broken, dev.',
  });
  expect(await failing("--fail-on", "severe")).toEqual({
    code: 2,
    stderr:
      "error: option '--fail-on <risk>' argument 'severe' is invalid. Allowed choices are critical, high, medium, low.\n(run `apponly pull-request --help` for its options)",
  });
  expect(await failing("--base", "--output=/tmp/x")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('git cannot compare with "--output=/tmp/x"') as unknown,
  });
  expect(api.comments).toEqual([]);
});
