import type { Client } from "@microsoft/microsoft-graph-client";
import type { Cloud } from "../../components/catalog/clouds";
import type { Workload } from "../../components/catalog/workloads";
import type { CertificateOutput } from "../../components/outputs";
import { type Endpoints, endpointsOf } from "../../microsoft/endpoints";
import type { ExportedCmdlet } from "../../microsoft/exchange/adminApi";
import type { Credential } from "../../microsoft/tokens";

/** When the certificate that signs in is valid. */
export type ValidityPeriod = Readonly<Pick<CertificateOutput, "notBefore" | "notAfter">>;

/** Where identities are to sign in. */
interface SignInPlace {
  readonly endpoints: Endpoints;
  readonly cloud: Cloud;
  readonly tenantId: string;
  readonly applicationId: string;
  /** Value of `-Organization`: the tenant's initial domain. */
  readonly organization: string;
}

/** One identity and where it is to sign in. */
export interface Target extends SignInPlace {
  /** Absent for a federated credential. */
  readonly certificate?: ValidityPeriod | undefined;
}

/** A generation with its key: never printed, never logged. */
export interface Generation {
  readonly name: string;
  readonly active: boolean;
  readonly certificate: ValidityPeriod & { readonly certificatePem: string };
  readonly privateKeyPem: string;
  /** The file that pipelines receive, base64, where there is one. */
  readonly pfx?: {
    readonly content: string;
    readonly password: string;
    /**
     * The Windows provider that the file names for its key, empty where it names none; absent where
     * the stack wrote the file.
     */
    readonly keyProvider?: string;
  };
}

/** A generation whose key is in a vault, which signs for it. */
export interface VaultGeneration extends Pick<Generation, "name" | "active" | "certificate"> {
  /** Name of the vault's host. */
  readonly host: string;
  /**
   * A fresh assertion, signed there: never printed, never logged.
   *
   * @throws {VaultFailure} If the vault does not sign.
   */
  readonly signedAssertion: () => Promise<string>;
}

/** A federated credential and where its token comes from. */
export interface FederatedIdentity {
  readonly name: string;
  /**
   * A fresh token of the outside identity provider: never printed, never logged.
   *
   * @throws {AssertionUnavailable} If there is none.
   */
  readonly clientAssertion: () => Promise<string>;
}

/** What a verification covers. */
export interface VerifyInput extends SignInPlace {
  readonly workloads: readonly Workload[];
  /**
   * Cmdlets that roles of a workload's own have to give, with their parameters, where it has such
   * roles; an empty list where any cmdlet will do. @default none
   */
  readonly ownCmdlets?: Readonly<Partial<Record<Workload, readonly ExportedCmdlet[]>>> | undefined;
  /** What the stack grants: a token that has more is told apart. @default not known */
  readonly declared?: {
    /** Values of application permissions, for example `Exchange.ManageAsApp`. */
    readonly permissions: readonly string[];
    /** Template ids of directory roles. */
    readonly directoryRoles: readonly string[];
  };
  readonly generations: readonly (Generation | VaultGeneration)[];
  /** Federated credentials that this job can use itself. @default none */
  readonly federated?: readonly FederatedIdentity[];
  /**
   * Microsoft Graph with the token of somebody who may read what was granted, usually the deployer.
   * With it, what was never granted is told apart from what has not arrived. @default none
   */
  readonly graph?: (() => Promise<Client>) | undefined;
  /** Name of the stack, for the commands that remedies name. @default none */
  readonly stack?: string | undefined;
  /**
   * When the stack was last changed: what was granted long ago does not propagate any more. Asked only
   * where something may be late. @default not known
   */
  readonly lastChange?: (() => Promise<Date | undefined>) | undefined;
}

/** Whatever signs in: a generation or a federated credential. */
export type Identity = Generation | VaultGeneration | FederatedIdentity;

/** Whether an identity signs in with a token of an outside provider. */
export function isFederated(identity: Identity): identity is FederatedIdentity {
  return "clientAssertion" in identity;
}

/** Whether an identity signs in with a key that is in a vault. */
export function isInVault(identity: Identity): identity is VaultGeneration {
  return "signedAssertion" in identity;
}

/** What an identity signs in with now. */
export async function credentialOf(identity: Identity): Promise<Credential> {
  if (isInVault(identity)) {
    return { clientAssertion: await identity.signedAssertion() };
  }
  return isFederated(identity)
    ? { clientAssertion: await identity.clientAssertion() }
    : {
        certificatePem: identity.certificate.certificatePem,
        privateKeyPem: identity.privateKeyPem,
      };
}

/** The part of an input that concerns one identity. */
export function targetOf(input: VerifyInput, identity: Identity): Target {
  const { endpoints, cloud, tenantId, applicationId, organization } = input;
  const certificate = isFederated(identity) ? undefined : identity.certificate;
  return { endpoints, cloud, tenantId, applicationId, organization, certificate };
}

/** The addresses that are asked, where they are not Microsoft's; otherwise none. */
export function foreignEndpoints({
  endpoints,
  cloud,
}: Pick<VerifyInput, "endpoints" | "cloud">): string[] {
  const addresses = ({ authority, workloads, graph = "" }: Endpoints) => [
    ...new Set([authority, ...Object.values(workloads), graph].filter(Boolean)),
  ];
  const microsofts = addresses(endpointsOf(cloud));
  return addresses(endpoints).filter((address) => !microsofts.includes(address));
}
