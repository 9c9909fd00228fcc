import { parseConfiguration } from "../../components/configuration/parse";
import { ConfigurationError } from "../../components/faults";

/** The moment for which the configurations of these tests are judged. */
export const now = new Date("2026-11-24T12:00:00Z");

/** The document's own example. */
export const sound = {
  displayName: "ExO PowerShell CBA",
  workloads: ["exchange"],
  directoryRoles: ["Exchange Administrator"],
  certificates: [{ name: "2026-11", subject: "contoso.org", validityDays: 365 }],
};

/** Values as Pulumi hands them over: text as it is, everything else as JSON. */
export function values(changes: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...sound, ...changes })
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** The configuration with changes. @throws {ConfigurationError} */
export function parse(changes: Record<string, unknown> = {}, azureadEnvironment?: string) {
  return parseConfiguration(
    { values: values(changes), ...(azureadEnvironment ? { azureadEnvironment } : {}) },
    now,
  );
}

/** The faults of the configuration with changes, one line each. */
export function faultsFor(changes: Record<string, unknown>, azureadEnvironment?: string): string[] {
  try {
    parse(changes, azureadEnvironment);
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return error.message.split("\n").slice(1);
    }
    throw error;
  }
  return [];
}
