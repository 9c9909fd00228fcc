import type { OpenedForChange } from "../../cli/openForChange";
import type { ShownChange } from "../../cli/rollOut";
import type { OperationResult } from "../../operations/stack";
import type { PermissionChange, StackReview } from "../../review/documentShape";

/** A change of a review, as far as commands look at it. */
export const permissionChange = (more: Partial<PermissionChange> = {}): PermissionChange => ({
  kind: "directory-role",
  action: "add",
  subject: "Global Reader",
  resource: "urn:pulumi:dev::apponly::azuread:index/directoryRoleAssignment::role",
  risk: "medium",
  reason: "Reads the tenant.",
  ...more,
});

/** A review with these changes. */
export const reviewWith = (...changes: PermissionChange[]): StackReview => ({
  stack: "dev",
  changes,
  violations: [],
  replacements: [],
  rest: {},
  warnings: [],
  complete: true,
});

/** The doors to an engine that changes nothing, with a list of what was asked of them. */
export function fakeChange(changes: PermissionChange[], result: Partial<OperationResult> = {}) {
  const asked: string[] = [];
  const opened = {
    stack: { name: "dev", outputs: () => Promise.resolve({}) },
    settingsFile: "/stack/Pulumi.dev.yaml",
    renewSettings: () => Promise.resolve(),
    warningsOfCreation: () => [],
  } as unknown as OpenedForChange;
  const noted =
    <T>(what: (...args: never[]) => string, value: T) =>
    (...args: unknown[]): Promise<T> => {
      asked.push(what(...(args as never[])));
      return Promise.resolve(value);
    };
  const done: OperationResult = { changes: {}, events: [], ...result };
  const showChange = (change: ShownChange["change"]): ShownChange => ({
    change,
    review: reviewWith(...changes),
    events: [],
    hasChanges: changes.length > 0,
    count: changes.length,
    settings: "",
    existing: [],
  });
  return {
    asked,
    opened,
    doors: {
      openForChange: noted(
        (wanted: string, _: unknown, opening: string) => `open ${wanted} ${opening}`,
        opened,
      ),
      fillSettingsFile: () => Promise.resolve(),
      showChange: (_: unknown, __: unknown, change: ShownChange["change"] = "update") => {
        asked.push(`show ${change}`);
        return Promise.resolve(showChange(change));
      },
      makeChange: noted((_: unknown, { change }: ShownChange) => `make ${change}`, done),
      runChange: noted((_: unknown, __: unknown, title: string) => title, done),
      verifyStack: noted(({ stack }: { stack: string }) => `verify ${stack}`, undefined),
    },
  };
}
