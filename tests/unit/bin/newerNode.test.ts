/**
 * What an older Node does: it says so in one sentence when packages are installed, and runs programs
 * in a newer one, which npm is asked for once. The older Node and npm are stood in for; not proven
 * here is that npm has the package.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const source = join(__dirname, "../../../bin/newerNode.js");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-node-"));
  mkdirSync(join(folder, "bin"));
  copyFileSync(source, join(folder, "bin/newerNode.js"));
  const old = '{ value: { ...process.versions, node: "20.20.2" } }';
  writeFileSync(join(folder, "old.js"), `Object.defineProperty(process, "versions", ${old});`);
  writeFileSync(
    join(folder, "npm-cli.js"),
    `require("node:fs").appendFileSync(__dirname + "/asked", "asked\\n");
     process.stdout.write(process.execPath + "\\n");`,
  );
  writeFileSync(
    join(folder, "program.js"),
    `process.stdout.write(process.versions.node + " " + process.argv.slice(2).join(" "));
     process.exitCode = 7;`,
  );
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the launcher in a Node that says it is 20.20.2, or as it is. */
function run(age: "old" | "current", ...args: string[]) {
  const old = age === "old" ? ["--require", join(folder, "old.js")] : [];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...old, join(folder, "bin/newerNode.js"), ...args],
    {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, npm_execpath: join(folder, "npm-cli.js") },
    },
  );
  return { status, stdout, stderr };
}

const asked = () => readFileSync(join(folder, "asked"), "utf8").match(/asked/g)?.length;

test("an older Node says in one sentence what is needed, and a current one says nothing", () => {
  expect(run("old")).toEqual({
    status: 0,
    stdout:
      "Node 22 or newer is needed and this is 20.20.2: npm fetches one into its cache when it is first used.\n",
    stderr: "",
  });
  expect(run("current")).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("an older Node runs a program in a newer one, which npm is asked for once", () => {
  const result = { status: 7, stdout: `${process.versions.node} one two` };
  expect(run("old", "program.js", "one", "two")).toMatchObject(result);
  expect(run("old", "program.js", "one", "two")).toMatchObject({ ...result, stderr: "" });
  expect(asked()).toBe(1);
});

test("a newer Node that has gone from npm's cache is asked for again", () => {
  run("old", "program.js");
  writeFileSync(join(folder, "node_modules/.cache/apponly/newerNode"), join(folder, "gone"));
  expect(run("old", "program.js")).toMatchObject({ status: 7 });
  expect(asked()).toBe(2);
});

test("a current Node runs a program itself", () => {
  expect(run("current", "program.js", "one")).toEqual({
    status: 7,
    stdout: `${process.versions.node} one`,
    stderr: "",
  });
  expect(asked).toThrow("ENOENT");
});

test("where npm cannot get a newer Node, the error says what to install", () => {
  writeFileSync(join(folder, "npm-cli.js"), "process.exitCode = 1;");
  const { status, stderr } = run("old", "program.js");
  expect(status).toBe(1);
  expect(stderr).toContain("apponly: npm cannot get it. Install Node 22 or newer.\n");
});
