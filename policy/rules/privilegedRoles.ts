import {
  type BuiltInRole,
  directoryRolesPage,
  roleByName,
  roleByTemplateId,
} from "./data/directoryRoles";
import {
  type TimedReason,
  acceptanceProperties,
  type CommonSettings,
  isLive,
  settingsOf,
} from "./exemptions";
import { types } from "./types";
import { undecidedOn, type Rule, type Scene, type Ruling, violationOf } from "./rule";
import { isStackUrn, type ViewedResource } from "./stackView";
import { elementsOf, isHidden, propertiesOf, textOf } from "./values";

/** A privileged role that is accepted for a time. */
export interface RoleException extends TimedReason {
  /** Name of the role, or its id. */
  readonly role: string;
}

/** Settings of {@link privilegedRoles}. */
export interface RoleSettings extends CommonSettings {
  /** Privileged roles that need no exception, by name. */
  readonly acceptedRoles: readonly string[];
  /** Exceptions that hold in every stack. */
  readonly exceptions: readonly RoleException[];
  /** Whether the exceptions that a stack records count. */
  readonly acceptExceptionsOfStack: boolean;
}

// What least privilege recommends for reports: privileged by label, but they change nothing.
const readers = ["Global Reader", "Security Reader"];

/** A privileged directory role has a live exception. */
export const privilegedRoles: Rule<RoleSettings> = {
  name: "entra-directory-role-disallow-privileged-without-exception",
  displayName: "Privileged directory roles have a live exception",
  description:
    "A directory role that Microsoft labels privileged is assigned only while an exception with a reason and a last day covers it.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Choose a lesser role, or record an exception with a reason and a last day: in the stack's configuration under exceptions, or in the policy's.",
  url: directoryRolesPage,
  settings: settingsOf({
    acceptedRoles: {
      type: "array",
      description: "Privileged roles that need no exception, by name.",
      default: readers,
      items: { type: "string", minLength: 1 },
    },
    exceptions: {
      type: "array",
      description: "Exceptions that hold in every stack.",
      default: [],
      items: {
        type: "object",
        properties: {
          role: { type: "string", minLength: 1, description: "Name of the role, or its id." },
          ...acceptanceProperties,
        },
        required: ["role", "reason", "until"],
        additionalProperties: false,
      },
    },
    acceptExceptionsOfStack: {
      type: "boolean",
      description:
        "Whether exceptions that the stack records count; if not, only those in this configuration do.",
      default: true,
    },
  }),
  judgeResource: (resource, scene) => {
    const key = roleKeys[resource.type];
    if (key === undefined) {
      return [];
    }
    const found = roleOf(resource, key, scene);
    return "kind" in found ? [found] : judgeRole(resource, found, scene);
  },
};

/** The input that names the role, by type. */
const roleKeys: Readonly<Record<string, string>> = {
  [types.directoryRoleAssignment]: "roleId",
  [types.directoryRoleMember]: "roleObjectId",
  [types.directoryRoleEligibility]: "roleDefinitionId",
  [types.administrativeUnitRoleMember]: "roleObjectId",
};

interface AssignedRole {
  /** Display name, or the id of a role that is not in the table. */
  readonly name: string;
  readonly id?: string;
  /** A role that is not in the table counts as privileged: its reach is unknown. */
  readonly known?: BuiltInRole;
}

/** The role by its template id, by the activated role of the stack, or by the stack's own role. */
function roleOf(
  resource: ViewedResource,
  key: string,
  { stack }: Scene<RoleSettings>,
): AssignedRole | Ruling {
  const id = textOf(resource.inputs[key]);
  const known = id === undefined ? undefined : roleByTemplateId(id);
  if (known !== undefined) {
    return { name: known.name, known };
  }
  const reference = stack.referred(resource, key, [types.directoryRole, types.customDirectoryRole]);
  if (reference.kind === "resource") {
    return roleOfResource(reference.resource, resource);
  }
  // An id that is in no table may still be the object id of a role that is yet to come into view.
  return id === undefined || !stack.whole
    ? undecidedOn(
        resource,
        id === undefined
          ? "Which directory role is assigned, only the update decides."
          : `The directory role ${id} is in no table.`,
      )
    : { name: id, id };
}

function roleOfResource(role: ViewedResource, assignment: ViewedResource): AssignedRole | Ruling {
  const name = textOf(role.inputs.displayName) ?? textOf(role.outputs.displayName);
  const template = textOf(role.inputs.templateId) ?? textOf(role.outputs.templateId);
  if (role.type === types.customDirectoryRole) {
    return { name: name ?? role.name, ...(template === undefined ? {} : { id: template }) };
  }
  const known =
    (template === undefined ? undefined : roleByTemplateId(template)) ??
    (name === undefined ? undefined : roleByName(name));
  if (known !== undefined) {
    return { name: known.name, known };
  }
  const shown = name ?? template;
  return shown === undefined
    ? violationOf(
        assignment,
        "Which directory role is assigned cannot be seen at preview, so it counts as privileged. Write its template id out.",
      )
    : { name: shown };
}

function judgeRole(
  resource: ViewedResource,
  role: AssignedRole,
  scene: Scene<RoleSettings>,
): Ruling[] {
  const { settings, stack, now } = scene;
  const names = [role.name, role.id].flatMap((one) => (one === undefined ? [] : [one]));
  const matches = (wanted: unknown) =>
    names.some((name) => name.toLowerCase() === textOf(wanted)?.trim().toLowerCase());
  if (role.known?.privileged === false || settings.acceptedRoles.some(matches)) {
    return [];
  }
  const ancestors = stack.ancestors(resource);
  const recorded = settings.acceptExceptionsOfStack
    ? ancestors.flatMap(({ inputs }) => elementsOf(inputs.exceptions))
    : [];
  const exceptions = [...settings.exceptions, ...recorded].filter((one) =>
    matches(propertiesOf(one).role),
  );
  if (exceptions.some((one) => isLive(one, now))) {
    return [];
  }
  const top = ancestors.at(-1) ?? resource;
  const missesParents =
    top.parent !== undefined && stack.find(top.parent) === undefined && !isStackUrn(top.parent);
  if (settings.acceptExceptionsOfStack && missesParents && !stack.whole) {
    return [undecidedOn(resource, `Whether an exception covers ${role.name} is not shown.`)];
  }
  const what =
    role.known === undefined
      ? `The directory role ${role.name} is not one that Microsoft is known to offer, so it counts as privileged`
      : `The directory role ${role.name} is privileged`;
  return [violationOf(resource, `${what}, and ${explainNoException(exceptions, recorded)}.`)];
}

function explainNoException(exceptions: readonly unknown[], recorded: readonly unknown[]): string {
  const days = exceptions.flatMap((one) => textOf(propertiesOf(one).until) ?? []).sort();
  const last = days.at(-1);
  if (last !== undefined) {
    return `its exception until ${last} has ended, or gives no reason`;
  }
  return recorded.some(isHidden)
    ? "the stack's exceptions cannot be seen at preview"
    : "no exception covers it";
}
