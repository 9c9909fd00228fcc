import type { GraphError } from "@microsoft/microsoft-graph-client";

/** Something that could not be read, which is never taken for none. */
export interface Unread {
  /** What it is, for example `delegated permissions`. */
  readonly what: string;
  /** Why, and what would help, as a full sentence. */
  readonly why: string;
  /**
   * Whether there may be something that nobody saw. Not so where the tenant has no licence: then
   * there is nothing to see.
   */
  readonly isGap: boolean;
  /** Type tokens of resources, or names of their properties, that are not known therefore. */
  readonly hides?: readonly string[];
}

/** What is read, and the least permission that it takes. */
export interface Source {
  readonly what: string;
  /** Value of an application permission of Microsoft Graph. */
  readonly permission: string;
  /** As {@link Unread.hides}. */
  readonly hides?: readonly string[];
}

/** Codes with which Graph says that a licence is missing. */
const licenceCodes: readonly string[] = [
  "AadPremiumLicenseRequired",
  "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
];

/**
 * Says why something could not be read.
 *
 * @see https://learn.microsoft.com/graph/errors
 */
export function unreadOf(
  { what, permission, hides = [] }: Source,
  { statusCode, code, message }: GraphError,
): Unread {
  if (code !== null && licenceCodes.includes(code)) {
    return {
      what,
      why: `Not read: ${what}, for which the tenant has no licence.`,
      isGap: false,
      hides,
    };
  }
  if (statusCode === 403 || statusCode === 401) {
    return {
      what,
      why: `Not read: ${what}. Grant ${permission} on Microsoft Graph to who reads.`,
      isGap: true,
      hides,
    };
  }
  const why =
    statusCode === 429 ? "Microsoft Graph throttled it" : `Microsoft Graph answered: ${message}`;
  return { what, why: `Not read: ${what}. ${why}. Run the command again.`, isGap: true, hides };
}
