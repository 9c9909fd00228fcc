/** Not proven here: batch files on Windows. */
import { runProgram } from "../../../system/process";

const node = (program: string, options = {}) =>
  runProgram(process.execPath, ["-e", program], options);

it("answers the exit code and both outputs", async () => {
  const program = 'process.stdout.write("out"); process.stderr.write("err"); process.exitCode = 3';
  expect(await node(program)).toEqual({ code: 3, stdout: "out", stderr: "err" });
});

it("hands over input and environment, and tells lines as they come", async () => {
  const lines: string[] = [];
  const { stdout } = await node(
    'process.stdin.on("data", (d) => console.log(process.env.A + d + "\\nsecond"))',
    { input: "typed", environment: { A: "set " }, onLine: (line: string) => lines.push(line) },
  );
  expect(stdout).toBe("set typed\nsecond\n");
  expect(lines).toEqual(["set typed", "second"]);
});

describe("credentials", () => {
  const secret = {
    ARM_CLIENT_SECRET: "x",
    ARM_CLIENT_CERTIFICATE: "x",
    ARM_CLIENT_CERTIFICATE_PASSWORD: "x",
    ARM_OIDC_TOKEN: "x",
    ARM_OIDC_REQUEST_TOKEN: "x",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "x",
    SYSTEM_ACCESSTOKEN: "x",
    APPONLY_PFX: "x",
    APPONLY_PFX_PASSWORD: "x",
    APPONLY_KEY_PASSWORD: "x",
    PULUMI_ACCESS_TOKEN: "x",
    PULUMI_CONFIG_PASSPHRASE: "x",
    GITHUB_TOKEN: "x",
    GH_TOKEN: "x",
    AZURE_CLIENT_SECRET: "x",
    AZURE_STORAGE_KEY: "x",
    AWS_SECRET_ACCESS_KEY: "x",
  };
  const plain = {
    PATH: process.env.PATH,
    HOME: "/home",
    HTTPS_PROXY: "http://proxy",
    SSL_CERT_FILE: "/ca.pem",
    GOPROXY: "https://go.example",
    PULUMI_HOME: "/pulumi",
    APPONLY_CACHE_DIR: "/cache",
  };
  const print = "console.log(JSON.stringify(process.env))";

  it("stay here, unless a program is to sign in", async () => {
    const environment = { ...plain, ...secret };
    expect(JSON.parse((await node(print, { environment })).stdout)).toEqual(plain);
    const all = await node(print, { environment, withCredentials: true });
    expect(JSON.parse(all.stdout)).toEqual(environment);
  });

  it("stay here also where the environment is that of this process", async () => {
    Object.assign(process.env, { ARM_CLIENT_SECRET: "x" });
    const { stdout } = await node(print);
    delete process.env.ARM_CLIENT_SECRET;
    expect(Object.keys(JSON.parse(stdout) as object)).not.toContain("ARM_CLIENT_SECRET");
  });
});

it("says that a program is missing", async () => {
  const result = await runProgram("apponly-no-such-program", []);
  expect(result).toMatchObject({ code: 127, startError: "ENOENT" });
});

it("ends a program that takes too long", async () => {
  const result = await node("setInterval(() => {}, 1000)", { timeoutMs: 200 });
  expect(result).toMatchObject({ code: 1, ended: "timeout" });
});

it("ends a program that writes too much", async () => {
  const result = await node('setInterval(() => console.log("x".repeat(1000)), 1)', {
    outputLimit: 5_000,
  });
  expect(result.ended).toBe("output limit");
  expect(result.stdout.length).toBeLessThanOrEqual(5_000);
});
