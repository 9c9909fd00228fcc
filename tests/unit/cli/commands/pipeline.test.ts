/** What `apponly pipeline` writes and refuses, for a stack whose outputs are given. */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipelineCommand, writePipeline } from "../../../../cli/commands/pipeline";
import { documentOf } from "../../../support/documents";
import { makeGeneration, sampleOutputs } from "../../../support/exportSample";
import { failureOf, openedForReading } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { recordingIo } from "../../../support/recordingIo";

const federated = {
  name: "main",
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/scripts:ref:refs/heads/main",
  audience: "api://AzureADTokenExchange",
};
let folder: string;
let outputs: Record<string, unknown>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-pipeline-"));
  outputs = sampleOutputs([makeGeneration("2026-11")], { federatedCredentials: [federated] });
});

afterAll(() => rmSync(folder, { recursive: true }));

async function written(line: string, given = outputs) {
  const io = recordingIo();
  const options = await parsedOptions(pipelineCommand, `--stack dev ${line}`);
  const failure = await failureOf(writePipeline(options, io, openedForReading(given)));
  return { out: io.written(), err: io.said(), failure, answered: io.answered() };
}

test.each([
  ["jenkins --credential certificate", "jenkins"],
  ["cron", "cron"],
])(
  "after writing %s it is said which page says what is next, and it is there",
  async (kind, page) => {
    const target = join(folder, `next-${page}`);
    const { err, failure } = await written(`--kind ${kind} --workload exchange --out ${target}`);
    expect([err, failure]).toEqual([
      `Next, give the job what it signs in with, as docs/how-to/${page}.md shows.\n`,
      undefined,
    ]);
    expect(existsSync(join(__dirname, `../../../../docs/how-to/${page}.md`))).toBe(true);
  },
);

test("every option is read, workloads as a list", async () => {
  expect(
    await parsedOptions(
      pipelineCommand,
      "-s dev -k cron --platform linux --credential certificate --workload exchange compliance --federation main --identity system --environment prod -o out --force",
    ),
  ).toEqual({
    stack: "dev",
    kind: "cron",
    platform: "linux",
    credential: "certificate",
    workload: ["exchange", "compliance"],
    federation: "main",
    identity: "system",
    environment: "prod",
    out: "out",
    force: true,
  });
});

test("one file goes to standard output as it is, several with their paths", async () => {
  const workflow = await written("--kind github-actions");
  expect(workflow.failure).toBeUndefined();
  expect(workflow.out).not.toContain("==> ");
  expect(workflow.out).toContain("id-token: write");
  const cron = await written("--kind cron --workload exchange");
  expect(cron.out).toMatch(/^==> apponly-dev\.sh <==\n#!\/bin\/sh\n/);
});

test("files are written below the folder, and replaced only with --force", async () => {
  const line = `--kind cron --workload exchange --out ${folder}`;
  const { out } = await written(line);
  const script = join(folder, "apponly-dev.sh");
  expect(out.split("\n")).toContain(script);
  expect(statSync(script).mode & 0o777).toBe(0o755);
  writeFileSync(script, "kept");
  expect((await written(line)).failure).toMatchObject({
    exitCode: 2,
    message: `${script} is there already. Remove it, or write over it with --force.`,
  });
  expect(readFileSync(script, "utf8")).toBe("kept");
  await written(`${line} --force`);
  expect(readFileSync(script, "utf8")).toMatch(/^#!/);
});

test.each([
  ["leads nowhere yet", "absent"],
  ["names a file", "victim"],
])("a link that %s is not followed, not even with --force", async (_, name) => {
  const target = mkdtempSync(join(folder, "links-"));
  writeFileSync(join(target, "victim"), "untouched");
  symlinkSync(join(target, name), join(target, "apponly-dev.ps1"));
  for (const force of ["", " --force"]) {
    const { out, failure } = await written(
      `--kind cron --workload exchange --out ${target}${force}`,
    );
    expect(failure).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("apponly-dev.ps1 is a symbolic link"),
    });
    expect(out).toBe("");
  }
  expect(readdirSync(target).sort()).toEqual(["apponly-dev.ps1", "victim"]);
  expect(readFileSync(join(target, "victim"), "utf8")).toBe("untouched");
});

