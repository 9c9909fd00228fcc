import { type Workload, workloadTitles } from "../../components/catalog/workloads";
import { githubIssuer } from "../../components/federatedIssuers";
import { storedNames } from "../variables";
import { serviceConnectionIn } from "./azureDevOps";
import { checkOwnScript } from "./ownScript";
import { checkModuleVersion } from "./moduleVersion";
import { plannedSchedule } from "./schedule";
import {
  type PipelineCredential,
  PipelineError,
  type PipelineFederation,
  type PipelineKind,
  type PipelinePlan,
  type PipelinePlatform,
  type PipelineStack,
  type PipelineWishes,
} from "./types";
import { isGuid } from "../../system/guid";
import { jsonText } from "../../system/visibleText";

/** What each kind can do, the preferred first: what needs no secret goes before what does. */
export const offers: Readonly<
  Record<
    PipelineKind,
    {
      readonly credentials: readonly PipelineCredential[];
      readonly platforms: readonly PipelinePlatform[];
    }
  >
> = {
  "github-actions": {
    credentials: ["federated", "key-vault", "certificate"],
    platforms: ["linux", "windows"],
  },
  "azure-devops": {
    credentials: ["federated", "key-vault", "certificate"],
    platforms: ["linux", "windows"],
  },
  // Its sandboxes run Windows.
  "azure-automation": {
    credentials: ["certificate", "key-vault", "managed-identity"],
    platforms: ["windows"],
  },
  jenkins: {
    credentials: ["federated", "key-vault", "certificate"],
    platforms: ["linux", "windows"],
  },
  gitlab: { credentials: ["federated", "key-vault", "certificate"], platforms: ["linux"] },
  cron: { credentials: ["certificate", "key-vault"], platforms: ["linux"] },
};

/**
 * What is to be generated, from what is wanted and what the stack has.
 *
 * @throws {PipelineError} If the two do not fit; the message names the remedy.
 */
export function planPipeline(stack: PipelineStack, wishes: PipelineWishes): PipelinePlan {
  const { kind } = wishes;
  const workloads = plannedWorkloads(stack, wishes);
  const platform = platformOf(kind, wishes.platform, workloads);
  const credential = pipelineCredential(stack, wishes);
  if (credential === "managed-identity" && workloads.includes("compliance")) {
    throw new PipelineError(
      `A managed identity cannot connect to ${workloadTitles.compliance}. Take --credential certificate, or --workload exchange.`,
    );
  }
  const plan: PipelinePlan = {
    kind,
    platform,
    credential,
    workloads,
    target: stack,
    identity: wishes.identity ?? "system",
    environment: wishes.environment ?? storedNames.environment,
    federation: credential === "federated" ? federationOf(stack, wishes) : undefined,
    script: wishes.script === undefined ? undefined : checkOwnScript(wishes.script, kind),
    schedule: plannedSchedule(wishes),
    moduleVersion: wishes.moduleVersion,
  };
  checkModuleVersion(plan);
  checkNames(plan);
  return plan;
}

function plannedWorkloads(
  stack: PipelineStack,
  { workloads }: PipelineWishes,
): readonly Workload[] {
  const missing = workloads?.find((workload) => !stack.workloads.includes(workload));
  if (missing !== undefined) {
    throw new PipelineError(
      `--workload ${missing}: the stack "${stack.stack}" has no access to ${workloadTitles[missing]}. Add it to apponly:workloads and update the stack.`,
    );
  }
  return stack.workloads.filter((workload) => workloads?.includes(workload) ?? true);
}

function platformOf(
  kind: PipelineKind,
  wanted: PipelinePlatform | undefined,
  workloads: readonly Workload[],
): PipelinePlatform {
  const { platforms } = offers[kind];
  const needsWindows = workloads.includes("compliance");
  const platform =
    wanted ??
    (needsWindows && platforms.includes("windows") ? "windows" : (platforms[0] ?? "linux"));
  if (!platforms.includes(platform)) {
    throw new PipelineError(
      `--platform ${platform}: ${kind} runs only on ${platforms.join(" or ")}.`,
    );
  }
  if (needsWindows && platform === "linux") {
    const remedy = platforms.includes("windows") ? "Take --platform windows" : "Take another kind";
    throw new PipelineError(
      `Microsoft offers ${workloadTitles.compliance} only on Windows. ${remedy}, or --workload exchange.`,
    );
  }
  return platform;
}

