import type { PermissionChange } from "./documentShape";

/**
 * What the changes of a stack come to where they are one decision: an application that gets its first
 * access, or one that is taken away. Everything else is told change by change.
 *
 * @example decisionOf(changes) // "Grants Exchange Administrator and Exchange.ManageAsApp to the new application ExO PowerShell CBA."
 */
export function decisionOf(changes: readonly PermissionChange[]): string | undefined {
  const sentences = changes
    .filter(({ kind }) => kind === "application")
    .flatMap(({ action, subject: name }) => {
      if (action !== "add" && action !== "remove") {
        return [];
      }
      const rights = rightsOf(changes, name, action);
      if (action === "add") {
        return rights.length === 0
          ? []
          : [
              `Grants ${new Intl.ListFormat("en-GB").format(rights)} to the new application ${name}.`,
            ];
      }
      return [
        `Removes the application ${name}${rights.length === 0 ? "" : ` and all of its access: ${new Intl.ListFormat("en-GB").format(rights)}`}.`,
      ];
    });
  return sentences.length === 0 ? undefined : sentences.join(" ");
}

/**
 * The changes that are said by the decision: all that such an application gets or loses with it.
 * What is critical is told by itself all the same.
 */
export function partsOfDecision(
  changes: readonly PermissionChange[],
): ReadonlySet<PermissionChange> {
  const whole = changes.filter(
    ({ kind, action }) => kind === "application" && (action === "add" || action === "remove"),
  );
  return new Set(
    changes.filter(
      (change) =>
        change.risk !== "critical" &&
        whole.some(
          ({ action, subject: name }) =>
            change.action === action &&
            [change.target, change.subject].some(
              (one) => one === name || one === `${name} (service principal)`,
            ),
        ),
    ),
  );
}

/** Roles first, then permissions, each once. */
function rightsOf(
  changes: readonly PermissionChange[],
  name: string,
  action: PermissionChange["action"],
): string[] {
  const changesOf = (kind: PermissionChange["kind"]) =>
    changes
      .filter((one) => one.kind === kind && one.action === action && one.target === name)
      .map(({ subject }) => subject);
  return [...new Set([...changesOf("directory-role"), ...changesOf("admin-consent")])];
}
