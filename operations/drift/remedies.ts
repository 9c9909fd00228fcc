import { certificateIdParts } from "../../components/catalog/providerIds";
import type { ViewedResource } from "../../policy/rules/stackView";
import { types } from "../../policy/rules/types";
import { bareId, type Properties, textOf } from "../../policy/rules/values";
import { quotedWord, shellWord } from "../../system/shellWord";

/** Which setting of the stack declares what somebody has added. */
const settings: Readonly<Record<string, string>> = {
  [types.applicationCertificate]: "apponly:certificates, with its public certificate as the source",
  [types.applicationFederated]: "apponly:federatedCredentials",
  [types.directoryRoleAssignment]: "apponly:directoryRoles, where the catalog has the role",
  [types.exchangeAssignment]: "apponly:exchangeRoles",
  [types.exchangeRoleGroupMember]:
    "apponly:complianceRoleGroups, where it is of Security & Compliance",
  [types.appRoleAssignment]:
    "apponly:workloads, where it is Exchange.ManageAsApp of Exchange Online or of Security & Compliance",
};

/** By which id `--remove` is told of something that is not declared. */
export function removalId({ type, id = "" }: ViewedResource): string {
  const certificate = certificateIdParts(id);
  if (certificate !== undefined) {
    return certificate.keyId;
  }
  if (type === types.exchangeRoleGroupMember) {
    return id;
  }
  const own = id.slice(id.lastIndexOf("/") + 1);
  return type === types.appRoleAssignment || type === types.delegatedGrant
    ? own
    : idForCommand(own);
}

function idForCommand(own: string): string {
  return /^[0-9a-f-]{36}$/i.test(own) ? bareId(own) : own;
}

/** What to do about something that the stack does not declare: remove it, or declare it. */
export function remediesForExtra(extra: ViewedResource, stack: string): string[] {
  const { outputs, type } = extra;
  const setting = settings[type];
  const id = removalId(extra);
  // A role group's name is part of the id.
  const argument = shellWord(id);
  const group = textOf(outputs.groupName);
  if (group !== undefined) {
    return [
      `It comes by the group ${group}.`,
      `Leave the group: apponly drift --stack ${stack} --remove ${argument}`,
    ];
  }
  return [
    `Remove it: apponly drift --stack ${stack} --remove ${argument}`,
    ...(setting === undefined ? [] : [`Or declare it in ${setting}.`]),
  ];
}

/**
 * What to do about something that the stack declares and the tenant has otherwise, or not at all.
 *
 * @param typed A command of the Azure CLI as it is typed for the tenant.
 * @param key The property that differs, where only one of several is meant.
 */
export function remediesForDeclared(
  stack: string,
  typed: (command: string) => string,
  declared?: ViewedResource,
  key = "",
): string[] {
  const command = commandOf[declared?.type ?? ""];
  if (declared !== undefined && command !== undefined && isLeftByProvider(declared, key)) {
    const value = JSON.stringify(declared.outputs[key] ?? unsetValues[key]);
    return [
      `The provider does not put it back. Take it back by hand: ${typed(`ad ${command} update --id ${bareId(declared.id ?? "")} --set ${key}=${quotedWord(value)}`)}`,
    ];
  }
  return [`Put it back: apponly up --refresh --stack ${stack}`];
}

const commandOf: Readonly<Record<string, string>> = {
  [types.application]: "app",
  [types.servicePrincipal]: "sp",
};

/** Properties that the provider leaves as the tenant has them where nobody declares them, unset. */
const unsetValues: Properties = { tags: [], optionalClaims: null };

/**
 * Whether an update has nothing to put back, because the provider takes over what the tenant has, or
 * sends an object without properties, which leaves those that are there.
 *
 * @see https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services/applications/application_resource.go
 */
function isLeftByProvider({ inputs }: ViewedResource, key: string): boolean {
  return (
    key in unsetValues &&
    inputs[key] === undefined &&
    (key !== "tags" || inputs.featureTags === undefined)
  );
}

/** What to do about an app registration that was deleted by hand. */
export function remediesForDeleted(stack: string, until: Date | undefined): string[] {
  return until === undefined
    ? [
        `It cannot be restored any more. Let the stack make another, with another client id: apponly up --stack ${stack}`,
      ]
    : [
        `Restore it by ${until.toISOString().slice(0, 10)}, with its client id and credentials: apponly drift --stack ${stack} --restore`,
        `Then put back what was granted to it: apponly up --refresh --stack ${stack}`,
      ];
}
