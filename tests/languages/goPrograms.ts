import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory, thisMachine } from "../../toolchain/machine";

/** The module by which the CLI is built too. */
export const toolchainModule = join(__dirname, "../../toolchain/go.mod");

/**
 * The programs that are built, each in the folder of its module: Pulumi's host of YAML, the generators of
 * SDKs that the CLI has, the one for .NET, which it had until its own repository got it, and Java's.
 */
const builds = {
  "pulumi-language-yaml": {
    folder: ".",
    args: ["github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"],
  },
  generate: { folder: ".", args: [`-modfile=${toolchainModule}`, "generate/main.go"] },
  "generate-dotnet": { folder: "dotnet", args: ["."] },
  "generate-java": { folder: "java", args: ["."] },
} as const;

/**
 * Builds a program with Go, which takes minutes, unless the cache has it: by `go.sum` and, of our own,
 * its source.
 *
 * @returns Its path.
 */
export function goProgram(name: keyof typeof builds): string {
  const { folder: own, args: what } = builds[name];
  const files = [join(own, "go.sum"), join(own === "." ? "generate" : own, "main.go")];
  const sources = files.map((one) => readFileSync(join(__dirname, one)));
  const key = createHash("sha256").update(Buffer.concat(sources)).digest("hex").slice(0, 12);
  const folder = join(cacheDirectory(thisMachine), `languages-${key}`);
  const file = join(folder, name);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const args = ["build", "-mod=readonly", "-trimpath", "-ldflags", "-s -w", "-o", file];
    const { status, stderr } = spawnSync("go", [...args, ...what], {
      cwd: join(__dirname, own),
      env: { ...process.env, CGO_ENABLED: "0" },
      encoding: "utf8",
    });
    if (status !== 0) {
      throw new Error(`Go cannot build ${name}: ${stderr}`);
    }
  }
  return file;
}
