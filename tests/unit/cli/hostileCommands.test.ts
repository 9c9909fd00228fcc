/**
 * Every command, run whole, with hostile texts wherever it reads some: settings, outputs, state, the
 * engine's messages, what a tenant and a forge answer, files, file names and the command line. Its
 * output holds nothing that a runner or a terminal acts on. A program stands for the Pulumi CLI.
 *
 * A command without an entry fails the test. How many texts hold for what writes them:
 * `output.test.ts`.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { stringify } from "yaml";
import { commandNames, run } from "../../../cli/command";
import { makeGeneration, sampleOutputs } from "../../support/exportSample";
import { type GitHubApi, startGitHubApi } from "../../support/github/api";
import { makeStep } from "../../support/github/step";
import { previewText } from "../../support/hostilePreview";
import { expectHarmless, hostileSeed, hostileText } from "../../support/hostileText";
import { recordingIo } from "../../support/recordingIo";
import { consent, Graph, makeApp, microsoft } from "../../simulator/support/clients";
import { simulated } from "../../simulator/support/simulated";
import { recordWith } from "../fleet/records";

/** By this a text is known again in an output. */
const mark = "Kilroy";
const samples = fc.sample(hostileText, { numRuns: 300, seed: hostileSeed });
const texts = {
  "in lines": samples.map((text) => `${text}${mark}`).join("\n"),
  "in one line": samples.map((text) => text.replace(/[\r\n\u2028\u2029]/g, "")).join(mark),
} as const;

const context = simulated({
  deployer: { permissions: ["Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"] },
});
const all = sampleOutputs([makeGeneration("2026-11")]);

let folder: string;
let github: GitHubApi;

