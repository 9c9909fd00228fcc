import { isGuid } from "../../system/guid";
import type { ExchangeAppOnlyArgs } from "../args";
import type { Fault } from "../faults";

/** Faults of what describes the app registration. Each value is checked where it is known. */
export function identityFaults(
  args: Pick<ExchangeAppOnlyArgs, "displayName" | "redirectUri" | "owners" | "notes">,
): Fault[] {
  const faults: Fault[] = [];
  const [displayName, redirectUri, notes] = [args.displayName, args.redirectUri, args.notes].map(
    (text) => (typeof text === "string" ? text : undefined),
  );
  const owners = (args.owners ?? []).filter((owner) => typeof owner === "string");
  if (displayName !== undefined && (displayName.trim() === "" || displayName.length > 120)) {
    faults.push({
      path: "displayName",
      value: displayName,
      rule: "is not 1 to 120 characters long.",
      remedy: "Use a descriptive name, for example ExO PowerShell CBA.",
    });
  }
  if (redirectUri !== undefined && !isRedirectUri(redirectUri)) {
    faults.push({
      path: "redirectUri",
      value: redirectUri,
      rule: "is not an https URL (http is accepted only for localhost).",
      remedy: "Correct it, or remove it: app-only access needs none.",
    });
  }
  if (notes !== undefined && notes.length > 1024) {
    faults.push({
      path: "notes",
      value: notes,
      rule: "is longer than 1,024 characters.",
      remedy: "Shorten it, or link to a page.",
    });
  }
  owners.forEach((owner, index) => {
    if (!isGuid(owner)) {
      faults.push({
        path: `owners[${index}]`,
        value: owner,
        rule: "is not an object id.",
        remedy: "Use the object id of a user or a service principal, not a name or an address.",
      });
    }
  });
  return faults;
}

/** @see https://learn.microsoft.com/entra/identity-platform/reply-url */
function isRedirectUri(text: string): boolean {
  if (!URL.canParse(text) || text.length > 256) {
    return false;
  }
  const url = new URL(text);
  const plainLocal = url.protocol === "http:" && url.hostname === "localhost";
  return (url.protocol === "https:" || plainLocal) && !text.includes("*") && url.hash === "";
}
