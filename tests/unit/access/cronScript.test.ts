/**
 * The shell script of a cron job, run as it stands by sh with a `pwsh` that only writes down what it
 * was given. Not proven here: PowerShell itself. Skipped by name on Windows, which has no cron.
 */
import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planPipeline } from "../../../access/pipelines/plan";
import { renderPipeline } from "../../../access/pipelines/renderPipeline";
import { pipelineStack } from "../../support/pipelines";

const described = process.platform === "win32" ? describe.skip : describe;
let home: string;
let keys: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "apponly cron "));
  keys = join(home, ".config/apponly");
  await mkdir(join(home, "bin"), { recursive: true });
  await mkdir(join(home, "apponly"));
  await mkdir(keys, { recursive: true });
  const plan = planPipeline(pipelineStack, { kind: "cron", workloads: ["exchange"] });
  for (const { path, content, executable } of renderPipeline(plan)) {
    await writeFile(join(home, "apponly", path), content, { mode: executable ? 0o700 : 0o600 });
  }
  const record = [
    "#!/bin/sh",
    'printf "%s\\n" "$APPONLY_PFX_PATH" "$APPONLY_PFX_PASSWORD" "$@" > "$HOME/seen"',
    "exit 7",
  ];
  await writeFile(join(home, "bin/pwsh"), `${record.join("\n")}\n`, { mode: 0o700 });
  await writeFile(join(keys, "apponly-contoso.pfx"), "pfx", { mode: 0o600 });
  await writeFile(join(keys, "apponly-contoso.password"), "a 'password' $x\n", { mode: 0o600 });
});

afterEach(() => rm(home, { recursive: true }));

/** As cron does: through a shell, from the home folder, with the command of the crontab. */
async function runAsCron() {
  const crontab = await readFile(join(home, "apponly/apponly-contoso.crontab"), "utf8");
  const command = /^17 5 \* \* \* (.*)$/m.exec(crontab)?.[1] ?? "";
  return spawnSync("/bin/sh", ["-c", command], {
    encoding: "utf8",
    cwd: home,
    env: { HOME: home, PATH: `${join(home, "bin")}:/usr/bin:/bin` },
  });
}

described("the script of a cron job", () => {
  test("hands over the key's path and password, and ends as PowerShell ends", async () => {
    expect(await runAsCron()).toMatchObject({ status: 7, stdout: "", stderr: "" });
    expect((await readFile(join(home, "seen"), "utf8")).trimEnd().split("\n")).toEqual([
      join(keys, "apponly-contoso.pfx"),
      "a 'password' $x",
      ...["-NoLogo", "-NoProfile", "-NonInteractive", "-File"],
      join(home, "apponly/apponly-contoso.ps1"),
    ]);
  });

  test.each(["pfx", "password"])("refuses a %s file that others can read", async (ending) => {
    const file = join(keys, `apponly-contoso.${ending}`);
    await chmod(file, 0o640);
    const { status, stderr } = await runAsCron();
    expect([status, stderr]).toEqual([1, expect.stringContaining(`chmod 600 '${file}'`)]);
    await expect(readFile(join(home, "seen"))).rejects.toThrow("ENOENT");
    await chmod(file, 0o400);
    expect((await runAsCron()).status).toBe(7);
  });

  test.each(["pfx", "password"])("says that the %s file is missing", async (ending) => {
    const file = join(keys, `apponly-contoso.${ending}`);
    await rm(file);
    expect(await runAsCron()).toMatchObject({
      status: 1,
      stderr: `${file} is not there. Write it: apponly export\n`,
    });
  });
});
