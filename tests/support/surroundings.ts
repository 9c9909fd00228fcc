import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * What tests take from the machine: where its programs and temporary files are, how programs are fetched
 * and built, and what somebody asks of the tests themselves. A pipeline's variables, a deployer's
 * credentials, proxies, colours and languages are left out.
 */
const ofMachine =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TEMP|TMP|XDG_CACHE_HOME|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|JEST_WORKER_ID|CHROME_PATH|CHROMIUM|JAVA_HOME|PYENV_ROOT|PIP_\w+|GO(?!FLAGS)[A-Z]+|(HOME)?DRIVE|HOMEPATH|PATHEXT|SYSTEM(ROOT|DRIVE)|WINDIR|COMSPEC|USERPROFILE|(LOCAL)?APPDATA|PROGRAM(DATA|FILES.*)|PROCESSOR_\w+|NUMBER_OF_PROCESSORS|APPONLY_(PLUGINS|PULUMI|CACHE_DIR|REQUIRE_TOOLS|SEED|WRITE_COMMENTS|RECORD|BENCH_\w+|TEST_\w+))$/i;

/** What is the same wherever tests run; not UTC, so that whatever takes the time of the place is seen. */
const sameEverywhere = {
  TZ: "America/St_Johns",
  LANG: "C.UTF-8",
  TERM: "dumb",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

/**
 * The variables of tests and of what they start, whatever those of the machine are: on a desk, in a
 * pipeline, in a hook of git, before a tenant that is somebody's.
 */
export function surroundingsOfTests(
  machine: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept = Object.entries(machine).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && ofMachine.test(entry[0]),
  );
  // Official plugins are where they were installed; otherwise nobody's sign-in and plugins are there.
  const home =
    machine.APPONLY_PLUGINS === "official"
      ? machine.PULUMI_HOME
      : join(machine.TMPDIR ?? tmpdir(), "apponly-pulumi-home");
  return {
    ...Object.fromEntries(kept),
    ...sameEverywhere,
    ...(home === undefined ? {} : { PULUMI_HOME: home }),
  };
}

/** Puts this process, and those that it starts from now on, into the surroundings of tests. */
export function enterSurroundingsOfTests(): void {
  const own = surroundingsOfTests(process.env);
  for (const name of Object.keys(process.env)) {
    if (!(name in own)) {
      delete process.env[name];
    }
  }
  Object.assign(process.env, own);
  // Nor is it tested by whom a person's files may be read.
  process.umask(0o022);
}