function pipelineCredential(stack: PipelineStack, wishes: PipelineWishes): PipelineCredential {
  const { kind, credential } = wishes;
  const { credentials } = offers[kind];
  if (credential === undefined) {
    const usable = credentials.find(
      (one) =>
        (one === "certificate" && stack.certificate) ||
        (one === "key-vault" && stack.vault !== undefined) ||
        (one === "federated" && fittingCredential(stack, kind).length > 0),
    );
    if (usable === undefined) {
      throw new PipelineError(
        `The stack "${stack.stack}" has nothing that ${kind} can sign in with: ${credentials.join(" or ")}.`,
      );
    }
    return usable;
  }
  if (!credentials.includes(credential)) {
    throw new PipelineError(
      `--credential ${credential}: for ${kind} there is ${credentials.join(" and ")}.`,
    );
  }
  if (credential === "key-vault" && stack.vault === undefined) {
    throw new PipelineError(
      `--credential key-vault: the key of the active certificate of the stack "${stack.stack}" is in no vault. Add a generation with source: key-vault to apponly:certificates, and rotate to it.`,
    );
  }
  if (credential === "certificate" && stack.vault !== undefined) {
    throw new PipelineError(
      `--credential certificate: the key of the stack "${stack.stack}" is in ${new URL(stack.vault.vault.key).host} and is handed to no job. Take --credential key-vault.`,
    );
  }
  if (credential === "certificate" && !stack.certificate) {
    throw new PipelineError(
      `--credential certificate: the stack "${stack.stack}" has no active certificate. Add a generation to apponly:certificates and update the stack.`,
    );
  }
  return credential;
}

function federationOf(stack: PipelineStack, wishes: PipelineWishes): PipelineFederation {
  const candidates = fittingCredential(stack, wishes.kind);
  const names = candidates.map(({ name }) => name).join(", ");
  const found =
    wishes.federation === undefined
      ? candidates[0]
      : candidates.find(({ name }) => name === wishes.federation);
  if (found !== undefined) {
    return found;
  }
  throw new PipelineError(
    wishes.federation === undefined || names === ""
      ? `--credential federated: the stack "${stack.stack}" has no federated credential for ${wishes.kind}. Add one to apponly:federatedCredentials and update the stack.`
      : `--federation ${wishes.federation}: for ${wishes.kind} the stack "${stack.stack}" has ${names}.`,
  );
}

/**
 * Azure DevOps has an issuer of its own, and for newer service connections Microsoft Entra ID's,
 * where only the subject tells them from managed identities.
 */
function fittingCredential({ federatedCredentials }: PipelineStack, kind: PipelineKind) {
  const isFromAzureDevOps = ({ issuer, subject }: PipelineFederation) =>
    issuer.startsWith("https://vstoken.dev.azure.com/") ||
    serviceConnectionIn(subject) !== undefined;
  const isFromGitHub = ({ issuer }: PipelineFederation) => issuer === githubIssuer;
  if (kind === "github-actions") {
    return federatedCredentials.filter(isFromGitHub);
  }
  return kind === "azure-devops"
    ? federatedCredentials.filter(isFromAzureDevOps)
    : federatedCredentials.filter((one) => !isFromGitHub(one) && !isFromAzureDevOps(one));
}

const guidRule = { test: isGuid };

/**
 * Checks what a pipeline is written from. A platform may read a value before PowerShell does, as
 * GitHub reads `${{` and Azure DevOps `$(`, so that quoting only for PowerShell is not enough.
 *
 * @throws {PipelineError} If a value could be more than itself.
 */
function checkNames(plan: PipelinePlan): void {
  const { target, identity, environment, federation } = plan;
  requireForm("stack", target.stack, /^[A-Za-z0-9_.-]{1,100}$/, "letters, digits, _ . and -");
  requireForm("tenantId", target.tenantId, guidRule, "a GUID");
  requireForm("applicationId", target.applicationId, guidRule, "a GUID");
  requireForm("organization", target.organization, /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, "a domain name");
  if (identity !== "system") {
    requireForm("--identity", identity, guidRule, "system, or the client id of a managed identity");
  }
  requireForm("--environment", environment, credentialName, "1 to 255 plain characters");
  if (target.vault !== undefined) {
    const key = /^https:\/\/[a-z0-9.-]+\/keys\/[0-9a-zA-Z-]{1,127}\/[0-9a-f]{32}$/;
    requireForm("vault", target.vault.vault.key, key, "the identifier of a key in a vault");
  }
  if (federation !== undefined) {
    const { audience = "", subject } = federation;
    requireForm(
      "federated credential",
      federation.name,
      /^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/,
      credentialForm,
    );
    requireForm("audience", audience, /^[\w:/.~-]*$/, "a plain URI");
    requireForm("subject", subject, credentialName, "1 to 255 plain characters");
  }
}

const credentialForm = "3 to 120 letters, digits, dashes and underscores";

/** Nothing that nobody sees, and nothing that a platform expands or obeys. */
const credentialName = /^(?!.*(\$[({[]|##\[|##vso\[))[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,255}$/iu;

function requireForm(key: string, value: string, rule: Pick<RegExp, "test">, form: string): void {
  if (!rule.test(value)) {
    throw new PipelineError(`${key} ${jsonText(value, 0)} has to be ${form}.`);
  }
}
