import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { parseConfiguration } from "../components/configuration/parse";
import { childNames } from "../components/names";
import { accessArgs } from "../components/resolve";
import { types } from "../policy/rules/types";
import { nameInUrn } from "../review/input/urn";
import { isFile, ownNameOf } from "./project";
import { valuesInSettings } from "./settingsText";
import type { StateResource } from "./stateEdit";

/** Types that are a right, or a way to sign in, by their mere existence. */
const rightTypes: ReadonlySet<string> = new Set([
  types.appRoleAssignment,
  types.directoryRoleAssignment,
  types.applicationFederated,
]);

/** Types that are a right of a workload's own, in place of a directory role. */
const ownRightTypes: ReadonlySet<string> = new Set([
  types.exchangeAssignment,
  types.exchangeRoleGroupMember,
]);

/** Rights that an update withdraws, by their URNs. */
interface Withdrawal {
  /** Before anything else is done. */
  readonly first: readonly string[];
  /** Directory roles whose place roles of a workload's own take: when those are there and proven. */
  readonly last: readonly string[];
}

const noWithdrawal: Withdrawal = { first: [], last: [] };

/**
 * The rights that the next update would withdraw, by their URNs. The engine deletes last, and not at
 * all once a create has failed: an application that is to have another role would keep both.
 *
 * @param resources Those of the state.
 * @param preview Asked only where the settings do not account for every right in the state. Where it
 * fails, so does this: what is to be withdrawn first is not known.
 */
export async function rightsToWithdraw(
  stack: Stack,
  resources: readonly Pick<StateResource, "urn" | "type">[],
  preview: () => Promise<{ readonly events: readonly EngineEvent[] }>,
): Promise<Withdrawal> {
  const rights = resources.filter(({ type }) => rightTypes.has(type));
  if (rights.length === 0) {
    return noWithdrawal;
  }
  const declared = await declaredRights(stack);
  if (rights.every(({ urn }) => declared.has(nameInUrn(urn)))) {
    return noWithdrawal;
  }
  const { events } = await preview();
  const steps = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
  // Also where they were made by an update that ended before the role went.
  const narrows =
    steps.some(({ op, type }) => op === "create" && ownRightTypes.has(type)) ||
    (resources.some(({ type }) => ownRightTypes.has(type)) &&
      !steps.some(({ op, type }) => op === "delete" && ownRightTypes.has(type)));
  const goes = steps.filter(({ op, type }) => op === "delete" && rightTypes.has(type));
  const isLast = (type: string) => narrows && type === types.directoryRoleAssignment;
  return {
    first: goes.filter(({ type }) => !isLast(type)).map(({ urn }) => urn),
    last: goes.filter(({ type }) => isLast(type)).map(({ urn }) => urn),
  };
}

/** Name of the access in the program of every stack. */
const accessName = "access";

/** Names of the rights that a stack's settings ask for; none where they cannot be told. */
async function declaredRights(stack: Stack): Promise<ReadonlySet<string>> {
  try {
    const values = valuesInSettings(await readFile(settingsFileOf(stack), "utf8"));
    const now = new Date();
    const configuration = parseConfiguration({ values }, now);
    const resolved = accessArgs.resolve(configuration.access, now);
    const grants = childNames.grants(accessName);
    return new Set([
      ...resolved.permissions.map(({ key }) => childNames.consent(grants, key)),
      ...resolved.roles.map(({ name }) => childNames.role(grants, name)),
      ...resolved.federatedCredentials.map(({ name }) =>
        childNames.federatedCredential(accessName, name),
      ),
    ]);
  } catch {
    return new Set();
  }
}

function settingsFileOf({ name, workspace: { workDir } }: Stack): string {
  const files = ["yaml", "yml", "json"].map((end) =>
    join(workDir, `Pulumi.${ownNameOf(name)}.${end}`),
  );
  return files.find(isFile) ?? "";
}
