/**
 * Records what a Pulumi CLI prints for previews of the project's own program on a simulated tenant,
 * as fixtures of the review: the document, the document with everything shown, and the stream of
 * engine events. Messages, source positions and what differs between machines are taken out.
 *
 * @example node -r ./bin/typescript.js tests/support/recordPreviews.ts ~/pulumi-3.200.0/bin/pulumi
 */
import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import { ExchangeAppOnly } from "../../components/exchangeAppOnly";
import { readConfiguration } from "../../components/configuration/read";
import { stackOutputs } from "../../components/stackOutputs";
import { openStack } from "../../operations/openStack";
import { startJourney } from "./journey";

const first = { name: "2026-11", subject: "contoso.org", validityDays: 365 };
const base = {
  displayName: "ExO PowerShell CBA",
  workloads: ["exchange"],
  directoryRoles: ["Exchange Administrator"],
  certificates: [first],
};

/** What is previewed, each against a stack as `create` leaves it. */
const scenarios = {
  create: base,
  update: {
    ...base,
    workloads: ["exchange", "compliance"],
    directoryRoles: ["Global Reader", "Global Administrator"],
    certificates: [first, { ...first, name: "2027-11" }],
    activeCertificate: "2027-11",
    exceptions: [
      {
        role: "Global Administrator",
        reason: "Migration of the tenant, ticket 4711",
        until: new Date(Date.now() + 26 * 86_400_000).toISOString().slice(0, 10),
      },
    ],
  },
  replaceCert: { ...base, certificates: [{ ...first, validityDays: 180 }] },
};

/** The project's own program without what the oldest CLI does not know: hooks. */
function program(environment: Record<string, string | undefined>): Record<string, unknown> {
  const configuration = readConfiguration(environment, new Date());
  return { ...stackOutputs(configuration, new ExchangeAppOnly("access", configuration.access)) };
}

const everything = ["--show-sames", "--show-reads", "--show-replacement-steps"];
const forms: readonly [suffix: string, flags: readonly string[], streaming: boolean][] = [
  [".json", [], false],
  ["-all.json", everything, false],
  [".ndjson", [], true],
];

/** Keys whose values say where and when a preview ran, and nothing about access. */
const omitted = new Set(["sourcePosition", "stackTrace", "created", "modified", "diagnostics"]);

async function main(pulumi: string): Promise<void> {
  const version = execFileSync(pulumi, ["version"], { encoding: "utf8" }).trim().replace(/^v/, "");
  const root = await mkdtemp(join(tmpdir(), "apponly-recorder-"));
  // The Automation API passes no --json on, so the CLI it finds adds it.
  await mkdir(join(root, "bin"));
  const wrapper = join(root, "bin/pulumi");
  await writeFile(
    wrapper,
    `#!/bin/sh
[ "$1" = preview ] && [ -n "$RECORD_TO" ] && exec '${resolve(pulumi)}' "$@" --json $RECORD_FLAGS > "$RECORD_TO"
exec '${resolve(pulumi)}' "$@"
`,
  );
  await chmod(wrapper, 0o755);
  const journey = await startJourney(undefined, { startPlugins: true, passphrase: true });
  const target = join(__dirname, "../fixtures/previews", version);
  await mkdir(target, { recursive: true });
  await writeFile(join(root, "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
  const configure = (configuration: object, salt?: string) =>
    writeFile(
      join(root, "Pulumi.prod.yaml"),
      stringify({
        encryptionsalt: salt,
        config: Object.fromEntries(
          Object.entries(configuration).map(([key, value]) => [`apponly:${key}`, value as unknown]),
        ),
      }),
    );
  try {
    await configure(base);
    const stack = await openStack({
      stack: "prod",
      workDirectory: root,
      program: () => Promise.resolve(program({ ...process.env, ...journey.environment })),
      pulumi: await PulumiCommand.get({ root }),
      environment: journey.environment,
    });
    const { encryptionSalt } = await stack.workspace.stackSettings("prod");
    for (const [name, configuration] of Object.entries(scenarios)) {
      await configure(configuration, encryptionSalt);
      for (const [suffix, flags, streaming] of forms) {
        if (name === "create" && flags.length > 0) {
          continue;
        }
        const printed = await record(stack, join(root, "printed"), flags, streaming);
        await writeFile(join(target, `${name}${suffix}`), scrub(printed, streaming));
      }
      if (name === "create") {
        await stack.up({ color: "never" });
      }
    }
  } finally {
    await journey.close();
    await rm(root, { recursive: true, force: true });
  }
}

async function record(
  stack: Stack,
  file: string,
  flags: readonly string[],
  streaming: boolean,
): Promise<string> {
  const workspace = stack.workspace as LocalWorkspace;
  const before = workspace.envVars;
  workspace.envVars = {
    ...before,
    RECORD_TO: file,
    RECORD_FLAGS: flags.join(" "),
    ...(streaming ? { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "1" } : {}),
  };
  try {
    // The SDK looks for a summary among what the CLI prints, and that goes into the file.
    await stack.preview({ color: "never" }).catch((error: unknown) => {
      if (!String(error).includes("Failed to get preview summary")) {
        throw error;
      }
    });
  } finally {
    workspace.envVars = before;
  }
  return readFile(file, "utf8");
}

function scrub(printed: string, streaming: boolean): string {
  if (!streaming) {
    return `${JSON.stringify(withoutOmitted(JSON.parse(printed)), null, 1)}\n`;
  }
  return printed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((event) => !("diagnosticEvent" in event || "stdoutEvent" in event))
    .map((event) => `${JSON.stringify(withoutOmitted(event))}\n`)
    .join("");
}

function withoutOmitted(value: unknown): unknown {
  // Old engines lose the mark of a secret on its way through a plugin that accepts none.
  if (typeof value === "string" && value.includes("PRIVATE KEY")) {
    return "[secret]";
  }
  if (Array.isArray(value)) {
    return value.map(withoutOmitted);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => !omitted.has(key))
          .map(([key, one]) => [key, withoutOmitted(one)]),
      )
    : value;
}

main(process.argv[2] ?? "").then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
