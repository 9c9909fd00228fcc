import type * as pulumi from "@pulumi/pulumi";

/**
 * One generation: a named certificate of the application. What decides which resources exist is
 * plain, so that every preview shows the same resources.
 */
export interface CertificateGenerationArgs {
  /**
   * Name of the generation, unique in the stack and never reused: letters, digits, dot, dash and
   * underscore, at most 32 characters.
   *
   * @example "2026-11"
   */
  name: string;
  /**
   * `generated` (key and self-signed certificate are made by the stack), `key-vault` or `managed-hsm`
   * (the key is made in Azure and stays there), or the public certificate that was made elsewhere, as
   * PEM text or as the base64 of a `.cer` file. Never a private key.
   *
   * @default "generated"
   */
  source?: string;
  /**
   * Subject of a certificate that is generated, or made in a vault: a DNS name, or a distinguished
   * name such as `CN=contoso.org, O=Contoso`. A Key Vault that has the certificate already goes by its
   * own policy where this is left out.
   *
   * @example "contoso.org"
   */
  subject?: string;
  /**
   * Validity of a certificate that is generated, or signed by a managed HSM, in days, 1 to 730.
   *
   * @default 365
   */
  validityDays?: number;
  /**
   * Size of an RSA key that is generated, or made in a vault, in bits: 2048, 3072 or 4096.
   *
   * @default 2048
   */
  keyBits?: number;
  /**
   * Encryption of the `.pfx`: `modern` (AES-256, SHA-256) or `legacy` (3DES, SHA-1; Windows
   * Server 2016 and older read nothing else).
   *
   * @default "modern"
   */
  pfxEncryption?: string;
  /**
   * Address of the vault or managed HSM that keeps the key.
   *
   * @example "https://contoso.vault.azure.net"
   */
  vault?: string;
  /**
   * Name of the certificate in the vault; in a managed HSM, which has no certificates, of the key.
   *
   * @example "exo-powershell"
   */
  certificate?: string;
  /**
   * Validity of a certificate that a Key Vault makes, in months, 1 to 24.
   *
   * @default 12
   */
  validityMonths?: number;
  /**
   * Whether the private key may be fetched from the Key Vault. A managed HSM keeps it in any case.
   *
   * @default false
   */
  exportable?: boolean;
  /** Version in the vault that this generation is, 32 hexadecimal digits; `apponly` writes it. */
  version?: string;
  /** Public certificate of that version, base64 of a `.cer` file; `apponly` writes it. */
  cer?: string;
  /**
   * Day from which an inactive generation may be removed, `YYYY-MM-DD`; written by a rotation when
   * it activates the successor.
   */
  retireAfter?: string;
}

/**
 * A federated identity credential: a token of another issuer is exchanged for one of the
 * application, so that no certificate is needed.
 *
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 */
export interface FederatedCredentialArgs {
  /** Unique name, 3 to 120 characters: letters, digits, dash and underscore. */
  name: string;
  /** Issuer URL, exactly as in the token's `iss` claim. */
  issuer: string;
  /** Subject, exactly as in the token's `sub` claim. */
  subject: string;
  /**
   * Audience of the token. National clouds have one of their own, for example
   * `api://AzureADTokenExchangeUSGov`.
   *
   * @default "api://AzureADTokenExchange"
   */
  audience?: string;
}

/** Why, and until when, a privileged role is accepted. */
export interface ExceptionArgs {
  /** Name of the directory role. */
  role: string;
  /** Why it is needed, for the reviewer. */
  reason: string;
  /** Last day on which it holds, `YYYY-MM-DD`. */
  until: string;
}

/** A cmdlet that stays of a role of Exchange's own. */
export interface KeptCmdletArgs {
  /** Name of the cmdlet, for example `Set-Mailbox`. */
  name: string;
  /**
   * Parameters that stay, besides `Identity` and those that every cmdlet has.
   *
   * @default all that the role has
   */
  parameters?: string[];
}

