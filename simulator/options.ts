import type { Clock } from "./clock";
import type { JsonObject } from "./json";
import type { MakeKey } from "./rsaKey";
import type { CloudName } from "./seed/clouds";
import type { AppManagementPolicy } from "./state/policies";

/** How a simulator is started. */
export interface SimulatorOptions {
  /** Ports to listen on. Default, or 0: those of the state file, else free ones. */
  readonly ports?: { readonly http?: number; readonly https?: number; readonly proxy?: number };
  /**
   * File in which ports, tenants and their objects are kept between starts; the certificate
   * authority lies beside it. Default: everything is in memory.
   */
  readonly stateFile?: string;
  /** Tenants to start with, beside those of the state file. */
  readonly tenants?: readonly TenantSeed[];
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** The simulator listens on loopback only. */
  readonly host?: "127.0.0.1";
  /** Lifetime of access tokens in seconds. Default: 3599, as Entra's. */
  readonly tokenLifetimeSeconds?: number;
  /** How many journal entries are kept, the oldest being dropped. Default: 20,000. */
  readonly journalCapacity?: number;
  /**
   * Which issuers of federated identity tokens are asked for their keys. Default: `loopback`,
   * so that nothing beyond this machine is contacted.
   */
  readonly federatedIssuers?: "loopback" | "any";
  /** Makes its private keys, of 2048 bits: the authority's, the listener's, that of tokens. Default: fresh ones. */
  readonly makeKey?: MakeKey;
}

/** What a tenant is like when it is made. */
export interface TenantSeed {
  /** For example `contoso.onmicrosoft.com`. */
  readonly initialDomain: string;
  /** Default: a fresh one. */
  readonly tenantId?: string;
  /** Default: the first label of the initial domain. */
  readonly displayName?: string;
  /** @default "global" */
  readonly cloud?: CloudName;
  /** Further verified domains. */
  readonly domains?: readonly string[];
  /** Application ids of Microsoft's that have no service principal in this tenant. */
  readonly without?: readonly string[];
  /** The app with which this tenant is administered. */
  readonly deployer?: {
    /** Values of Graph application permissions. Default: the least that a deployer needs. */
    readonly permissions?: readonly string[];
  };
  /** Users that can own applications or hold roles. Default: none. */
  readonly users?: readonly {
    readonly userPrincipalName: string;
    readonly displayName: string;
    readonly id?: string;
    /** Properties of its mailbox as Exchange names them, for example `Department`. */
    readonly mailbox?: JsonObject;
    /** Phones that read its mailbox: properties as Exchange names them, for example `DeviceId`. */
    readonly mobileDevices?: readonly JsonObject[];
  }[];
  /** Mail-enabled security groups, which Graph cannot make. Default: none. */
  readonly groups?: readonly {
    /** Without spaces; with the initial domain it is the address. */
    readonly mailNickname: string;
    readonly displayName: string;
    /** Principal names of users of the seed. */
    readonly members?: readonly string[];
  }[];
  /**
   * Licence of Microsoft Entra ID: P1 has logs and sign-in reports, P2 Privileged Identity
   * Management too. Default: `P2`.
   */
  readonly premium?: "none" | "P1" | "P2";
  /** Default: switched off. */
  readonly appManagementPolicy?: AppManagementPolicy;
  /**
   * Which service principal the Security & Compliance resource names: in some tenants it is
   * Office 365 Exchange Online. Default: `protection`.
   */
  readonly complianceAudience?: "protection" | "exchange";
}

/** Where clients find the simulator. */
export interface SimulatorEndpoints {
  /** Host and port of the cloud metadata, as the azuread provider's `metadataHost` wants it. */
  readonly metadataHost: string;
  /** Base of the token endpoint over http. */
  readonly login: string;
  /** Base of the token endpoint over https, for clients that insist. */
  readonly loginTls: string;
  /** Base of Microsoft Graph; `/v1.0` or `/beta` follows. */
  readonly graph: string;
  readonly graphTls: string;
  /** Base of the Exchange Online admin API; `/adminapi/…` follows. */
  readonly exchange: string;
  /** Base of the Security & Compliance admin API; `/adminapi/…` follows. */
  readonly compliance: string;
  /**
   * Address for `HTTPS_PROXY`: through it Microsoft's own host names lead here, and no other name
   * leads anywhere.
   */
  readonly proxy: string;
}
