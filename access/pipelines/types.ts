import type { Workload } from "../../components/catalog/workloads";
import type { FederatedCredentialOutput, StackOutputs } from "../../components/outputs";
import type { VaultCredential } from "../connect/vaultTokens";
import { UsageFailure } from "../../system/failure";

/** The platforms that pipelines are generated for. */
export const pipelineKinds = [
  "github-actions",
  "azure-devops",
  "azure-automation",
  "jenkins",
  "gitlab",
  "cron",
] as const;

/** One of {@link pipelineKinds}. */
export type PipelineKind = (typeof pipelineKinds)[number];

/** Operating systems of the machines that run the jobs. */
export const pipelinePlatforms = ["linux", "windows"] as const;

/** One of {@link pipelinePlatforms}. */
export type PipelinePlatform = (typeof pipelinePlatforms)[number];

/** What the job signs in with. */
export const pipelineCredentials = [
  "certificate",
  "federated",
  "managed-identity",
  "key-vault",
] as const;

/** One of {@link pipelineCredentials}. */
export type PipelineCredential = (typeof pipelineCredentials)[number];

/** A federated credential of the application, without an audience where it has the usual one. */
export type PipelineFederation = Readonly<
  Omit<FederatedCredentialOutput, "audience"> & Partial<FederatedCredentialOutput>
>;

/** What is known of a stack: all of it is public. */
export interface PipelineStack extends Readonly<
  Pick<StackOutputs, "cloud" | "tenantId" | "applicationId" | "organization">
> {
  /** Name of the stack, from which file names and titles are made. */
  readonly stack: string;
  readonly workloads: readonly Workload[];
  /** Whether the application has a certificate whose key can be handed to a job. */
  readonly certificate: boolean;
  /** The active certificate's key, where it is in a vault. @default none */
  readonly vault?: VaultCredential | undefined;
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
  /** What the job runs once it is connected. @default a command that only reads */
  readonly script?: OwnScript | undefined;
  /** When it runs, as {@link readSchedule} reads it. @default daily */
  readonly schedule?: string | undefined;
  /** Version of the PowerShell module. @default one that fits the PowerShell of the machine */
  readonly moduleVersion?: string | undefined;
}

/** PowerShell of the job's owner, and where it was read. */
export interface OwnScript {
  readonly path: string;
  readonly text: string;
}

/** What nothing stands for where it is left out. */
type OwnWishes = "script" | "schedule" | "moduleVersion";

/** A pipeline that can be generated: everything in it fits together. */
export interface PipelinePlan
  extends
    Required<Omit<PipelineWishes, "federation" | OwnWishes>>,
    Pick<PipelineWishes, OwnWishes> {
  readonly target: PipelineStack;
  /** Present where `credential` is `federated`. */
  readonly federation?: PipelineFederation | undefined;
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
