/** How long a tenant lets an application's certificates live. */
export interface LifetimeLimit {
  /** ISO 8601 duration as the tenant's policy has it, for example `P180D`. */
  readonly maxLifetime: string;
  /** Which policy says so, as part of a sentence: `the tenant's app management policy`. */
  readonly policy: string;
}

/** What a tenant says about the lifetime of an application's certificates. */
export type CertificateLimit =
  | { readonly known: true; readonly limit?: LifetimeLimit }
  | {
      readonly known: false;
      /** Why it is not known, as a full sentence with what to do. */
      readonly why: string;
    };
