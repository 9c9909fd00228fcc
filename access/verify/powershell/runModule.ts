import { randomBytes } from "node:crypto";
import { access, constants, writeFile } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { type Workload, workloadTitles } from "../../../components/catalog/workloads";
import { createPfx } from "../../../components/pkcs12/createPfx";
import { PfxEncryption } from "../../../components/pkcs12/options";
import { runProgram, withoutCredentials } from "../../../system/process";
import { scriptVariables } from "../../variables";
import { identityNameOf, requestToken } from "../chain";
import type { ConnectRecipe } from "../../connect/recipes";
import { isDiagnosis } from "../diagnosis";
import type { VerifyReport } from "../report";
import {
  credentialOf,
  type Generation,
  type Identity,
  isFederated,
  isInVault,
  type Target,
  targetOf,
  type VerifyInput,
} from "../target";
import { identitiesOf } from "../verify";
import { probes } from "../workload";
import { diagnoseMessage } from "./message";
import type { ModuleOutcome, ModuleRun } from "../documentShape";
import {
  verificationScript,
  recipeFor,
  outcomeMark,
  type RecipeMethod,
  type ScriptOutcome,
} from "./script";
import { withTemporaryFolder } from "./temporaryFolder";
import type { Environment } from "../../../system/environment";
import { capitalised } from "../../../policy/rules/microsoftOwned";

/** Even the module by itself starts slowly: a connection takes half a minute where all is well. */
const timeoutMs = 300_000;

/**
 * Connects with the real module ExchangeOnlineManagement, once for every chain that holds. The key
 * goes into a file that only its owner can read and that is removed afterwards, its password and
 * tokens through the environment.
 *
 * @param environment In whose `PATH` `pwsh` is looked for, and which it gets, without the settings
 * of Pulumi and of the deployer.
 */
export async function runModule(
  input: VerifyInput,
  report: VerifyReport,
  environment: Environment,
  options: {
    /** Told before each connection. */
    readonly onRun?: (name: string, workload: Workload) => void;
    readonly platform?: NodeJS.Platform;
  } = {},
): Promise<ModuleOutcome> {
  const { onRun, platform = process.platform } = options;
  const executable = await findPowerShell(environment);
  if (executable === undefined) {
    return {
      state: "skipped",
      reason: "There is no `pwsh` on PATH. Install PowerShell 7 to run the module itself.",
    };
  }
  const runs: ModuleRun[] = [];
  let powershellVersion: string | undefined;
  for (const identity of identitiesOf(input)) {
    for (const workload of input.workloads) {
      const name = identityNameOf(identity);
      const chain = report.chains.find(
        (one) => one.identity.name === name.name && one.workload === workload,
      );
      if (chain === undefined || chain.diagnosis !== undefined) {
        const detail = "not run: the chain is broken before";
        runs.push({ ...name, workload, state: "skipped", detail });
        continue;
      }
      const { platforms } = recipeFor(targetOf(input, identity), workload, methodOf(identity));
      if (!platforms.includes(platformNames[platform] ?? "linux")) {
        const detail = `not run: Microsoft offers ${workloadTitles[workload]} only on ${platforms.join(" and ")}`;
        runs.push({ ...name, workload, state: "skipped", detail });
        continue;
      }
      onRun?.(name.name, workload);
      const { version, ...run } = await connectModule(
        input,
        identity,
        workload,
        executable,
        environment,
      );
      powershellVersion ??= version;
      runs.push({ ...name, workload, ...run });
    }
  }
  if (runs.length > 0 && runs.every(({ state }) => state === "skipped")) {
    return { state: "skipped", reason: capitalised(runs[0]!.detail) };
  }
  return {
    state: "ran",
    ok: runs.every(({ state }) => state !== "failed"),
    powershellVersion,
    runs,
  };
}

const platformNames: Partial<Record<NodeJS.Platform, ConnectRecipe["platforms"][number]>> = {
  win32: "windows",
  darwin: "macos",
  linux: "linux",
};

function methodOf(identity: Identity): RecipeMethod {
  return isFederated(identity) || isInVault(identity) ? "access-token" : "pfx-file";
}

type ModuleConnection = Pick<ModuleRun, "state" | "detail" | "moduleVersion" | "diagnosis"> & {
  version?: string | undefined;
};

