/**
 * Pull requests that try to talk the review round: each brings something besides settings, and is
 * told first, counts for the gate, and runs nothing of its own. GitHub is a stand-in; no engine runs.
 */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { run } from "../../../../cli/command";
import { preferencesIn } from "../../../../cli/io";
import { takeForgeAccess } from "../../../../cli/commands/pullRequest/environment";
import { withStagedProject } from "../../../../cli/commands/pullRequest/stagedProject";
import { requireOwnCheckout } from "../../../../cli/commands/pullRequest/reviewer";
import { failure } from "../../../support/github/answers";
import { firstBase, type GitHubApi, startGitHubApi } from "../../../support/github/api";
import { makeStep, type StepOptions } from "../../../support/github/step";
import { documentOf, documentOfFailure } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";

// Parts of a review that are written at once wait for each other; here each has ended.
jest.mock("../../../../system/retry", () => ({
  ...jest.requireActual<object>("../../../../system/retry"),
  pauseByClock: () => Promise.resolve(),
}));

const before = process.cwd();
const outside = { ...process.env };
let api: GitHubApi;
let folder: string;

beforeAll(async () => {
  api = await startGitHubApi();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-pull-"));
  write("checkout/.git/HEAD", "ref: refs/heads/main\n");
  write("checkout/Pulumi.yaml", "name: access\nruntime: nodejs\n");
  write("checkout/Pulumi.dev.yaml", "config: {}\n");
  // What a preview without any change is.
  write("previews/dev.json", JSON.stringify({ steps: [], changeSummary: { same: 1 } }));
  process.chdir(join(folder, "checkout"));
});

afterEach(() => {
  process.chdir(before);
  for (const name of Object.keys(process.env)) {
    delete process.env[name];
  }
  Object.assign(process.env, outside);
  rmSync(folder, { recursive: true });
  api.reset();
});

afterAll(() => api.close());

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

interface Changed {
  readonly filename: string;
  readonly previous_filename?: string;
  readonly sha?: string;
  readonly status?: string;
}

/** Runs the command as a step does, with tokens in its environment, for the files given. */
async function review(
  files: readonly (string | Changed)[],
  args: readonly string[] = ["--from"],
  event: Partial<StepOptions> = {},
  comment: readonly string[] = ["--no-comment"],
) {
  api.pullRequest.files = files.map((file) => ({
    status: typeof file !== "string" && file.previous_filename ? "renamed" : "modified",
    ...(typeof file === "string" ? { filename: file } : file),
  }));
  const step = await makeStep({ apiUrl: api.url, ...event });
  Object.assign(process.env, step.environment, {
    GITHUB_WORKSPACE: join(folder, "checkout"),
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "token-of-the-identity",
    PULUMI_ACCESS_TOKEN: "token-of-the-state",
  });
  const io = recordingIo({}, preferencesIn(args));
  const from = args.includes("--from") ? [join(folder, "previews")] : [];
  const code = await run(
    ["pull-request", ...comment, "--fail-on", "critical", ...args, ...from],
    io,
  );
  return {
    code,
    out: io.written(),
    err: io.said(),
    report: readable(await step.summary()),
    outputs: await step.outputs(),
  };
}

/** Markdown as its reader sees it. */
function readable(markdown: string): string {
  return markdown
    .replace(/<\/?code>/g, "`")
    .replace(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)));
}

/** The first line that a reader of the report sees. */
const firstLine = (report: string) => report.split("\n").find((line) => !/^<!--|^$/.test(line));

test("settings by themselves pass, and nothing is said of code", async () => {
  const { code, report, out } = await review(["Pulumi.dev.yaml"]);
  expect({ code, first: firstLine(report) }).toEqual({
    code: 0,
    first: "## Permission changes: no permission change",
  });
  expect(out).not.toContain("Code changes");
});