/** Answers as the CLI does, by files of its folder; a preview and all else fail with a text. */
const standIn = `#!/bin/sh
here=\${0%/*}
what=$*
if [ -e "$here/fails" ]; then what="-$*"; fi
case "$what" in
  version* | -version*) echo v3.259.0 ;;
  "stack output"*) exec cat "$here/outputs.json" ;;
  "stack export"*) exec cat "$here/state.json" ;;
  config*) exec cat "$here/config.json" ;;
  "stack select"* | "stack init"* | "plugin ls"*) echo "{}" ;;
  *) cat "$here/message.txt" >&2; exit 255 ;;
esac
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "apponly-hostile-"));
  mkdirSync(join(folder, "cli/bin"), { recursive: true });
  writeFileSync(join(folder, "cli/bin/pulumi"), standIn);
  chmodSync(join(folder, "cli/bin/pulumi"), 0o755);
  writeFileSync(join(folder, "ca.pem"), context.simulator.caCertificatePem);
  github = await startGitHubApi();
});

afterAll(async () => {
  await github.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Makes applications of hostile names that reach into Exchange. */
async function makeApplications(): Promise<void> {
  const graph = await Graph.connect(context);
  for (const text of samples.slice(0, 20)) {
    // Graph takes only some of them.
    const app = await makeApp(graph, { displayName: `${mark}${text}` }).catch(() => undefined);
    if (app === undefined) {
      continue;
    }
    const { servicePrincipalId } = app;
    await consent(graph, servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
  }
}

const write = (name: string, content: string | object) => {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
};

/** As a part of a file's name. */
const nameOf = (text: string) => text.replace(/[\u0000/\ud800-\udfff]/g, "").slice(0, 60) + mark;

/** Puts a text wherever a command finds one. */
function plant(text: string, output?: string): void {
  const outputs = output === undefined ? { ...all, notes: text } : { ...all, [output]: text };
  write("cli/bin/outputs.json", outputs);
  const config = { displayName: text, organization: text, notes: text, tags: { [text]: text } };
  rmSync(join(folder, "project"), { recursive: true, force: true });
  write(
    "project/Pulumi.yaml",
    stringify({ name: "apponly", runtime: "nodejs", description: text }),
  );
  write(
    "project/Pulumi.dev.yaml",
    stringify({
      config: Object.fromEntries(
        Object.entries(config).map(([key, one]) => [`apponly:${key}`, one]),
      ),
    }),
  );
  write(
    "cli/bin/config.json",
    Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        `apponly:${key}`,
        { value: typeof value === "string" ? value : JSON.stringify(value), secret: false },
      ]),
    ),
  );
  const urn = `urn:pulumi:dev::apponly::azuread:index/application:Application::${text}`;
  const resource = {
    urn,
    type: "azuread:index/application:Application",
    custom: true,
    id: text,
    inputs: { displayName: text },
    outputs: { displayName: text, objectId: text },
  };
  // The commands that read take the outputs of the state, those that change ask for them.
  const root = { urn: "urn:pulumi:dev::apponly::s", type: "pulumi:pulumi:Stack", outputs };
  write("cli/bin/state.json", {
    version: 3,
    deployment: { manifest: { time: text }, resources: [root, resource] },
  });
  write("cli/bin/message.txt", `error: ${text}\nerror: update failed\n${text}`);
}

interface Entry {
  /** Command lines, one run each. */
  readonly lines: (text: string) => readonly (readonly string[])[];
  readonly environment?: (text: string) => Promise<Record<string, string>>;
  /** Outputs that hold a text, one after the other. */
  readonly outputs?: readonly string[];
  /** Whether the CLI fails with a text, too. */
  readonly fails?: boolean;
  /** Whether what it shows is of the tenant, so that another text would show the same. */
  readonly ofTenant?: boolean;
  /** Why it shows nothing of what it is given. */
  readonly silent?: string;
}

const onStack = (...rest: string[]): Entry => ({
  lines: () => [[...rest, "-s", "dev"]],
  fails: true,
});
const reading = (...rest: string[]): Entry => ({
  ...onStack(...rest),
  outputs: Object.keys(all),
});

/** How each command meets with a text. */
const entries: Readonly<Record<string, Entry>> = {
  start: { lines: () => [["start", "--directory", join(folder, "embedded")]] },
  simulator: {
    lines: (text) => {
      write("taken/lock", { pid: 1, host: text });
      return [["simulator", "--directory", join(folder, "taken")]];
    },
  },
  doctor: onStack("doctor"),
  toolchain: {
    lines: () => [["toolchain"]],
    environment: (text) => Promise.resolve({ APPONLY_PULUMI: join(folder, nameOf(text)) }),
  },
  verify: reading("verify"),
  explain: {
    lines: (text) => [["explain", text]],
    silent: "it repeats nothing of what it is asked about",
  },
  review: {
    lines: (text) =>
      ["terminal", "markdown", "json", "html"].map((format) => [
        ...["review", "-s", "dev", "--from", write("preview.json", previewText(text))],
        ...["-f", format],
      ]),
  },
  drift: onStack("drift"),
  up: onStack("up", "--yes"),
  destroy: onStack("destroy", "--yes"),
  retire: onStack("retire", "--yes"),
  audit: {
    lines: () =>
      ["terminal", "markdown", "json", "html", "csv"].map((format) => [
        ...["audit", "--no-stacks", "-f", format],
      ]),
    environment: async () => {
      if (context.tenant.state().applications.length < 10) {
        await makeApplications();
      }
      return {};
    },
    ofTenant: true,
  },
  adopt: { lines: (text) => [["adopt", "-s", "dev", "-a", text]] },
  "pull-request": {
    lines: (text) => {
      write("previews/dev.json", previewText(text));
      github.reset();
      github.pullRequest.files = [
        { filename: "Pulumi.dev.yaml", status: "modified" },
        { filename: nameOf(text), status: "added" },
      ];
      return [["pull-request", "--forge", "github", "--from", join(folder, "previews")]];
    },
    environment: async () => (await makeStep({ apiUrl: github.url })).environment,
  },
  init: {
    lines: (text) => {
      const rows = [
        "stack,tenant,cloud",
        `"${text.replaceAll('"', '""')}",00000000-0000-4000-8000-000000000000,global`,
      ];
      return [["init", "--no-check", "--from", write("stacks.csv", rows.join("\n"))]];
    },
  },
  report: {
    lines: (text) => {
      const record = recordWith({ stack: text, tenant: text, reason: text } as never);
      const good = recordWith({
        findings: [{ kind: "drift", risk: "high", subject: text, target: text, text } as never],
      });
      write("records/run.jsonl", `${JSON.stringify(good)}\n${JSON.stringify(record)}\n`);
      return ["markdown", "html", "json", "csv", "openmetrics"].map((format) => [
        ...["report", "--from", join(folder, "records"), "-f", format],
      ]);
    },
  },
  stacks: {
    lines: (text) => {
      write(`project/Pulumi.${nameOf(text)}.yaml`, "config: {}\n");
      return [["stacks"], ["stacks", "--format", "json"]];
    },
    silent: "a file of such a name is not that of a stack",
  },
  advise: {
    lines: (text) => [["advise", write("script.ps1", `Get-Mailbox "${text}"\nGet-${text}\n`)]],
  },
  record: { lines: (text) => [["record", "--", nameOf(text)]] },
  export: reading("export", "-f", "json"),
  pipeline: onStack("pipeline", "-k", "jenkins"),
  certificates: onStack("certificates"),
  completion: { lines: (text) => [["completion", text]] },
  rotate: { lines: (text) => [["rotate", "-s", "dev", "--yes", "--name", text]] },
};

