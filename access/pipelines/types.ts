import type { CloudName } from "../../components/catalog/clouds";
import type { Workload } from "../../components/catalog/workloads";
import { UsageFailure } from "../../system/failure";

/** The platforms that pipelines are generated for. */
export const pipelineKinds = [
  "github-actions",
  "azure-devops",
  "azure-automation",
  "jenkins",
  "cron",
] as const;

/** One of {@link pipelineKinds}. */
export type PipelineKind = (typeof pipelineKinds)[number];

/** Operating systems of the machines that run the jobs. */
export const pipelinePlatforms = ["linux", "windows"] as const;

/** One of {@link pipelinePlatforms}. */
export type PipelinePlatform = (typeof pipelinePlatforms)[number];

/** What the job signs in with. */
export const pipelineCredentials = ["certificate", "federated", "managed-identity"] as const;

/** One of {@link pipelineCredentials}. */
export type PipelineCredential = (typeof pipelineCredentials)[number];

/** A federated credential of the application. */
export interface PipelineFederation {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  /** @default "api://AzureADTokenExchange" */
  readonly audience?: string;
}

/** What is known of a stack: all of it is public. */
export interface PipelineStack {
  /** Name of the stack, from which file names and titles are made. */
  readonly stack: string;
  readonly cloud: CloudName;
  readonly tenantId: string;
  readonly applicationId: string;
  /** Initial domain of the tenant. */
  readonly organization: string;
  readonly workloads: readonly Workload[];
  /** Whether the application has a certificate. */
  readonly certificate: boolean;
  readonly federatedCredentials: readonly PipelineFederation[];
}

/** What is wanted; whatever is left out follows from the stack. */
export interface PipelineWishes {
  readonly kind: PipelineKind;
  readonly platform?: PipelinePlatform;
  readonly credential?: PipelineCredential;
  readonly workloads?: readonly Workload[];
  /** Name of the federated credential, where the stack has several that fit. */
  readonly federation?: string;
  /** Client id of a user-assigned managed identity. @default "system" */
  readonly identity?: string;
  /** GitHub environment with the secrets. @default "apponly" */
  readonly environment?: string;
}

/** A pipeline that can be generated: everything in it fits together. */
export interface PipelinePlan {
  readonly kind: PipelineKind;
  readonly platform: PipelinePlatform;
  readonly credential: PipelineCredential;
  readonly workloads: readonly Workload[];
  readonly target: PipelineStack;
  /** Present where `credential` is `federated`. */
  readonly federation?: PipelineFederation;
  readonly identity: string;
  readonly environment: string;
}

/** One file of a pipeline. */
export interface PipelineFile {
  /** Path below the folder it belongs in, with slashes. */
  readonly path: string;
  readonly content: string;
  /** Whether it is run as a program. */
  readonly executable: boolean;
}

/** A pipeline that cannot be generated; the message says what to do instead. */
export class PipelineError extends UsageFailure {}
