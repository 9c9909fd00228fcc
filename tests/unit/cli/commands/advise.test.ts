/** The command line of `apponly advise`; what scripts need is shown in tests/unit/exchange. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../../cli/command";
import { documentOf } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-advise-"));
  mkdirSync(join(folder, "below"));
  writeFileSync(join(folder, "a.ps1"), "Get-Mailbox -ResultSize Unlimited\n");
  writeFileSync(join(folder, "below/b.psm1"), "Set-Mailbox ann -CustomAttribute1 x\n");
  writeFileSync(join(folder, "notes.txt"), "Remove-Mailbox everybody\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

async function advised(...args: string[]) {
  const io = recordingIo();
  const code = await run(["advise", ...args], io);
  return { code, out: io.written(), err: io.said() };
}

test("the scripts of a folder and those below it are read, and nothing else in it", async () => {
  const { code, out } = await advised(folder);
  expect(code).toBe(0);
  expect(out).toContain("Get-Mailbox");
  expect(out).toContain("Set-Mailbox");
  expect(out).not.toContain("Remove-Mailbox");
});

test.each([["-f", "json"], ["--json"]])("%s gives one JSON document", async (...form) => {
  const { code, out } = await advised(join(folder, "a.ps1"), ...form.filter(Boolean));
  expect(code).toBe(0);
  expect(JSON.stringify(documentOf("advise", out))).toContain("Get-Mailbox");
});

test.each([
  [["--stack", "dev", "--snapshot", "x.json", "a.ps1"], "cannot be used with option"],
  [["--format", "html", "a.ps1"], "Allowed choices are terminal, json."],
  [["--snapshot", "", "a.ps1"], "It is empty. Name a file or a folder."],
])("%j is a usage error", async (args, message) => {
  const { code, out, err } = await advised(...args);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(message);
});

test("a script that is not there is a usage error that names it", async () => {
  const { code, err } = await advised(join(folder, "none.ps1"));
  expect([code, err.includes("none.ps1")]).toEqual([2, true]);
});
