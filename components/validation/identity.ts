import { isWithoutUser } from "./texts";
import { isGuid } from "../../system/guid";
import type { ExchangeAppOnlyArgs } from "../args";
import { type Fault, faultUnless } from "../faults";

/** What a property is carried of, by the first part of its name. */
const carriedObjects = [
  "application",
  "servicePrincipal",
  "exchangeServicePrincipal",
  "managementRole",
  "managementScope",
] as const;

/** One of {@link carriedObjects}. */
export type CarriedObject = (typeof carriedObjects)[number];

const carriedName = new RegExp(`^(${carriedObjects.join("|")})\\.[a-z][A-Za-z0-9]*$`);

/** Faults of what describes the app registration. Each value is checked where it is known. */
export function identityFaults(
  args: Pick<ExchangeAppOnlyArgs, "displayName" | "redirectUri" | "owners" | "notes" | "carried">,
): Fault[] {
  const [displayName, redirectUri, notes] = [args.displayName, args.redirectUri, args.notes].map(
    (text) => (typeof text === "string" ? text : undefined),
  );
  const owners = (args.owners ?? []).filter((owner) => typeof owner === "string");
  const named =
    displayName === undefined || (displayName.trim() !== "" && displayName.length <= 120);
  return [
    ...faultUnless(named, ["displayName", displayName])(
      "is not 1 to 120 characters long.",
      "Use a descriptive name, for example ExO PowerShell CBA.",
    ),
    ...faultUnless(redirectUri === undefined || isRedirectUri(redirectUri), [
      "redirectUri",
      redirectUri,
    ])(
      "is not an https URL without user and password (http is accepted only for localhost).",
      "Correct it, or remove it: app-only access needs none.",
    ),
    ...faultUnless((notes ?? "").length <= 1024, ["notes", notes])(
      "is longer than 1,024 characters.",
      "Shorten it, or link to a page.",
    ),
    ...owners.flatMap((owner, index) =>
      faultUnless(isGuid(owner), [`owners[${index}]`, owner])(
        "is not an object id.",
        "Use the object id of a user or a service principal, not a name or an address.",
      ),
    ),
    ...(args.carried ?? []).flatMap((name, index) =>
      faultUnless(carriedName.test(name), [`carried[${index}]`, name])(
        `is not a property of ${carriedObjects.join(", ")}.`,
        "Write it like application.requiredResourceAccesses or servicePrincipal.owners.",
      ),
    ),
  ];
}

/** @see https://learn.microsoft.com/entra/identity-platform/reply-url */
function isRedirectUri(text: string): boolean {
  if (!URL.canParse(text) || text.length > 256) {
    return false;
  }
  const url = new URL(text);
  const plainLocal = url.protocol === "http:" && url.hostname === "localhost";
  return (
    (url.protocol === "https:" || plainLocal) &&
    // Others than browsers take what stands before a backslash for a user.
    !/[*\\]/.test(text) &&
    url.hash === "" &&
    isWithoutUser(url)
  );
}
