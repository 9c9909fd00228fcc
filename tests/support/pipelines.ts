import { parse } from "yaml";
import { offers, planPipeline } from "../../access/pipelines/plan";
import {
  type PipelineFile,
  pipelineKinds,
  type PipelinePlan,
  type PipelineStack,
  type PipelineWishes,
} from "../../access/pipelines/types";
import { renderPipeline } from "../../access/pipelines/renderPipeline";
import { type CloudName, cloudNames } from "../../components/catalog/clouds";
import type { Workload } from "../../components/catalog/workloads";

/** A stack with everything that a pipeline can sign in with. */
export const pipelineStack: PipelineStack = {
  stack: "contoso",
  cloud: "global",
  tenantId: "aaaabbbb-0000-cccc-1111-dddd2222eeee",
  applicationId: "36ee4c6c-0812-40a2-b820-b22ebd02bce3",
  organization: "contoso.onmicrosoft.com",
  workloads: ["exchange", "compliance"],
  certificate: true,
  federatedCredentials: [
    {
      name: "github-main",
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:contoso/messaging:ref:refs/heads/main",
    },
    {
      name: "azure-devops",
      issuer: "https://vstoken.dev.azure.com/aaaabbbb-0000-cccc-1111-dddd2222eeee",
      subject: "sc://contoso/Messaging/exchange-online",
    },
    {
      name: "jenkins",
      issuer: "https://jenkins.contoso.com/oidc",
      subject: "https://jenkins.contoso.com/job/exchange/",
    },
  ],
};

/** Kinds whose schedule stands elsewhere. */
const withoutSchedule: readonly string[] = ["azure-automation", "gitlab"];

/** Every pipeline that can be asked for, in every cloud, with what else its owner wants. */
export function everyPlan(
  clouds: readonly CloudName[] = cloudNames,
  wishes: Omit<PipelineWishes, "kind"> = {},
): PipelinePlan[] {
  return clouds.flatMap((cloud) =>
    workloadSets.flatMap((workloads) =>
      pipelineKinds.flatMap((kind) =>
        offers[kind].platforms.flatMap((platform) =>
          offers[kind].credentials
            .filter(() => platform === "windows" || !workloads.includes("compliance"))
            .filter((one) => one !== "managed-identity" || !workloads.includes("compliance"))
            .map((credential) =>
              planPipeline(stackIn(cloud, credential === "key-vault"), {
                kind,
                platform,
                credential,
                workloads,
                ...wishes,
                schedule: withoutSchedule.includes(kind) ? undefined : wishes.schedule,
              }),
            ),
        ),
      ),
    ),
  );
}

const workloadSets: Workload[][] = [["exchange"], ["compliance"], ["exchange", "compliance"]];

/** A key in a vault, which no job is handed. */
export const keyInVault = {
  source: "key-vault",
  thumbprint: "1F2E3D4C5B6A79880123456789ABCDEF01234567",
  vault: {
    key: "https://contoso.vault.azure.net/keys/exo-powershell/0123456789abcdef0123456789abcdef",
    exportable: false,
  },
} as const;

function stackIn(cloud: CloudName, inVault: boolean): PipelineStack {
  return { ...pipelineStack, cloud, ...(inVault ? { certificate: false, vault: keyInVault } : {}) };
}

/** The one file of a pipeline that has one. */
export function renderOneFile(plan: PipelinePlan): PipelineFile {
  const [file, ...others] = renderPipeline(plan);
  if (file === undefined || others.length > 0) {
    throw new Error(`${plan.kind} has ${others.length + 1} files.`);
  }
  return file;
}

/** Every PowerShell script in a pipeline's YAML, by the keys that hold one. */
export function scriptsInYaml(content: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) {
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      if (["run", "pwsh", "inlineScript"].includes(key) && typeof inner === "string") {
        found.push(inner);
      }
      visit(inner);
    }
  };
  visit(parse(content));
  return found;
}

/** What a plan is called in a test's report. */
export function planTitle(plan: PipelinePlan): string {
  const { kind, platform, credential, workloads, target, script } = plan;
  const own = script === undefined ? [] : ["with commands of its owner"];
  return [kind, platform, credential, workloads.join("+"), target.cloud, ...own].join(" ");
}