test("every command has an entry", () => {
  expect(Object.keys(entries).sort()).toEqual([...commandNames].sort());
});

/** Points a command at the simulated tenant and at the CLI's stand-in. */
const tenantVariables = () => ({
  APPONLY_PULUMI: join(folder, "cli/bin/pulumi"),
  ARM_TENANT_ID: context.tenant.tenantId,
  ARM_CLIENT_ID: context.tenant.deployer.clientId,
  ARM_CLIENT_SECRET: context.tenant.deployer.issueSecret(),
  ARM_METADATA_HOSTNAME: context.simulator.endpoints.metadataHost,
  ARM_USE_CLI: "false",
  SSL_CERT_FILE: join(folder, "ca.pem"),
  // As where somebody debugs one: no plugin is started for an engine that is not there.
  PULUMI_DEBUG_PROVIDERS: "",
});

const runners = [{ GITHUB_ACTIONS: "true" }, { TF_BUILD: "True" }];

describe.each(commandNames)("apponly %s", (name) => {
  test("prints nothing that a runner or a terminal acts on", async () => {
    const { lines, environment, outputs, ofTenant, fails: mayFail, silent } = entries[name]!;
    const runs = ofTenant === true ? runners.length : runners.length * Object.keys(texts).length;
    const cases = (outputs ?? Array.from<undefined>({ length: runs })).map((output, index) => ({
      output,
      runner: runners[index % 2],
      text: Object.values(texts)[Math.floor(index / 2) % 2] ?? "",
      fails: mayFail === true && index < 4,
    }));
    const shown: string[] = [];
    const runAll = async (text: string) => {
      for (const line of lines(text)) {
        const io = recordingIo();
        await run(["-C", join(folder, "project"), ...line], io);
        const said = io.written() + io.said();
        expectHarmless(said);
        expect(said).not.toMatch(/^ +at .*:\d+:\d+/m);
        shown.push(said);
      }
    };
    for (const { output, runner, text, fails } of cases) {
      plant(text, output);
      const before = { ...process.env };
      Object.assign(process.env, runner, tenantVariables(), await environment?.(text));
      try {
        await runAll(text);
        if (fails) {
          write("cli/bin/fails", "");
          await runAll(text);
        }
      } finally {
        rmSync(join(folder, "cli/bin/fails"), { force: true });
        process.chdir(__dirname);
        Object.keys(process.env).forEach((key) => delete process.env[key]);
        Object.assign(process.env, before);
      }
    }
    expect(shown.filter((one) => one.includes("has no outputs"))).toEqual([]);
    // A text that is never shown would prove nothing.
    const hasShown = shown.some((one) => one.includes(mark));
    expect({ hasShown, silent }).toEqual({ hasShown: silent === undefined, silent });
  });
});
