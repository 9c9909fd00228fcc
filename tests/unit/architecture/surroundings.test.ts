/**
 * Tests own the surroundings in which they run: what passes on a desk passes in a pipeline, and the
 * other way round.
 */
import { runProgram } from "../../support/command";
import { surroundingsOfTests } from "../../support/surroundings";

/** What a pipeline, a deployer's shell, a hook of git, a proxy and a person's taste set. */
const foreign = {
  CI: "true",
  GITHUB_ACTIONS: "true",
  GITHUB_TOKEN: "x",
  TF_BUILD: "True",
  SYSTEM_ACCESSTOKEN: "x",
  NODE_ENV: "test",
  NODE_OPTIONS: "--max-old-space-size=3000",
  npm_config_offline: "true",
  FORCE_COLOR: "3",
  NO_COLOR: "1",
  COLUMNS: "20",
  TERM: "xterm",
  TZ: "Pacific/Kiritimati",
  LC_ALL: "tr_TR.UTF-8",
  LANG: "C",
  HTTPS_PROXY: "http://127.0.0.1:9",
  no_proxy: "example.org",
  PULUMI_STACK: "prod",
  PULUMI_HOME: "/nowhere",
  PULUMI_ACCESS_TOKEN: "x",
  ARM_CLIENT_SECRET: "x",
  AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us",
  IDENTITY_ENDPOINT: "http://127.0.0.1:9",
  VAULT_ADDR: "http://127.0.0.1:9",
  APPONLY_STACK: "prod",
  APPONLY_GRAPH: "http://127.0.0.1:9",
  APPONLY_EMBEDDED: "true",
  GIT_DIR: "/nowhere",
  GIT_CONFIG_GLOBAL: "/nowhere",
  BASH_ENV: "/nowhere",
  GOFLAGS: "-mod=vendor",
};

test("whatever the machine sets, tests have the same variables", () => {
  const desk = { PATH: "/bin", HOME: "/home/a", APPONLY_PLUGINS: "stand-in" };
  const own = surroundingsOfTests(desk);
  expect(own).toMatchObject(desk);
  expect(surroundingsOfTests({ ...desk, ...foreign })).toEqual(own);
});

test("this test runs in the surroundings of tests, and so does what it starts", async () => {
  const own = surroundingsOfTests(process.env);
  expect({ ...process.env }).toEqual(own);
  expect(Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(own.TZ);
  expect(process.umask()).toBe(0o022);
  // Official plugins are where the machine says.
  const home = own.APPONLY_PLUGINS === "official" ? { PULUMI_HOME: own.PULUMI_HOME } : {};
  Object.assign(process.env, { ...foreign, ...home });
  const script = "console.log(JSON.stringify([process.env, process.umask()]))";
  const { stdout } = await runProgram(process.execPath, ["-e", script], __dirname, { added: "1" });
  expect(JSON.parse(stdout)).toEqual([{ ...own, added: "1" }, 0o022]);
  for (const name of Object.keys(foreign)) {
    delete process.env[name];
  }
  Object.assign(process.env, own);
});