test("as JSON there is only the document, and what the runner obeys is beside it", async () => {
  const { code, out, err } = await review(["components/grants.ts"], ["--json", "--from"]);
  expect(documentOf("pull-request", out)).toMatchObject({
    gate: "tripped",
    stacks: ["dev"],
    code: [{ path: "components/grants.ts" }],
    reviews: [{ stack: "dev", changes: [] }],
  });
  expect(err).toContain("::error::");
  expect([code, documentOfFailure(err)]).toMatchObject([3, { error: { code: "policy" } }]);
});

test.each([
  ["program", "index.ts"],
  ["program", "components/grants.ts"],
  ["program", "certificates/own.cer"],
  ["dependencies and scripts", "package.json"],
  ["dependencies and scripts", ".npmrc"],
  ["lock file", "package-lock.json"],
  ["Pulumi project", "Pulumi.yaml"],
  ["hook", ".husky/pre-push"],
  ["hook", ".gitattributes"],
  ["workflow", ".github/workflows/review.yml"],
  ["workflow", "azure-pipelines/review.yml"],
  ["action", "action.yml"],
  ["action", "tools/review/action.yaml"],
  ["code owners", ".github/CODEOWNERS"],
  ["policies", "policy/rules/roles.ts"],
  ["submodule", ".gitmodules"],
])("a changed %s, %s, is the first line, and trips the gate", async (kind, file) => {
  const { code, report, out, outputs } = await review(["Pulumi.dev.yaml", file]);
  expect({ code, gate: outputs.gate }).toEqual({ code: 3, gate: "tripped" });
  expect(firstLine(report)).toBe(
    `**Code changes, of which the review shows nothing:** ${kind} \`${file}\`. Read them as code.`,
  );
  expect(report).toContain("**Check failed:** code changes.");
  expect(out.split("\n")[0]).toContain(`${kind} ${file}`);
});

test("code counts where no stack is touched, and where the stacks are named", async () => {
  const workflow = ".github/workflows/up.yml";
  const untouched = await review([workflow]);
  expect(untouched).toMatchObject({ code: 3, outputs: { gate: "tripped", stacks: "[]" } });
  expect(firstLine(untouched.report)).toContain(`workflow \`${workflow}\``);
  const named = await review([workflow], ["--stack=dev", "--from"]);
  expect(named).toMatchObject({ code: 3, outputs: { gate: "tripped", stacks: '["dev"]' } });
});

