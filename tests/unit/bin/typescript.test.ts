/**
 * Files are compiled once, and again when they have changed; what is kept is used by every process.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../../..");

let folder: string;
let kept: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-compiled-"));
  kept = join(folder, "node_modules/.cache/apponly/typescript");
  cpSync(join(root, "bin"), join(folder, "bin"), { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(root, "node_modules/sucrase"), join(folder, "node_modules/sucrase"));
  writeSource("one");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function writeSource(text: string): void {
  const source = `const text: string = "${text}";\n\nprocess.stdout.write(text);\nthrow new Error(text);\n`;
  writeFileSync(join(folder, "program.ts"), source);
}

function run(): { stdout: string; stderr: string } {
  const args = ["--require", join(folder, "bin/typescript.js"), join(folder, "program.ts")];
  return spawnSync(process.execPath, args, { encoding: "utf8" });
}

function changeKept(from: string, to: string): void {
  const [file = ""] = readdirSync(kept);
  const code = readFileSync(join(kept, file), "utf8");
  writeFileSync(join(kept, file), code.replaceAll(from, to));
}

test("a file is compiled once", () => {
  expect(run().stdout).toBe("one");
  changeKept("one", "as it was kept");
  expect(run().stdout).toBe("as it was kept");
});

test("a file that has changed is compiled again, in the place of what was kept", () => {
  run();
  writeSource("two");
  expect(run().stdout).toBe("two");
  expect(readdirSync(kept)).toHaveLength(1);
});

test("a stack trace has the lines of the source, also from what was kept", () => {
  run();
  expect(run().stderr).toContain(`${join(folder, "program.ts")}:4`);
});

test("a file that was kept only in part is compiled again", () => {
  run();
  const [file = ""] = readdirSync(kept);
  const code = readFileSync(join(kept, file), "utf8");
  writeFileSync(join(kept, file), code.slice(0, 30));
  expect(run().stdout).toBe("one");
});

test("where nothing can be kept, files are compiled in every process", () => {
  mkdirSync(join(folder, "node_modules/.cache"));
  writeFileSync(join(folder, "node_modules/.cache/apponly"), "a file and not a folder");
  expect(run().stdout).toBe("one");
  expect(run().stdout).toBe("one");
});