async function connectModule(
  input: VerifyInput,
  identity: Identity,
  workload: Workload,
  executable: string,
  environment: Environment,
): Promise<ModuleConnection> {
  const target = targetOf(input, identity);
  const method = methodOf(identity);
  return withTemporaryFolder(async (folder): Promise<ModuleConnection> => {
    const secrets = await lendCredential(target, identity, workload, folder);
    if (isDiagnosis(secrets)) {
      return { state: "failed", detail: secrets.cause, diagnosis: secrets };
    }
    const script = join(folder, "connect.ps1");
    await writeFile(script, verificationScript(target, workload, method), { mode: 0o600 });
    const { output, problem } = await runScript(executable, script, {
      ...withoutSettings(environment),
      ...secrets.environment,
      POWERSHELL_TELEMETRY_OPTOUT: "1",
      POWERSHELL_UPDATECHECK: "Off",
      NO_COLOR: "1",
    });
    const outcome = outcomeIn(output);
    const hide = (text: string) => hideSecrets(text, Object.values(secrets.environment));
    const versions = {
      version: outcome?.powershell,
      moduleVersion: outcome?.module ?? undefined,
    };
    if (outcome?.state === "connected") {
      return { ...versions, state: "connected", detail: probes[workload][0].name };
    }
    if (outcome?.state === "no-module") {
      const { moduleVersion: wanted } = recipeFor(target, workload, method);
      const detail = `not run: PowerShell has no module ExchangeOnlineManagement ${wanted} or newer. Install it: Install-Module ExchangeOnlineManagement`;
      return { ...versions, state: "skipped", detail };
    }
    const message = hide(outcome?.error ?? problem ?? "PowerShell ended without an outcome");
    const diagnosis = diagnoseMessage(message, target, workload);
    return { ...versions, state: "failed", detail: message, diagnosis };
  });
}

/** Puts the credential where the recipe reads it. */
async function lendCredential(
  target: Target,
  identity: Identity,
  workload: Workload,
  folder: string,
) {
  if (isFederated(identity) || isInVault(identity)) {
    const token = await requestToken(target, await credentialOf(identity), workload, new Date());
    return isDiagnosis(token) ? token : { environment: { [scriptVariables.accessToken]: token } };
  }
  const path = join(folder, "credential.pfx");
  const { content, password } = identity.pfx ?? pfxOf(identity);
  await writeFile(path, Buffer.from(content, "base64"), { mode: 0o600, flag: "wx" });
  return {
    environment: { [scriptVariables.pfxPath]: path, [scriptVariables.pfxPassword]: password },
  };
}

function pfxOf({ certificate, privateKeyPem }: Generation) {
  const password = randomBytes(24).toString("base64url");
  const { certificatePem } = certificate;
  const encryption = PfxEncryption.Modern;
  return {
    content: createPfx({ privateKeyPem, certificatePem, password, encryption }).toString("base64"),
    password,
  };
}

/** What the module has no use for: the deployer's secrets, and those of the pipeline. */
function withoutSettings(environment: Environment): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(withoutCredentials(environment)).filter(
      ([name]) => !/^(ARM_|AZURE_|PULUMI_|APPONLY_|ACTIONS_|SYSTEM_ACCESSTOKEN)/i.test(name),
    ),
  );
}

async function runScript(
  executable: string,
  script: string,
  environment: Record<string, string | undefined>,
): Promise<{ output: string; problem?: string | undefined }> {
  const args = ["-NoLogo", "-NoProfile", "-NonInteractive", "-File", script];
  const { code, stdout, stderr, ended } = await runProgram(executable, args, {
    environment,
    withCredentials: true,
    timeoutMs,
  });
  if (ended === "timeout") {
    return { output: stdout, problem: `no outcome within ${timeoutMs / 60_000} minutes` };
  }
  const said = stderr.trim().split(/\r?\n/)[0] || `it ended with ${code}`;
  return { output: stdout, problem: code === 0 ? undefined : said };
}

function outcomeIn(output: string): ScriptOutcome | undefined {
  const line = output.split(/\r?\n/).find((one) => one.startsWith(outcomeMark));
  try {
    return line === undefined
      ? undefined
      : (JSON.parse(line.slice(outcomeMark.length)) as ScriptOutcome);
  } catch {
    return undefined;
  }
}

/** A message of a foreign program, without what must not be shown, on one line. */
function hideSecrets(text: string, secrets: readonly string[]): string {
  const clean = secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
  return clean.split(/[\r\n]+/)[0]!.slice(0, 500);
}

async function findPowerShell(environment: Environment): Promise<string | undefined> {
  const name = process.platform === "win32" ? "pwsh.exe" : "pwsh";
  const folders = (environment.PATH ?? environment.Path ?? "").split(delimiter);
  for (const folder of folders.filter((one) => isAbsolute(one))) {
    const file = join(folder, name);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // It is in another folder, if anywhere.
    }
  }
  return undefined;
}
