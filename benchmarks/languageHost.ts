import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { cacheDirectory, findOnPath, thisMachine } from "../toolchain/machine";
import type { Bench } from "./measuredStack";

/** What `pulumi preview` runs a program for Node by. */
export interface LanguageHost {
  /** For the report. */
  readonly name: string;
  /** A `PATH` on which the CLI finds it, where it would not by itself. */
  readonly environment: Readonly<Record<string, string>>;
}

const executable = "pulumi-language-nodejs";

/**
 * Pulumi's own host, which its installer puts beside the CLI; else one of ours, built with Go from
 * `languageHost/main.go` by the module that the CLI is built from. Text where there is neither.
 */
export function findLanguageHost({ toolchain }: Bench): LanguageHost | string {
  const beside = existsSync(join(dirname(toolchain.pulumi.command), executable));
  if (beside || findOnPath(thisMachine, executable) !== undefined) {
    return { name: "Pulumi's own language host", environment: {} };
  }
  const source = join(__dirname, "languageHost/main.go");
  const module = join(__dirname, "../toolchain");
  const key = createHash("sha256")
    .update(readFileSync(source))
    .update(readFileSync(join(module, "go.sum")))
    .digest("hex")
    .slice(0, 12);
  const folder = join(cacheDirectory(thisMachine), `bench-host-${key}`);
  if (!existsSync(join(folder, executable))) {
    mkdirSync(folder, { recursive: true });
    const { status, error, stderr } = spawnSync(
      "go",
      [
        "build",
        "-mod=readonly",
        "-trimpath",
        "-ldflags",
        "-s -w",
        "-o",
        join(folder, executable),
        source,
      ],
      { cwd: module, env: { ...process.env, CGO_ENABLED: "0" }, encoding: "utf8" },
    );
    if (status !== 0) {
      return `the machine has no ${executable}, and Go could not build one: ${error?.message ?? stderr.trim().split("\n").at(-1) ?? ""}`;
    }
  }
  return {
    name: "a language host that does no more than start Node (`benchmarks/languageHost/main.go`), because the machine has none of Pulumi's",
    environment: {
      PATH: [folder, toolchain.environment.PATH ?? process.env.PATH ?? ""].join(delimiter),
    },
  };
}
