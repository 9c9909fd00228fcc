import type { Cloud, Workload } from "../../components/catalog";
import type { Endpoints } from "../endpoints";

/** What is public about the certificate that signs in. */
export interface CertificateFacts {
  readonly notBefore: string;
  readonly notAfter: string;
}

/** One generation and where it is to sign in. */
export interface Target {
  readonly endpoints: Endpoints;
  readonly cloud: Cloud;
  readonly tenantId: string;
  readonly applicationId: string;
  readonly organization: string;
  readonly certificate: CertificateFacts;
}

/** A generation with its key: never printed, never logged. */
export interface Generation {
  readonly name: string;
  readonly active: boolean;
  readonly certificate: CertificateFacts & { readonly certificatePem: string };
  readonly privateKeyPem: string;
}

/** What a verification covers. */
export interface VerifyInput {
  readonly endpoints: Endpoints;
  readonly cloud: Cloud;
  readonly tenantId: string;
  readonly applicationId: string;
  readonly organization: string;
  readonly workloads: readonly Workload[];
  readonly generations: readonly Generation[];
}
