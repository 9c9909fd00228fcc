/**
 * A checkout whose files make one of its folders look like a bare repository, with a configuration
 * that runs programs and says that the folder lies elsewhere: git is asked about the checkout.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gitAdvice } from "../../../cli/commands/export/gitAdvice";
import { projectIn } from "../../../cli/projectFolder";
import { changesSince, folderInCheckout } from "../../../forge/git/changedFiles";
import { checkoutOf, runGit } from "../../../system/git";

let root: string;
let stacks: string;
const owned = () => existsSync(join(root, "owned"));
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
    cwd: root,
  });

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "apponly-git-")));
  stacks = join(root, "stacks");
  mkdirSync(stacks);
  writeFileSync(join(stacks, "Pulumi.yaml"), "name: access\nruntime: nodejs\n");
  writeFileSync(join(stacks, "Pulumi.dev.yaml"), "config: {}\n");
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "before");
  for (const folder of ["objects", "refs/heads"]) {
    mkdirSync(join(stacks, folder), { recursive: true });
    writeFileSync(join(stacks, folder, ".keep"), "");
  }
  writeFileSync(join(stacks, "HEAD"), "ref: refs/heads/main\n");
  const touch = `touch ${join(root, "owned")}; false`;
  writeFileSync(
    join(stacks, "config"),
    `[core]\n  repositoryformatversion = 0\n  bare = false\n  worktree = /\n  fsmonitor = "${touch}"\n`,
  );
  git("add", ".");
  git("commit", "--quiet", "-m", "after");
});

afterAll(() => rmSync(root, { recursive: true }));

test("git by itself takes the folder for a repository, and runs what is configured there", () => {
  const prefix = execFileSync("git", ["rev-parse", "--show-prefix"], { cwd: stacks });
  expect(prefix.toString().trim()).not.toBe("stacks/");
  execFileSync("git", ["status"], { cwd: stacks });
  expect(owned()).toBe(true);
  rmSync(join(root, "owned"));
});

test("the folder's place and the changed files are those of the checkout", async () => {
  expect(checkoutOf(stacks)).toBe(root);
  expect(folderInCheckout(stacks)).toBe("stacks");
  expect(await projectIn(stacks)).toMatchObject({ path: "stacks", stacks: ["dev"] });
  const { files } = await changesSince("HEAD~1", stacks).changedFiles();
  expect(files.map(({ path }) => path)).toEqual([
    "stacks/HEAD",
    "stacks/config",
    "stacks/objects/.keep",
    "stacks/refs/heads/.keep",
  ]);
});

test("nothing is run that is configured in the checkout", async () => {
  await runGit(["status"], { cwd: stacks });
  expect(await gitAdvice(join(stacks, "pipeline.pfx"))).toContain("Keep it out of commits.");
  expect(owned()).toBe(false);
});

test("a submodule of another commit is a changed file, whatever the checkout says of it", async () => {
  const modules = '[submodule "program"]\n\tpath = program\n\turl = ../program\n\tignore = all\n';
  writeFileSync(join(root, ".gitmodules"), modules);
  for (const id of git("rev-parse", "HEAD~1", "HEAD").toString().trim().split("\n")) {
    git("add", ".gitmodules");
    git("update-index", "--add", "--cacheinfo", `160000,${id},program`);
    git("commit", "--quiet", "-m", "submodule");
  }
  git("config", "diff.ignoreSubmodules", "all");
  const { files } = await changesSince("HEAD~1", stacks).changedFiles();
  expect(files.map(({ path }) => path)).toEqual(["program"]);
});

test("in a hook of another repository git is asked about the checkout", async () => {
  const { files } = await changesSince("HEAD~1", stacks).changedFiles();
  const other = join(root, "other");
  execFileSync("git", ["init", "--quiet", other]);
  const hook = {
    GIT_DIR: join(other, ".git"),
    GIT_WORK_TREE: other,
    GIT_INDEX_FILE: join(other, ".git/index"),
  };
  Object.assign(process.env, hook);
  try {
    expect(await changesSince("HEAD~1", stacks).changedFiles()).toEqual({ files, complete: true });
    expect(await gitAdvice(join(root, "new.pfx"))).toContain("git does not ignore");
    expect(await gitAdvice(join(root, ".gitmodules"))).toContain("git tracks");
  } finally {
    Object.keys(hook).forEach((name) => delete process.env[name]);
  }
});
