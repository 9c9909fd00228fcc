/** What `apponly record` is given, and how the run that it records ends. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../../cli/command";
import { documentOf, documentOfFailure } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "apponly-record-"))));
afterEach(() => rmSync(folder, { recursive: true }));

async function recorded(...args: string[]) {
  const io = recordingIo();
  const code = await run(["record", "--output", join(folder, "r.json"), ...args], io);
  return { code, out: io.written(), err: io.said() };
}

test("without a command it is a usage error that shows one", async () => {
  const { code, err } = await recorded();
  expect(code).toBe(2);
  expect(err).toContain("apponly record -- pwsh ./script.ps1");
});

test("a program that is not there is a usage error", async () => {
  const { code, err } = await recorded("--", join(folder, "none"));
  expect([code, err.includes("cannot be started")]).toEqual([2, true]);
});

test("another cloud is a usage error", async () => {
  expect((await recorded("--cloud", "mars", "--", "true")).err).toContain("Allowed choices are");
});

test("the run is told addresses on this machine, and one that calls nothing is a failure", async () => {
  const script = `const at = ["EXCHANGE", "COMPLIANCE"].map((name) => process.env["APPONLY_RECORD_" + name]);
    process.exit(at.every((one) => /^http:\\/\\/127\\.0\\.0\\.1:\\d+$/.test(one)) ? 0 : 9);`;
  const { code, out, err } = await recorded("--", process.execPath, "-e", script);
  expect(code).toBe(1);
  expect(err).toContain("No cmdlet went through.");
  expect(out).toContain("holds 0 different calls.");
  expect(JSON.parse(readFileSync(join(folder, "r.json"), "utf8"))).toMatchObject({ calls: [] });
});

test("as JSON its document tells the file, and with which code the run ended", async () => {
  const { code, out, err } = await recorded(
    "--json",
    "--",
    process.execPath,
    "-e",
    "process.exit(7)",
  );
  expect(documentOf("record", out)).toEqual({
    version: 1,
    output: join(folder, "r.json"),
    calls: 0,
    programExitCode: 7,
  });
  expect(code).toBe(1);
  expect(documentOfFailure(err)).toMatchObject({ error: { exitCode: 1, code: "other" } });
});

test("how the run ended is told, after what it called was written", async () => {
  const { code, err } = await recorded("--", process.execPath, "-e", "process.exit(7)");
  expect([code, err.includes("ended with 7.")]).toEqual([1, true]);
  expect(readFileSync(join(folder, "r.json"), "utf8")).toContain("calls");
});