/**
 * A management role of Exchange Online, which can be narrowed to cmdlets, parameters and recipients.
 *
 * @see https://learn.microsoft.com/exchange/permissions-exo/permissions-exo
 */
export interface ExchangeRoleArgs {
  /** Name of the built-in role, for example `Mail Recipients`. */
  role: string;
  /**
   * Cmdlets that stay; a custom role is made of them.
   *
   * @default all that the role has
   */
  cmdlets?: KeptCmdletArgs[];
  /**
   * Recipients on which the role may write, as a filter in OPATH: `Department -eq 'Sales'`.
   *
   * @default all recipients
   */
  recipientFilter?: string;
}

/** A role group of Security & Compliance that the application becomes a member of. */
export interface ComplianceRoleGroupArgs {
  /** Name of the role group. */
  name: string;
  /**
   * Roles of a group that the stack makes. Without them the group is one that is there already,
   * such as `Security Reader`.
   */
  roles?: string[];
}

/**
 * What an application may do in Exchange Online PowerShell and Security & Compliance PowerShell,
 * and how it signs in.
 */
export interface ExchangeAppOnlyArgs {
  /**
   * Display name of the app registration.
   *
   * @example "ExO PowerShell CBA"
   */
  displayName: pulumi.Input<string>;
  /** Workloads the application serves: `exchange`, `compliance`, or both. */
  workloads: string[];
  /** Names of the directory roles, for example `Exchange Administrator`. */
  directoryRoles: string[];
  /**
   * Roles of Exchange Online's own, instead of directory roles or beside them.
   *
   * @default []
   */
  exchangeRoles?: ExchangeRoleArgs[];
  /**
   * Role groups of Security & Compliance, instead of directory roles or beside them.
   *
   * @default []
   */
  complianceRoleGroups?: ComplianceRoleGroupArgs[];
  /** Redirect URI of the platform `Web`. App-only access needs none. */
  redirectUri?: pulumi.Input<string>;
  /**
   * Object ids of owners besides the deployer, who always is one.
   *
   * @default []
   */
  owners?: pulumi.Input<string>[];
  /** Notes for the people who manage the app registration, at most 1,024 characters. */
  notes?: pulumi.Input<string>;
  /**
   * Properties that stay as the tenant has them, for a registration that was made elsewhere and
   * adopted: `application.`, `servicePrincipal.`, `exchangeServicePrincipal.`, `managementRole.` or
   * `managementScope.`, and the provider's name of the property.
   *
   * @default []
   * @example ["application.requiredResourceAccesses", "application.owners"]
   */
  carried?: string[];
  /**
   * The generations.
   *
   * @default []
   */
  certificates?: CertificateGenerationArgs[];
  /** Name of the generation that pipelines receive; needed once there are several. */
  activeCertificate?: string;
  /**
   * Federated credentials.
   *
   * @default []
   */
  federatedCredentials?: FederatedCredentialArgs[];
  /**
   * Privileged roles that are accepted for a time.
   *
   * @default []
   */
  exceptions?: ExceptionArgs[];
}

/** Arguments of `WorkloadGrants`. */
export interface WorkloadGrantsArgs {
  /** Object id of the service principal, also of a managed identity, that receives the grants. */
  servicePrincipalObjectId: pulumi.Input<string>;
  /** Workloads it serves: `exchange`, `compliance`, or both. */
  workloads: string[];
  /** Names of the directory roles, for example `Exchange Administrator`. */
  directoryRoles: string[];
  /**
   * Privileged roles that are accepted for a time.
   *
   * @default []
   */
  exceptions?: ExceptionArgs[];
}

/** Arguments of `CertificateCredential`. */
export interface CertificateCredentialArgs {
  /** Resource id of the app registration, `/applications/{object id}`. */
  applicationId: pulumi.Input<string>;
  /** The generation: its name, and a certificate to generate or one that is supplied. */
  generation: CertificateGenerationArgs;
}
