import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { namedAfter } from "../system/files";
import { takeLock } from "../system/processLock";
import { cacheDirectory, findOnPath, type Machine } from "./machine";
import { quickStart } from "./quickStart";
import type { StepHandle } from "./steps";
import { isAtLeast, pulumiVersion } from "./versions";

/** Oldest Go that builds the CLI: the directive in `go.mod`. */
const oldestGoVersion = "1.26.0";

/** About as many packages as the CLI and its dependencies compile to. */
const packages = 1500;

/** Why the CLI could not be built, in one sentence. */
export class BuildFailed extends Error {}

/**
 * Builds the Pulumi CLI from its Go module, with the version of `go.mod` and the checksums of
 * `go.sum`.
 *
 * @param target Path of the executable to be written. It appears only when it is complete.
 * @throws {BuildFailed} If Go is missing, too old, or the build fails.
 * @see https://pkg.go.dev/github.com/pulumi/pulumi/pkg/v3
 */
export async function buildPulumi(
  machine: Machine,
  target: string,
  step: StepHandle,
): Promise<void> {
  const go = findOnPath(machine, "go");
  if (go === undefined) {
    throw new BuildFailed("Go is not on PATH.");
  }
  const version = (await machine.run(go, ["env", "GOVERSION"])).stdout.trim();
  if (!isAtLeast(version, oldestGoVersion)) {
    throw new BuildFailed(`${version} is older than ${oldestGoVersion}, which the module needs.`);
  }
  await mkdir(dirname(target), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new BuildFailed(
      `the cache ${cacheDirectory(machine)} cannot be written (${error.code ?? "unknown"}). Name another folder by APPONLY_CACHE_DIR.`,
    );
  });
  const release = await lock(`${target}.building`, step);
  try {
    if (machine.isExecutable(target)) {
      return;
    }
    await removePartials(target);
    await build(machine, go, target, step);
  } finally {
    await release();
  }
}

/** What a build has left that was killed, a hundred megabytes: nobody else builds by now. */
async function removePartials(target: string): Promise<void> {
  for (const partial of await namedAfter(target, /^\d+\.partial(\.exe)?$/)) {
    await rm(partial, { force: true });
  }
}

async function build(
  machine: Machine,
  go: string,
  target: string,
  step: StepHandle,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "apponly-build-"));
  try {
    await compile(machine, go, target, step, await quickStart(machine, go, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compile(
  machine: Machine,
  go: string,
  target: string,
  step: StepHandle,
  moduleArgs: readonly string[],
): Promise<void> {
  const partial = `${target}.${process.pid}.partial${machine.platform === "win32" ? ".exe" : ""}`;
  const version = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${pulumiVersion}`;
  let compiled = 0;
  let downloaded = 0;
  const result = await machine.run(
    go,
    [
      "build",
      "-v",
      "-mod=readonly",
      ...moduleArgs,
      "-trimpath",
      "-ldflags",
      `-s -w -X ${version}`,
      "-o",
      partial,
      "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ],
    {
      cwd: __dirname,
      environment: { ...machine.environment, CGO_ENABLED: "0" },
      onLine: (line) => {
        if (line.startsWith("go: downloading")) {
          downloaded += 1;
          step.progress(`${downloaded} modules downloaded`);
        } else if (/^[\w.-]+(\/[\w.~-]+)*$/.test(line)) {
          compiled += 1;
          step.progress(`${Math.min(99, Math.round((compiled / packages) * 100))} % compiled`);
        }
      },
    },
  );
  if (result.code !== 0) {
    await rm(partial, { force: true });
    const reason = result.stderr
      .split("\n")
      .filter(
        (line) =>
          line !== "" &&
          !/^[\w.-]+(\/[\w.~-]+)*$/.test(line) &&
          !line.startsWith("go: downloading"),
      )
      .slice(-3)
      .join(" ");
    throw new BuildFailed(`go build failed: ${reason}`);
  }
  await rename(partial, target);
}

/** Lets one process build at a time. */
async function lock(path: string, step: StepHandle): Promise<() => Promise<void>> {
  for (;;) {
    const lock = await takeLock(path);
    if (!("holder" in lock)) {
      return lock.release;
    }
    const { pid, host } = lock.holder;
    step.progress(`process ${pid} on ${host} is building it (${path})`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