describe("what trips the gate is accepted", () => {
  const program = { filename: "index.ts", sha: "1".repeat(40) };
  const firstDeployment = join(__dirname, "../../../fixtures/previews/3.259.0/create.json");
  const args = ["--fail-on", "high", "--from"];

  beforeEach(() => write("previews/dev.json", readFileSync(firstDeployment, "utf8")));

  const approve = (body: string, login = "anna") =>
    api.reviews.push({
      state: "APPROVED",
      body,
      submittedAt: "2026-11-25T12:00:00Z",
      author: { __typename: "User", login },
      editor: null,
      commit: { oid: "1".repeat(40) },
    });
  const lineIn = (report: string) => /^apponly accept [0-9a-f]{40}$/m.exec(report)?.[0] ?? "";

  test("by the line that the report names, which is recorded with who, when and where", async () => {
    const files = ["Pulumi.dev.yaml", program];
    const failed = await review(files, args);
    expect(failed).toMatchObject({ code: 3, outputs: { gate: "tripped", "accepted-by": "" } });
    expect(failed.report).toContain(
      "approves the pull request, with the line in the text of the review",
    );
    approve(`Looks right.\n\n${lineIn(failed.report)}`);
    const passed = await review(files, args);
    expect(passed).toMatchObject({ code: 0, outputs: { gate: "passed", "accepted-by": "anna" } });
    expect(passed.report).toMatch(
      /\*\*Check passed:\*\* accepted by `anna` on 2026-11-25T12.*:.*00.*:.*00Z at commit 111111111111, as [0-9a-f]{12}: code changes, and a change is high or worse\./,
    );
    expect(passed.out).toContain(
      "::warning::Gate: passed (--fail-on high), accepted by anna on 2026-",
    );
    expect(lineIn(passed.report)).toBe("");
  });

  test("and not what is pushed afterwards: other content, another file, another change", async () => {
    const files = ["Pulumi.dev.yaml", program];
    approve(lineIn((await review(files, args)).report));
    const other = { ...program, sha: "2".repeat(40) };
    for (const pushed of [
      ["Pulumi.dev.yaml", other],
      [...files, "extra.ts"],
    ]) {
      expect(await review(pushed, args)).toMatchObject({ code: 3, outputs: { "accepted-by": "" } });
    }
    const text = readFileSync(firstDeployment, "utf8");
    write(
      "previews/dev.json",
      text.replaceAll(
        "29232cdf-9323-42fd-ade2-1d097af3e4de",
        "62e90394-69f5-4237-9190-012177145e10",
      ),
    );
    expect(await review(files, args)).toMatchObject({ code: 3, outputs: { gate: "tripped" } });
  });

  test("only by those who are named, where some are", async () => {
    const line = lineIn((await review([program], args)).report);
    approve(line);
    const reviewAcceptedBy = (name: string) => review([program], ["--accept-from", name, ...args]);
    expect(await reviewAcceptedBy("ben")).toMatchObject({ code: 3 });
    expect(await reviewAcceptedBy("Anna")).toMatchObject({ code: 0 });
  });

  test("also for the merge queue, which writes no comment on the pull request", async () => {
    const files = ["Pulumi.dev.yaml", program];
    approve(lineIn((await review(files, args)).report));
    const [queuedOn, head] = ["2".repeat(40), "3".repeat(40)];
    const merged = files.map((file) =>
      typeof file === "string"
        ? { filename: file, status: "modified" }
        : { ...file, status: "modified" },
    );
    api.comparisons.set(`${queuedOn}...${head}`, merged);
    const queued = await review([], ["--comment", ...args], { queuedOn, head });
    expect(queued).toMatchObject({ code: 0, outputs: { gate: "passed", "accepted-by": "anna" } });
    api.comparisons.set(`${queuedOn}...${head}`, [
      ...merged,
      { filename: "x.ts", status: "added" },
    ]);
    expect(await review([], ["--comment", ...args], { queuedOn, head })).toMatchObject({ code: 3 });
    expect(api.comments).toEqual([]);
  });

  test("not where the reviews cannot be read, which is said", async () => {
    api.faults.add({ method: "POST", path: /graphql/, answer: () => failure(403, "No"), times: 9 });
    const { code, out } = await review([program], args);
    expect({ code, out }).toEqual({
      code: 3,
      out: expect.stringContaining("::warning::GitHub did not list the reviews: 403") as unknown,
    });
  });
});

test("documentation and tests count for nothing", async () => {
  const files = ["README.md", "docs/how-to/rotate.md", "tests/unit/a.test.ts", ".gitignore"];
  expect((await review(["Pulumi.dev.yaml", ...files])).code).toBe(0);
});

test("a file that is renamed counts in both places", async () => {
  const away = { filename: "docs/index.md", previous_filename: "index.ts" };
  expect(firstLine((await review([away])).report)).toContain("program `index.ts`");
  const into = { filename: "index.ts", previous_filename: "docs/index.md" };
  expect(firstLine((await review([into])).report)).toContain("program `index.ts`");
});

test("a link in the place of settings is told, and not followed", async () => {
  write("elsewhere.yaml", "config: {}\n");
  symlinkSync(join(folder, "elsewhere.yaml"), join(folder, "checkout/Pulumi.linked.yaml"));
  const { code, report } = await review(["Pulumi.linked.yaml"], []);
  expect(code).toBe(3);
  expect(firstLine(report)).toContain("link or submodule `Pulumi.linked.yaml`");
  expect(report).toMatch(/`linked`: .*is a link/);
});

const onUnix = process.platform === "win32" ? test.skip : test;

