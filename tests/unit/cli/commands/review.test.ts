/** What `apponly review` does with a saved preview: forms of the result, gate, bad input. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reviewCommand, reviewPreview } from "../../../../cli/commands/review";
import { failureOf } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { documentOf } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";

const saved = join(__dirname, "../../../fixtures/previews/3.259.0/update.ndjson");

async function reviewed(line: string, input = "", colour = false) {
  const io = recordingIo({ input: () => Promise.resolve(input), colour });
  const words = `--stack prod ${line}`.split(" ").filter(Boolean);
  const options = await parsedOptions(
    reviewCommand,
    // The checkout may lie in a folder with blanks.
    words.map((word) => word.replace("SAVED", saved)),
  );
  const failure = await failureOf(reviewPreview(options, io));
  return { out: io.written(), err: io.said(), failure };
}

test("the options are read, for people where nothing else is said", async () => {
  expect(await parsedOptions(reviewCommand, "-s prod")).toEqual({
    stack: ["prod"],
    format: "terminal",
  });
  expect(
    await parsedOptions(
      reviewCommand,
      "-s prod --from - --fail-on low --policy-pack-config p -f html",
    ),
  ).toEqual({ stack: ["prod"], from: "-", failOn: "low", policyPackConfig: "p", format: "html" });
});

test.each([
  ["terminal", /^ {2}critical \+ directory role Global Administrator/m],
  ["markdown", /^## Permission changes: 1 critical/m],
  ["json", /^\{\n {2}"version": /],
  ["html", /^<!doctype html>/],
])("as %s the result is on standard output, and nothing else anywhere", async (format, start) => {
  const { out, err, failure } = await reviewed(`--from SAVED --format ${format}`);
  expect(out).toMatch(start);
  expect([err, failure]).toEqual(["", undefined]);
  expect(out).not.toContain("\u001b");
});

test("as JSON it is the published document", async () => {
  const { out } = await reviewed("--from SAVED --format json --fail-on low");
  expect(documentOf("review", out)).toMatchObject({ about: { gate: { verdict: "failed" } } });
});

test("evidence does not say that the gate has passed where a stack could not be looked at", async () => {
  const folder = mkdtempSync(join(tmpdir(), "apponly-review-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
  for (const stack of ["north", "south"]) {
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), "config: [\n");
  }
  const before = process.cwd();
  process.chdir(folder);
  const io = recordingIo();
  const options = await parsedOptions(reviewCommand, "--all --fail-on high --format json");
  const failure = await failureOf(reviewPreview(options, io));
  process.chdir(before);
  rmSync(folder, { recursive: true });
  expect(failure?.message).toContain("2 of 2 stacks failed.\nsettings: north, south");
  expect(documentOf("review", io.written())).toMatchObject({
    complete: false,
    about: {
      gate: {
        verdict: "failed",
        text: expect.stringMatching(/^Gate: failed .*: north was not seen as a whole: /),
      },
    },
    failed: [{ stack: "north", exitCode: 2 }, { stack: "south" }],
  });
});

test("colour is used where the terminal has it", async () => {
  expect((await reviewed("--from SAVED", "", true)).out).toContain("\u001b[");
});

test("on a terminal it says how the change is rolled out, within its columns", async () => {
  const options = await parsedOptions(reviewCommand, ["--stack", "prod", "--from", saved]);
  const io = recordingIo({ interactive: true, columns: 30 });
  await reviewPreview(options, io);
  expect(io.written()).toMatch(/\n {2}Roll it out:\n {2}apponly up --stack prod\n$/);
});

test("a preview from standard input trips the gate, after the result was written", async () => {
  const { out, failure } = await reviewed(
    "--from - --fail-on critical",
    readFileSync(saved, "utf8"),
  );
  expect(out).toContain("Global Administrator");
  expect(failure).toMatchObject({ exitCode: 3 });
});

test.each([
  ["UTF-16 with its mark", (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le")],
  ["UTF-16 without its mark", (text: string) => Buffer.from(text, "utf16le")],
  ["UTF-16 of the other order", (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16()],
  ["UTF-8 with its mark", (text: string) => Buffer.from(`\uFEFF${text}`)],
])("a preview that Windows PowerShell saved as %s is read", async (_, encode) => {
  const folder = mkdtempSync(join(tmpdir(), "apponly-review-"));
  try {
    const file = join(folder, "preview.json");
    writeFileSync(file, encode(readFileSync(saved, "utf8")));
    const { out, failure } = await reviewed(`--from ${file}`);
    expect(failure).toBeUndefined();
    expect(out).toContain("Global Administrator");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ["is not there", "none.json", "does not exist. Name the file that"],
  ["is not a preview", join(__dirname, "review.test.ts"), "cannot be read as a preview: "],
])("a file that %s is a usage error that names the option", async (_, file, said) => {
  const { out, failure } = await reviewed(`--from ${file}`);
  expect(out).toBe("");
  expect(failure).toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(`--from "${file}" ${said}`),
  });
});

test("a policy configuration that is not there is a usage error, before the preview is read", async () => {
  const { failure } = await reviewed("--from none.json --policy-pack-config none-either.json");
  expect(failure).toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("--policy-pack-config"),
  });
});
