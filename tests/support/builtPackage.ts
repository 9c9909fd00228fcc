import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { takeLock } from "../../system/processLock";

const root = join(__dirname, "../..");
const cache = join(root, "node_modules/.cache/apponly");

/** What is not built. */
const besides = /^(tests|docs|benchmarks|examples|policy\/tests)\//;

/**
 * The package as it is published, unpacked: built once for the sources as they are, whichever test
 * needs it first.
 */
export async function builtPackage(): Promise<string> {
  const folder = join(cache, `package-${sourcesKey()}`);
  mkdirSync(cache, { recursive: true });
  for (;;) {
    const lock = await takeLock(join(cache, "package.lock"));
    if ("holder" in lock) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    try {
      if (!existsSync(folder)) build(folder);
    } finally {
      await lock.release();
    }
    return folder;
  }
}

function sourcesKey(): string {
  const list = ["ls-files", "--cached", "--others", "--exclude-standard"];
  const files = execFileSync("git", list, { cwd: root, encoding: "utf8" }).split("\n");
  const hash = createHash("sha256");
  for (const file of files.filter((one) => one !== "" && !besides.test(one)).sort()) {
    const path = join(root, file);
    hash.update(`${file}\0`).update(existsSync(path) ? readFileSync(path) : "");
  }
  return hash.digest("hex").slice(0, 16);
}

function build(folder: string): void {
  const earlier = readdirSync(cache).filter((name) => name.startsWith("package-"));
  earlier.forEach((name) => rmSync(join(cache, name), { recursive: true }));
  const draft = `${folder}.draft`;
  mkdirSync(draft);
  run(process.execPath, join(root, "bin/build.js"));
  run("npm", "pack", "--ignore-scripts", "--pack-destination", draft);
  const [tarball = ""] = readdirSync(draft).filter((name) => name.endsWith(".tgz"));
  run("tar", "-xzf", join(draft, tarball), "--strip-components=1", "-C", draft);
  rmSync(join(draft, tarball));
  renameSync(draft, folder);
}

function run(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32" && command === "npm",
  });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")} failed: ${stderr}`);
  }
}
