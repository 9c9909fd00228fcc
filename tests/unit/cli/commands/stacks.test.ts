/** Which stacks `apponly stacks` lists, in a repository of its own. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../../cli/command";
import { stacksCommand } from "../../../../cli/commands/stacks";
import { parsedOptions } from "../../../support/parsedOptions";
import { documentOf } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";

const before = process.cwd();
let folder: string;
let base: string;

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@contoso.org", ...args], {
    cwd: folder,
    encoding: "utf8",
  }).trim();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-stacks-"));
  process.chdir(folder);
  git("init", "--quiet");
  for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"]) {
    writeFileSync(name, "");
  }
  git("add", "--all");
  git("commit", "--quiet", "--message", "one");
  base = git("rev-parse", "HEAD");
  writeFileSync("Pulumi.prod.yaml", "config: {}\n");
  git("commit", "--quiet", "--all", "--message", "two");
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

async function listed(...args: string[]) {
  const io = recordingIo();
  const code = await run(["stacks", ...args], io);
  return { code, out: io.written(), err: io.said() };
}

test("without options every stack is listed as text", async () => {
  expect(await parsedOptions(stacksCommand, "")).toEqual({ format: "terminal" });
  expect(await listed()).toEqual({ code: 0, out: "dev\nprod\n", err: "" });
});

test("the stacks that a change touches are listed as JSON, without those left out", async () => {
  const { out } = await listed("--base", base, "--format", "json");
  expect(out).toBe('["prod"]\n');
  expect(documentOf("stacks", out)).toEqual(["prod"]);
  expect(documentOf("stacks", (await listed("--fleet")).out)).toHaveProperty("waves");
  expect((await listed("--base", base, "--except", "prod", "dev")).out).toBe("");
  expect(await listed("--base", base, "--except", "prd")).toMatchObject({
    code: 2,
    err: expect.stringContaining('Did you mean "prod"?'),
  });
});

test("the base of a new branch is not a commit, so every stack counts as touched", async () => {
  expect((await listed("--base", "0".repeat(40))).out).toBe("dev\nprod\n");
});

test("a base that git does not know is told in a sentence", async () => {
  const { code, out, err } = await listed("--base", "nowhere");
  expect([code, out]).toEqual([1, ""]);
  expect(err).toContain("nowhere");
});

test("in a folder below, the project above it is the one", async () => {
  const { out } = await listed("-C", mkdtempSync(join(folder, "below-")), "--base", base);
  process.chdir(folder);
  expect(out).toBe("prod\n");
});

test("a folder without a project is a usage error", async () => {
  const { code, err } = await listed("-C", tmpdir());
  process.chdir(folder);
  expect(code).toBe(2);
  expect(err).toContain("nor a folder above it has a Pulumi.yaml. Run the command in the folder");
});