test("a link among the folders below is not followed", async () => {
  const [target, victim] = [
    mkdtempSync(join(folder, "links-")),
    mkdtempSync(join(folder, "victim-")),
  ];
  symlinkSync(victim, join(target, ".github"));
  const { failure } = await written(`--kind github-actions --out ${target} --force`);
  expect(failure?.message).toContain(".github is a symbolic link");
  expect(readdirSync(victim)).toEqual([]);
});

test.each([
  ["a workload on a platform that lacks it", "--kind cron", /only on Windows/],
  [
    "a credential that the kind lacks",
    "--kind cron --workload exchange --credential federated",
    /for cron there is/,
  ],
  ["a federated credential that is not there", "--kind github-actions --federation x", /has main/],
])("%s is refused, and nothing is written", async (_, line, message) => {
  const target = join(folder, "none");
  const { out, failure } = await written(`${line} --out ${target}`);
  expect(failure).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
  expect([out, existsSync(target)]).toEqual(["", false]);
});

test.each([
  ["that was never updated", {}, "has no outputs yet"],
  ["of a newer version", { outputsVersion: 2 }, "have version 2"],
])("a stack %s has no pipeline", async (_, given, message) => {
  const { failure } = await written("--kind jenkins", given);
  expect(failure).toMatchObject({ exitCode: 1, message: expect.stringContaining(message) });
});

test("its document has the files, with their places once they are written", async () => {
  const { answered } = await written("--kind cron --workload exchange");
  const files = (answered as { files: { path: string; content: string }[] }).files;
  expect(documentOf("pipeline", answered!)).toMatchObject({ kind: "cron", written: false });
  expect(files.map(({ path }) => path).join()).not.toContain(folder);
  const out = join(folder, "answered");
  const again = (await written(`--kind cron --workload exchange --out ${out}`)).answered;
  const inPlace = (documentOf("pipeline", again!) as { files: { path: string; content: string }[] })
    .files;
  expect(inPlace.map(({ content }) => content)).toEqual(files.map(({ content }) => content));
  expect(inPlace.map(({ path }) => readFileSync(path, "utf8"))).toEqual(
    files.map(({ content }) => content),
  );
});

describe("what the job's owner decides", () => {
  const script = () => join(folder, "report.ps1");

  test("is read from the command line, the script in any encoding, and stands in the file", async () => {
    writeFileSync(script(), Buffer.from("\ufeffGet-Mailbox # ä\r\n##vso[task.debug]x", "utf16le"));
    const target = join(folder, "own");
    const { failure } = await written(
      `--kind cron --workload exchange --module-version 3.9.2 --script ${script()} --out ${target}`,
    );
    expect(failure).toBeUndefined();
    const text = readFileSync(join(target, "apponly-dev.ps1"), "utf8");
    expect(text).toContain("    & {\nGet-Mailbox # ä\n##vso[task.debug]x\n    }\n");
    expect(text).toContain('$version = "3.9.2"\n');
  });

  test("is not printed where the runner of a pipeline would obey a part of it", async () => {
    writeFileSync(script(), "Write-Host '##vso[task.debug]x'\n");
    const { out, failure } = await written(`--kind jenkins --script ${script()}`);
    expect([out, failure?.message]).toEqual(["", expect.stringContaining("--out")]);
  });

  test.each([
    ["--schedule @daily", "It has to have five fields"],
    ["--module-version latest", "It has to be the number of a release, as 3.9.2."],
    ["--script ", "argument missing"],
  ])("is refused by the parser: %s", async (line, message) => {
    await expect(parsedOptions(pipelineCommand, `-s dev -k cron ${line}`)).rejects.toThrow(message);
  });

  test("is refused where the file is not there, or is about the pipelines of all stacks", async () => {
    const missing = join(folder, "none.ps1");
    expect((await written(`--kind cron --script ${missing}`)).failure).toMatchObject({
      exitCode: 2,
      message: `--script "${missing}" does not exist. Name a file with the PowerShell that the job runs.`,
    });
    const io = recordingIo();
    const options = { kind: "fleet-gitlab", moduleVersion: "3.9.2" } as const;
    await expect(writePipeline(options, io)).rejects.toThrow(
      "--module-version is about the pipeline of one stack, and fleet-gitlab is for all. Leave it out.",
    );
  });
});
