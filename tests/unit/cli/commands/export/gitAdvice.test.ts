/** What git is asked before a file is written, with the real git. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gitAdvice } from "../../../../../cli/commands/export/gitAdvice";

let folder: string;
const path = process.env.PATH;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "apponly-git-")));
});

afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true, force: true });
});

function repository(ignore = "*.pfx\n/out/\n"): string {
  const root = join(folder, "repository");
  mkdirSync(join(root, "sub"), { recursive: true });
  execFileSync("git", ["init", "--quiet", root]);
  writeFileSync(join(root, ".gitignore"), ignore);
  return root;
}

test("outside a work tree there is nothing to say", async () => {
  expect(await gitAdvice(join(folder, "a.pfx"))).toBeUndefined();
  expect(await gitAdvice(join(repository(), ".git", "a.env"))).toBeUndefined();
});

test("a path that is ignored is quiet, one that is not is warned of", async () => {
  const root = repository();
  mkdirSync(join(root, "out"));
  for (const ignored of ["a.pfx", "sub/a.pfx", "out/a.env"]) {
    expect(await gitAdvice(join(root, ignored))).toBeUndefined();
  }
  for (const open of ["a.env", "sub/a.json"]) {
    expect(await gitAdvice(join(root, open))).toMatch(
      /^git does not ignore .*Add it to \.gitignore/,
    );
  }
});

test("names are taken letter for letter", async () => {
  const root = repository("\\:(top)a.env\n-a.env\n");
  writeFileSync(join(root, "x.env"), "");
  execFileSync("git", ["-C", root, "add", "x.env"]);
  expect(await gitAdvice(join(root, "-a.env"))).toBeUndefined();
  expect(await gitAdvice(join(root, ":(top)a.env"))).toBeUndefined();
  // A pattern that fits the tracked file is another file.
  expect(await gitAdvice(join(root, "?.env"))).toMatch(/does not ignore/);
});

test("a tracked path is warned of, also where it is ignored", async () => {
  const root = repository();
  writeFileSync(join(root, "a.pfx"), "");
  execFileSync("git", ["-C", root, "add", "--force", "a.pfx"]);
  expect(await gitAdvice(join(root, "a.pfx"))).toMatch(/^git tracks .*git rm --cached/);
});

test("without git it is said only where a repository is", async () => {
  const root = repository();
  process.env.PATH = folder;
  expect(await gitAdvice(join(root, "sub", "a.env"))).toMatch(/no git here to ask/);
  expect(await gitAdvice(join(folder, "a.env"))).toBeUndefined();
});

test("a repository that git does not open", async () => {
  const root = repository();
  writeFileSync(join(root, ".git", "config"), "[core]\n\trepositoryformatversion = 99\n");
  expect(await gitAdvice(join(root, "a.env"))).toMatch(/git does not open/);
});
