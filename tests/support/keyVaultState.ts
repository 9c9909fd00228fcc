import type { Faults } from "./loopback";

/** What a certificate is made by. */
export interface CreateBody {
  readonly policy?: {
    readonly key_props?: { exportable?: boolean; key_size?: number };
    readonly x509_props?: { subject?: string; validity_months?: number };
    readonly issuer?: { name?: string };
  };
}

/** One version of a certificate, as the vault keeps it. */
export interface VaultVersion {
  readonly version: string;
  readonly der: Buffer;
  readonly privateKeyPem: string;
  readonly exportable: boolean;
  readonly contentType: string;
  readonly tags: Readonly<Record<string, string>>;
  /** What the next version is made by, as it was sent. */
  readonly policy?: CreateBody["policy"];
  enabled: boolean;
}

/** One version of a key without a certificate, as a managed HSM has it. */
export interface KeyVersion {
  readonly version: string;
  readonly privateKeyPem: string;
  enabled: boolean;
}

/** What may be done, in the words of access policies. */
export type VaultRight =
  | `certificates/${"get" | "create" | "import"}`
  | `keys/${"get" | "create" | "sign"}`
  | "secrets/get";

/**
 * A stand-in of Azure Key Vault, or of a managed HSM, as far as certificates, their keys and the secrets
 * behind them go, under the real name of a vault: https on loopback with a certificate for that name, reached through a proxy
 * as `HTTPS_PROXY` names one. A token is asked for by the vault's challenge, and answered by a
 * stand-in of a managed identity.
 */
export interface KeyVault {
  readonly vaultUrl: string;
  /** Certificate to trust, PEM. */
  readonly caCertificatePem: string;
  readonly proxyUrl: string;
  /** Port on loopback, for another proxy. */
  readonly port: number;
  /** Address and header of the managed identity, as App Service hands them to a process. */
  readonly identityEndpoint: string;
  readonly identityHeader: string;
  readonly token: string;
  readonly faults: Faults;
  /** Method and path of each request; host and port of each connection. */
  readonly requests: string[];
  /** Requests that the stand-in does not know. */
  readonly unknown: string[];
  readonly connections: string[];
  /** Bodies of the imports, to be looked at. */
  readonly imports: Record<string, unknown>[];
  /** By name, the newest last. */
  readonly certificates: Map<string, VaultVersion[]>;
  /** Keys without a certificate, by name, the newest last. */
  readonly keys: Map<string, KeyVersion[]>;
  /** What the token may not do; it may everything else. */
  readonly denied: Set<VaultRight>;
  /** How often a certificate is still pending when it is asked for. */
  pendingAnswers: number;
  /** Names that were deleted and can be recovered. */
  readonly deleted: Set<string>;
  close(): Promise<void>;
}

/** What of the stand-in its routes read and change. */
export type VaultState = Omit<
  KeyVault,
  "proxyUrl" | "port" | "identityEndpoint" | "close" | "connections" | "caCertificatePem"
>;
