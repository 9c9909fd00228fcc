import { findOnPath } from "./paths";
import type { Machine } from "./machine";
import type { StepHandle } from "./steps";
import { isAtLeast, oldestGoVersion, pulumiVersion } from "./versions";
import { lastLines, WayFailed } from "./wayFailed";

/** Package of the CLI, which `go.mod` pins. */
const cliPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/** What a build from nothing downloads and compiles, for the progress. Less where Go has caches. */
const total = { modules: 328, packages: 1685 };

const probeTime = 3000;

/**
 * Builds the Pulumi CLI from its Go module, with the version of `go.mod` and the checksums of
 * `go.sum`. Takes three to four minutes on two cores the first time.
 *
 * @param target Path of the executable to be written.
 * @throws {WayFailed} If Go is missing, too old, or the build fails.
 * @see https://pkg.go.dev/github.com/pulumi/pulumi/pkg/v3
 * @see https://go.dev/ref/mod#build-commands
 */
export async function buildPulumi(
  machine: Machine,
  target: string,
  step: StepHandle,
): Promise<void> {
  const go = findOnPath(machine, "go");
  if (go === undefined) {
    throw new WayFailed("Go is not on PATH");
  }
  const environment = buildEnvironment(machine);
  const version = await goVersion(machine, go);
  if (!isAtLeast(version, oldestGoVersion)) {
    throw new WayFailed(
      version === ""
        ? `${go} does not say its version`
        : `${version} at ${go} is older than ${oldestGoVersion}, which the module needs`,
    );
  }
  const unreachable = await moduleProxyFailure(machine, go, environment);
  const result = await machine.run(
    go,
    [
      "build",
      "-v",
      "-trimpath",
      "-ldflags",
      `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${pulumiVersion}`,
      "-o",
      target,
      cliPackage,
    ],
    {
      cwd: __dirname,
      // What is in Go's module cache is enough; what is not would be waited for minutes.
      environment: unreachable === undefined ? environment : { ...environment, GOPROXY: "off" },
      onLine: progressOf(step),
    },
  );
  if (result.code !== 0) {
    const said = lastLines(
      result.stderr.split("\n").filter((line) => !isPackage(line) && !isDownload(line)),
    );
    throw new WayFailed(
      unreachable === undefined
        ? `go build failed: ${said}`
        : `${unreachable}, and Go's module cache is not complete: ${said}`,
    );
  }
}

/** Version that Go itself has, such as `go1.26.8`; empty where it does not say. */
export async function goVersion(machine: Machine, go: string): Promise<string> {
  const environment = buildEnvironment(machine);
  const asked = { environment, timeoutMs: 20_000 };
  return (await machine.run(go, ["env", "GOVERSION"], asked)).stdout.trim();
}

/** Names of Go for what Node calls otherwise. */
const goNames: Readonly<Record<string, string>> = { win32: "windows", x64: "amd64", ia32: "386" };

/**
 * The person's environment, less what would weaken the checks or build for another machine.
 * `GOTOOLCHAIN=local` because a Go that fetches another Go is not what the person has on PATH.
 */
function buildEnvironment(machine: Machine): NodeJS.ProcessEnv {
  const { GONOSUMCHECK: _, ...environment } = machine.environment;
  return {
    ...environment,
    GOFLAGS: "-mod=readonly -buildvcs=false",
    GO111MODULE: "on",
    GOWORK: "off",
    GOTOOLCHAIN: "local",
    CGO_ENABLED: "0",
    GOOS: goNames[machine.platform] ?? machine.platform,
    GOARCH: goNames[machine.architecture] ?? machine.architecture,
  };
}

/**
 * Why modules cannot be downloaded, or `undefined` where they may be. Only the first proxy is
 * asked: Go goes on to the next after a comma only where the first answers.
 *
 * @see https://go.dev/ref/mod#goproxy-protocol
 */
async function moduleProxyFailure(
  machine: Machine,
  go: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const setting = await machine.run(go, ["env", "GOPROXY"], { environment, timeoutMs: 20_000 });
  const [, first = "", separator = ""] = /^([^,|]*)([,|]?)/.exec(setting.stdout.trim()) ?? [];
  if (!/^https?:/.test(first) || !URL.canParse(first) || separator === "|") {
    return undefined;
  }
  const answer = await machine.probe(first, environment, probeTime);
  return answer.reached
    ? undefined
    : `the Go module proxy ${new URL(first).host} cannot be reached (${answer.reason})`;
}

function progressOf(step: StepHandle): (line: string) => void {
  let downloaded = 0;
  let compiled = 0;
  return (line) => {
    if (isDownload(line)) {
      downloaded += 1;
      step.progress(`building with Go: ${downloaded} of up to ${total.modules} modules downloaded`);
    } else if (line === cliPackage) {
      step.progress("building with Go: linking");
    } else if (isPackage(line)) {
      compiled += 1;
      step.progress(`building with Go: ${compiled} of up to ${total.packages} packages compiled`);
    }
  };
}

function isDownload(line: string): boolean {
  return line.startsWith("go: downloading ");
}

function isPackage(line: string): boolean {
  return /^[\w.~+-]+(\/[\w.~+-]+)*$/.test(line);
}