onUnix("a pipe in the place of settings is not waited for", async () => {
  execFileSync("mkfifo", [join(folder, "checkout/Pulumi.piped.yaml")]);
  const { code, report } = await review(["Pulumi.piped.yaml"], []);
  expect(code).toBe(3);
  expect(report).toMatch(/### Not previewed\s+- `piped`: /);
});

test("what the command line names is the pull request's word where it lies in the checkout", async () => {
  write("checkout/docs/previews/dev.json", JSON.stringify({ steps: [], changeSummary: {} }));
  write("checkout/docs/levels.json", "{}");
  const args = ["--policy-pack-config", "docs/levels.json", "--stack=dev"];
  const { report } = await review(["docs/levels.json"], [...args, "--from"]);
  expect(firstLine(report)).toContain("what the review reads `docs/levels.json`");
  const saved = await review(["docs/previews/dev.json"], ["--stack=dev", "--from=docs/previews"]);
  expect(firstLine(saved.report)).toContain("what the review reads `docs/previews/dev.json`");
});

test("thousands of files leave no room for an empty first line", async () => {
  const files = Array.from({ length: 2_999 }, (_none, at) => `lib/${"x".repeat(60)}${at}.ts`);
  const { report } = await review(files);
  expect(firstLine(report)).toMatch(
    /^\*\*Code changes.* and \d+ files more\. Read them as code\.$/,
  );
  expect(firstLine(report)?.length).toBeLessThan(2_500);
});

const printing = `
  require("node:fs").writeFileSync("owned", JSON.stringify(process.env));
  console.log(process.env);
  module.exports = async () => ({});
`;

test("a program of the pull request's own is not run, and not reviewed as if it were ours", async () => {
  write("checkout/index.ts", printing);
  const { code, report, out, err } = await review(["Pulumi.dev.yaml", "index.ts"], []);
  expect(code).toBe(3);
  expect(firstLine(report)).toContain("program `index.ts`");
  expect(report).toMatch(/### Not previewed\n\n- `dev`: .*runs .*index\.ts.*not the program/s);
  expect(existsSync(join(folder, "checkout/owned"))).toBe(false);
  for (const text of [out, err, report]) {
    expect(text).not.toMatch(/token-of-/);
  }
});

test.each([
  ["plugins", "plugins:\n  providers:\n    - { name: azuread, path: ./bin }\n", /"plugins"/],
  ["packages", "packages:\n  azuread: ./azuread\n", /"packages"/],
  ["a backend", "backend: { url: https://state.evil.example }\n", /where the state is kept/],
  ["a language", "runtime: python\n", /language "python"/],
  ["a main file", "main: tools\n", /runs tools/],
])("a project's file that gets %s has no stack previewed by it", async (_what, text, reason) => {
  write(
    "checkout/Pulumi.yaml",
    `name: access\n${text.includes("runtime") ? "" : "runtime: nodejs\n"}${text}`,
  );
  const { code, report, outputs } = await review(["Pulumi.yaml"], []);
  expect({ code, unseen: outputs["not-previewed"] }).toEqual({ code: 3, unseen: '["dev"]' });
  expect(firstLine(report)).toContain("Pulumi project `Pulumi.yaml`");
  expect(report).toMatch(reason);
});

test("plugins that the package has itself are taken from the package, wherever the file says", () => {
  const plugins = "plugins:\n  providers:\n    - { name: exchangeonline, path: evil }\n";
  write("checkout/Pulumi.yaml", `name: access\nruntime: nodejs\n${plugins}`);
  return withStagedProject("dev", true, (staged) => {
    const text = readFileSync(join(staged, "Pulumi.yaml"), "utf8");
    expect(text).not.toContain("evil");
    const { plugins: used } = parse(text) as {
      plugins: { providers: { name: string; path: string }[] };
    };
    expect(used.providers.map(({ path }) => existsSync(path))).toEqual([true]);
    return Promise.resolve();
  });
});

test("settings that write out an environment set no variable of the engine", async () => {
  const own =
    "environment:\n  values:\n    environmentVariables: { ARM_METADATA_HOSTNAME: evil.example }\n";
  write("checkout/Pulumi.dev.yaml", `${own}config: {}\n`);
  const { code, report } = await review(["Pulumi.dev.yaml"], []);
  expect(code).toBe(3);
  expect(report).toContain("writes out an environment");
});

test.each([
  ["merged at the top", "<<: { environment: { values: { environmentVariables: {} } } }\n"],
  ["in quotes", '"<<": { environment: { values: { environmentVariables: {} } } }\n'],
  ["under a tag", "!!binary ZW52aXJvbm1lbnQ=: { values: { environmentVariables: {} } }\n"],
])("an environment that only the engine would see is refused: %s", async (_way, text) => {
  write("checkout/Pulumi.dev.yaml", `${text}config: {}\n`);
  const { code, report } = await review(["Pulumi.dev.yaml"], []);
  expect({ code, report }).toEqual({
    code: 3,
    report: expect.stringContaining("which programs read in different ways") as unknown,
  });
});

test("a reviewer that lies in the checkout under review is refused", () => {
  const [checkout, reviewer] = [join(folder, "checkout"), join(folder, "reviewer")];
  mkdirSync(join(checkout, "node_modules/apponly"), { recursive: true });
  mkdirSync(join(reviewer, ".git"), { recursive: true });
  expect(() => requireOwnCheckout(checkout, join(checkout, "node_modules/apponly"))).toThrow(
    /^The reviewer lies in the checkout of the pull request, .*\. Take it from the base/,
  );
  expect(() => requireOwnCheckout(checkout, reviewer)).not.toThrow();
});

test("tokens are out of the process, except those with which the engine signs in", () => {
  const tokens = {
    GITHUB_TOKEN: "x",
    GH_TOKEN: "x",
    GITHUB_OUTPUT: "x",
    ACTIONS_RUNTIME_TOKEN: "x",
    ACTIONS_CACHE_URL: "x",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "x",
    ACTIONS_ID_TOKEN_REQUEST_URL: "x",
    SYSTEM_ACCESSTOKEN: "x",
    AZURE_CLIENT_SECRET: "x",
    AZURE_STORAGE_KEY: "x",
    NODE_AUTH_TOKEN: "x",
    AWS_SECRET_ACCESS_KEY: "x",
    GOOGLE_APPLICATION_CREDENTIALS: "x",
    VAULT_ADDR: "x",
    VAULT_TOKEN: "x",
    SLACK_WEBHOOK_URL: "x",
    DATABASE_URL: "x",
    STORAGE_CONNECTION_STRING: "x",
    DEPLOY_SSH_PRIVATE_KEY: "x",
    SONAR_AUTH: "x",
    MYSQL_PWD: "x",
    npm_config__auth: "x",
    DOCKER_AUTH_CONFIG: "x",
    OpsPassword: "x",
    APPONLY_PFX_PASSWORD: "x",
  };
  const left = (more: NodeJS.ProcessEnv, settings = "") => {
    const environment: NodeJS.ProcessEnv = { ...tokens, ...more };
    expect(takeForgeAccess(environment, settings)).toEqual({ ...tokens, ...more });
    return Object.keys(environment).filter((name) => name in tokens);
  };
  expect(left({})).toEqual([]);
  const identity = ["ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"];
  expect(left({ ARM_USE_OIDC: "true" })).toEqual(identity);
  expect(left({}, "config: { azuread:useOidc: true }")).toEqual(identity);
  expect(left({ ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID: "x" })).toEqual(["SYSTEM_ACCESSTOKEN"]);
  const azure = ["AZURE_CLIENT_SECRET", "AZURE_STORAGE_KEY"];
  expect(left({ PULUMI_BACKEND_URL: "azblob://state" })).toEqual(azure);
  expect(left({}, "secretsprovider: azurekeyvault://v.vault.azure.net/keys/k")).toEqual(azure);
  expect(left({ PULUMI_BACKEND_URL: "s3://state" })).toEqual(["AWS_SECRET_ACCESS_KEY"]);
  expect(left({}, "gs://state")).toEqual(["GOOGLE_APPLICATION_CREDENTIALS"]);
  expect(left({}, "secretsprovider: hashivault://k")).toEqual(["VAULT_ADDR", "VAULT_TOKEN"]);
});

describe("what encrypts a stack's secrets", () => {
  const salt = "encryptionsalt: v1:c2FsdA==:v1:c2VjcmV0\n";
  const vault = (name: string, key = "Zmlyc3Q=") =>
    `secretsprovider: azurekeyvault://${name}.vault.azure.net/keys/k\nencryptedkey: ${key}\n`;
  const config = "config: {}\n";

  test.each([
    [
      "a passphrase",
      salt,
      vault("a"),
      "from a passphrase to Azure Key Vault (secretsprovider, encryptedkey, encryptionsalt)",
    ],
    [
      "a service",
      vault("a"),
      salt,
      "from Azure Key Vault to a passphrase (secretsprovider, encryptedkey, encryptionsalt)",
    ],
    [
      "a vault",
      vault("a"),
      vault("b"),
      "from Azure Key Vault to another key of it (secretsprovider)",
    ],
    [
      "a data key",
      vault("a"),
      vault("a", "b3RoZXI="),
      "from Azure Key Vault to another key of it (encryptedkey)",
    ],
    [
      "a salt",
      salt,
      salt.replace("c2FsdA", "b3RoZXI"),
      "from a passphrase to another key of it (encryptionsalt)",
    ],
    [
      "nothing of its own",
      "",
      "secretsprovider: awskms://k?region=a\n",
      "from the backend's own to AWS KMS (secretsprovider)",
    ],
    [
      "a passphrase, by an alias",
      salt,
      `x: &p gcpkms://k\n${salt}secretsprovider: *p\n`,
      "from a passphrase to Google Cloud KMS (secretsprovider)",
    ],
    [
      "a passphrase, by an escape",
      salt,
      `${salt}"secrets\\x70rovider": hashivault://k\n`,
      "from a passphrase to HashiCorp Vault (secretsprovider)",
    ],
    [
      "a scheme that is none",
      salt,
      `${salt}secretsprovider: "constructor://\\u202e##vso[x]"\n`,
      "from a passphrase to an unknown provider (secretsprovider)",
    ],
    [
      "a list",
      salt,
      `${salt}secretsprovider: [awskms://k]\n`,
      "from a passphrase to an unknown provider (secretsprovider)",
    ],
  ])("is told where the change is one of %s, and counts", async (_what, old, now, detail) => {
    api.textBefore = (path, commit) =>
      path === "Pulumi.dev.yaml" && commit === firstBase ? old + config : undefined;
    write("checkout/Pulumi.dev.yaml", now + config);
    const { code, report, out, err, outputs } = await review(["Pulumi.dev.yaml"]);
    expect(code).toBe(3);
    expect(firstLine(report)).toContain(`secrets provider \`Pulumi.dev.yaml\` ${detail}`);
    expect(out).toContain(`secrets provider Pulumi.dev.yaml ${detail}`);
    expect(outputs).toMatchObject({ gate: "tripped" });
    expect(report + out + err).not.toMatch(/vault\.azure|Zmlyc3Q|c2FsdA|b3RoZXI|region=a|vso\[x/);
  });

  test("is a field of the document, and of what is accepted", async () => {
    api.textBefore = () => salt + config;
    write("checkout/Pulumi.dev.yaml", vault("a") + config);
    const { out } = await review(
      [{ filename: "Pulumi.dev.yaml", sha: "3".repeat(40) }],
      ["--json", "--from"],
    );
    expect(documentOf("pull-request", out)).toMatchObject({
      code: [
        {
          path: "Pulumi.dev.yaml",
          kind: "secrets provider",
          detail:
            "from a passphrase to Azure Key Vault (secretsprovider, encryptedkey, encryptionsalt)",
          content: "3".repeat(40),
        },
      ],
    });
  });

  test.each([
    ["as before", salt + config, `${config}${salt}`],
    ["as before, in other words", vault("a"), vault("a").replace(/: (.*)/g, ': "$1"') + config],
  ])("passes where it is %s", async (_what, old, now) => {
    api.textBefore = () => old;
    write("checkout/Pulumi.dev.yaml", now);
    expect(await review(["Pulumi.dev.yaml"])).toMatchObject({ code: 0 });
  });

  test("of a new stack counts, unless it is a passphrase or the backend's own", async () => {
    const added = [{ filename: "Pulumi.dev.yaml", status: "added" }];
    write("checkout/Pulumi.dev.yaml", salt + config);
    expect(await review(added)).toMatchObject({ code: 0 });
    write("checkout/Pulumi.dev.yaml", vault("a") + config);
    const { code, report } = await review(added);
    expect(code).toBe(3);
    expect(firstLine(report)).toContain(
      "from none to Azure Key Vault (secretsprovider, encryptedkey)",
    );
  });

  test("of settings that were renamed is compared with those before", async () => {
    api.textBefore = (path) => (path === "Pulumi.old.yaml" ? salt + config : undefined);
    write("checkout/Pulumi.dev.yaml", vault("a") + config);
    const { report } = await review([
      { filename: "Pulumi.dev.yaml", previous_filename: "Pulumi.old.yaml" },
    ]);
    expect(firstLine(report)).toContain("from a passphrase to Azure Key Vault");
    api.textBefore = () => vault("a") + config;
    const moved = await review([
      { filename: "Pulumi.dev.yaml", previous_filename: "Pulumi.old.yaml" },
    ]);
    expect(firstLine(moved.report)).toContain("from none to Azure Key Vault");
  });

  test.each([
    ["the forge does not tell", () => undefined],
    ["cannot be read", () => "config: [\n"],
  ])("counts where what was before %s", async (_what, old) => {
    api.textBefore = old;
    const { code, report } = await review(["Pulumi.dev.yaml"]);
    expect(code).toBe(3);
    expect(firstLine(report)).toContain("that cannot be compared with before");
  });

  test("is compared by git where the base is one of the checkout", async () => {
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
        cwd: join(folder, "checkout"),
      });
    rmSync(join(folder, "checkout/.git"), { recursive: true });
    git("init", "--quiet");
    write("checkout/Pulumi.dev.yaml", salt + config);
    git("add", ".");
    git("commit", "--quiet", "-m", "before");
    write("checkout/Pulumi.dev.yaml", vault("a") + config);
    git("commit", "--quiet", "-am", "after");
    const { code, report } = await review([], ["--base", "HEAD~1", "--from"]);
    expect(code).toBe(3);
    expect(firstLine(report)).toContain("`Pulumi.dev.yaml` from a passphrase to Azure Key Vault");
  });
});

test("what the engine and the deployer sign in with stays, and what only looks like it", () => {
  const environment: NodeJS.ProcessEnv = {
    PULUMI_ACCESS_TOKEN: "x",
    PULUMI_CONFIG_PASSPHRASE: "x",
    ARM_CLIENT_SECRET: "x",
    PATH: "/bin",
    PWD: "/checkout",
    OLDPWD: "/",
    HTTPS_PROXY: "http://proxy.example:8080",
    NODE_EXTRA_CA_CERTS: "/ca.pem",
    SSL_CERT_FILE: "/ca.pem",
    GIT_AUTHOR_NAME: "a",
    TF_BUILD: "True",
  };
  const before = { ...environment };
  takeForgeAccess(environment);
  expect(environment).toEqual(before);
});

test("jobs that each review a part of the stacks stand in one comment side by side", async () => {
  write("checkout/Pulumi.tokyo.yaml", "config: {}\n");
  write("previews/tokyo.json", JSON.stringify({ steps: [], changeSummary: { same: 1 } }));
  const files = ["Pulumi.dev.yaml", "Pulumi.tokyo.yaml"];
  for (const [stack, attempt] of [
    ["tokyo", 1],
    ["dev", 2],
  ] as const) {
    const { code } = await review(files, ["--stack", stack, "--from"], { attempt }, []);
    expect([stack, code]).toEqual([stack, 0]);
  }
  expect(api.comments).toHaveLength(1);
  const body = readable(api.comments[0]?.body ?? "");
  expect(body).toContain("## Permission changes in 2 parts");
  expect(body).toMatch(/\| `dev` \|[^]*\| `tokyo` \|/);
  expect(body).toMatch(
    /part=dev head=\w+ run=\d+ attempt=2[^]*part=tokyo head=\w+ run=\d+ attempt=1/,
  );
});
