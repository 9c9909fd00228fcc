import { execFile } from "node:child_process";
import { dirname, join } from "node:path";

/** How a process ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const root = join(__dirname, "../..");

/**
 * Variables by which the machine that runs the tests might be taken for a pipeline, or its
 * credentials for those of a test.
 */
const foreign =
  /^(GITHUB_|ACTIONS_|RUNNER_|ARM_|PULUMI_|SYSTEM_|BUILD_|AGENT_|TF_BUILD|APPONLY_(?!PLUGINS|PULUMI|CACHE_DIR|REQUIRE_TOOLS))/;

/** The environment of a process under test: this machine's, without what belongs to pipelines. */
export function cleanEnvironment(
  added: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const all = Object.fromEntries([...kept, ...Object.entries(added)]);
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Runs the `apponly` command as a process of its own. */
export function runApponly(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Ended> {
  return run(process.execPath, [join(root, "bin/apponly.js"), ...args], cwd, environment);
}

/** Runs a script by bash as GitHub's runner does. */
export function runBash(
  script: string,
  cwd: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Ended> {
  const args = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script];
  return run("bash", args, cwd, {
    ...environment,
    PATH: `${dirname(process.execPath)}:${environment.PATH ?? process.env.PATH ?? ""}`,
  });
}

function run(
  file: string,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { cwd, env: cleanEnvironment(environment), maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}
