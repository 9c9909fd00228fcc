/** The command line of `apponly report`: where records come from, where the report goes, exit codes. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../../cli/command";
import { recordLine, type StackRecord } from "../../../../fleet/record";
import { documentOf } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";
import { findingWith, recordWith } from "../../fleet/records";
import { startGitHubApi } from "../../../support/github/api";
import { makeStep } from "../../../support/github/step";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "apponly-report-"))));
afterEach(() => rmSync(folder, { recursive: true }));

async function reported(line: string, ...records: readonly StackRecord[]) {
  writeFileSync(join(folder, "a.jsonl"), records.map(recordLine).join(""));
  writeFileSync(join(folder, "expected"), records.map(({ stack }) => `${stack}\n`).join(""));
  const io = recordingIo();
  const args = ["report", ...line.replaceAll("FOLDER", folder).split(" ")];
  const code = await run(args, io);
  return { code, out: io.written(), err: io.said() };
}

const failed = recordWith({
  stack: "fabrikam",
  result: "failed",
  exitCode: 4,
  failure: { class: "sign-in", message: "The deployer cannot sign in." },
});

test.each([
  ["markdown", /^#/],
  ["html", /^<!doctype html>/i],
  ["json", /^\{/],
  ["csv", /^Tenant,Stack,/m],
  ["openmetrics", /^# /],
])("as %s the report is on standard output", async (format, start) => {
  const { code, out, err } = await reported(
    `--from FOLDER --expect FOLDER/expected --format ${format}`,
    recordWith(),
  );
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(start);
  expect(out).toContain("contoso");
});

test("--out writes a file and nothing to standard output", async () => {
  const { code, out } = await reported(
    "--from FOLDER --expect FOLDER/expected --format json --out FOLDER/report.json",
    recordWith(),
  );
  expect([code, out]).toEqual([0, ""]);
  expect(documentOf("report", readFileSync(join(folder, "report.json"), "utf8"))).toHaveProperty(
    "tenants",
  );
});

test("a tenant that failed ends with 1 after the report, unless it is allowed", async () => {
  const line = "--from FOLDER --expect FOLDER/expected --format markdown";
  const { code, out, err } = await reported(line, recordWith(), failed);
  expect(code).toBe(1);
  expect(out).toContain("fabrikam");
  expect(err).toContain("1 of 2 tenants failed:\n  sign-in: fabrikam");
  expect((await reported(`${line} --allow-failed`, recordWith(), failed)).code).toBe(0);
  expect((await reported(`${line} --stop-at 2`, recordWith(), failed)).code).toBe(0);
});

test.each([
  ["--format json", "Name the folder that holds the records: --from FOLDER."],
  ["--from FOLDER --expect FOLDER/none", "is not a file. Name the list of stacks."],
  ["--from FOLDER --stop-at 0", "It is not a number from 1 to 99999."],
  ["--from FOLDER --rows many", "It is not a number from 1 to 99999."],
  ["--from FOLDER --format pdf", "Allowed choices are"],
  ["--from", "argument missing"],
])("%s is a usage error", async (line, message) => {
  const { code, out, err } = await reported(line, recordWith());
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(message);
});

test("records, and the list of stacks, are read as Windows PowerShell writes them", async () => {
  const line = "--from FOLDER --expect FOLDER/wide.txt --format json";
  await reported(line, recordWith());
  const wide = (text: string) => Buffer.from(`\uFEFF${text.replaceAll("\n", "\r\n")}`, "utf16le");
  writeFileSync(join(folder, "wide.txt"), wide("contoso\nfabrikam\nmarked\n"));
  mkdirSync(join(folder, "wide"));
  writeFileSync(join(folder, "wide/b.jsonl"), wide(recordLine(recordWith({ stack: "fabrikam" }))));
  writeFileSync(
    join(folder, "wide/c.jsonl"),
    `\uFEFF${recordLine(recordWith({ stack: "marked" }))}`,
  );
  const { code, out } = await reported(line, recordWith());
  expect([code, documentOf("report", out)]).toEqual([
    0,
    expect.objectContaining({
      tenants: ["contoso", "fabrikam", "marked"].map((stack) =>
        expect.objectContaining({ stack, state: "looked at" }),
      ) as unknown,
    }),
  ]);
});

test.each([
  ["is not there", undefined],
  ["holds something else", "{}"],
  ["is not JSON", "x"],
  ["is one of a newer version", '{"version":2}'],
])("a report of the run before that %s is said before anything else", async (_, text) => {
  if (text !== undefined) {
    writeFileSync(join(folder, "before.json"), text);
  }
  const { code, out, err } = await reported(
    "--from FOLDER --expect FOLDER/expected --format json --previous FOLDER/before.json",
    recordWith(),
  );
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(/before\.json.* is not a (?:report of this version|file)/);
});

test("--tickets opens one for each tenant and finding where the pipeline runs, and closes it when it is gone", async () => {
  const api = await startGitHubApi();
  const { environment } = await makeStep({ apiUrl: api.url, event: "schedule" });
  const kept = { ...process.env };
  Object.assign(process.env, environment);
  try {
    const line = "--from FOLDER --expect FOLDER/expected --format json --tickets";
    // Without a certificate, which would expire one day.
    const drifted = recordWith({ command: "drift", certificates: [], findings: [findingWith()] });
    const { code, err } = await reported(line, drifted);
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/^✓ Tickets +\S+ m?s  1 opened, 0 updated, 0 closed\n$/),
    ]);
    expect(api.issues.map(({ title, state }) => [title, state])).toEqual([
      ["contoso.onmicrosoft.com: certificate 1234", "open"],
    ]);
    const lost = await reported(line, {
      ...drifted,
      findings: undefined,
      result: "failed",
      exitCode: 1,
      failure: { class: "sign-in", message: "It cannot sign in." },
    });
    expect(lost.code).toBe(1);
    expect(lost.err).toMatch(/✓ Tickets .*0 opened, 0 updated, 0 closed\n/);
    const well = await reported(line, { ...drifted, findings: [] });
    expect(well.err).toMatch(/✓ Tickets .*0 opened, 0 updated, 1 closed\n$/);
    expect(api.issues[0]?.state_reason).toBe("completed");
    delete process.env.GITHUB_REPOSITORY;
    const elsewhere = await reported(line, drifted);
    expect([elsewhere.code, elsewhere.err]).toEqual([
      2,
      expect.stringContaining("This is not a step of GitHub Actions: GITHUB_REPOSITORY"),
    ]);
    // The report was made all the same.
    expect(documentOf("report", elsewhere.out)).toHaveProperty("tenants");
  } finally {
    process.env = kept;
    await api.close();
  }
});
