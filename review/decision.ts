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
          : [`Grants ${listedInWords(rights)} to the new application ${name}.`];
      }
      return [
        `Removes the application ${name}${rights.length === 0 ? "" : ` and all of its access: ${listedInWords(rights)}`}.`,
      ];
    });
  return sentences.length === 0 ? undefined : sentences.join(" ");
}

/** Roles first, then permissions, each once. */
function rightsOf(
  changes: readonly PermissionChange[],
  name: string,
  action: PermissionChange["action"],
): string[] {
  const of = (kind: PermissionChange["kind"]) =>
    changes
      .filter((one) => one.kind === kind && one.action === action && one.target === name)
      .map(({ subject }) => subject);
  return [...new Set([...of("directory-role"), ...of("admin-consent")])];
}

function listedInWords(names: readonly string[]): string {
  const [last = "", ...others] = [...names].reverse();
  return others.length === 0 ? last : `${others.reverse().join(", ")} and ${last}`;
}
