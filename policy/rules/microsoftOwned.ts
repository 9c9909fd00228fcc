import { isMicrosoftApplication, microsoftApplicationName } from "./data/microsoftApplications";
import { appOnlyPermissions } from "./data/permissions";
import { type CommonSettings, settingsOf } from "./exemptions";
import { applicationTypes, types } from "./types";
import {
  undecidedOn,
  type Rule,
  type Scene,
  type Ruling,
  violationOf,
  violationUnless,
} from "./rule";
import type { StackView, ViewedResource } from "./stackView";
import { bareId, textOf } from "./values";

/** Settings of {@link microsoftOwned}. */
export interface MicrosoftOwnedSettings extends CommonSettings {
  /** Application ids that count as Microsoft's besides those the policy knows. */
  readonly microsoftApplications: readonly string[];
}

/** Microsoft's own service principals are looked up, never managed or deleted. */
export const microsoftOwned: Rule<MicrosoftOwnedSettings> = {
  name: "entra-service-principal-disallow-microsoft-owned",
  displayName: "Microsoft's service principals are not managed",
  description:
    "A service principal of one of Microsoft's own applications is neither managed, changed nor deleted by a stack.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Look the service principal up with azuread.getServicePrincipal. If the stack already manages it, take it out of the state with `pulumi state delete` before the resource leaves the program: the provider would delete it in the tenant.",
  url: "https://github.com/pulumi/pulumi-azuread/issues/2045",
  settings: settingsOf({
    microsoftApplications: {
      type: "array",
      description: "Application ids that count as Microsoft's besides those the policy knows.",
      default: [],
      items: { type: "string", minLength: 36 },
    },
  }),
  judgeResource: (resource, scene) => {
    if (resource.type === types.servicePrincipal) {
      return judgePrincipal(resource, scene);
    }
    return attached.has(resource.type) ? judgeAttached(resource, scene) : [];
  },
  judgeDeleted: (resource, { settings }) => {
    const name =
      resource.type === types.servicePrincipal ? microsoftNameOf(resource, settings) : undefined;
    const message = `${name} belongs to Microsoft, and the update would delete it.`;
    return violationUnless(name === undefined, resource, message);
  },
};

/** What changes the service principal that its `servicePrincipalId` names. */
const attached: ReadonlySet<string> = new Set([
  types.servicePrincipalCertificate,
  types.servicePrincipalPassword,
  types.tokenSigningCertificate,
  types.claimsMappingAssignment,
  types.synchronizationSecret,
  types.synchronizationJob,
]);

function judgePrincipal(
  resource: ViewedResource,
  { stack, settings }: Scene<MicrosoftOwnedSettings>,
): Ruling[] {
  const name = microsoftNameOf(resource, settings);
  if (name !== undefined) {
    return [
      violationOf(
        resource,
        `${name} belongs to Microsoft; managed by a stack it is overwritten, and deleted with the stack.`,
      ),
    ];
  }
  if (clientIdOf(resource) !== undefined) {
    return [];
  }
  const key = resource.inputs.clientId === undefined ? "applicationId" : "clientId";
  return stack.referred(resource, key, applicationTypes).kind === "resource"
    ? []
    : [undecidedOn(resource, "Whose service principal it is, only the update decides.")];
}

/** Name of the Microsoft application that a service principal is of, or `undefined`. */
function microsoftNameOf(
  resource: ViewedResource,
  { microsoftApplications }: MicrosoftOwnedSettings,
): string | undefined {
  const clientId = clientIdOf(resource);
  if (clientId === undefined) {
    return undefined;
  }
  const owner = textOf(resource.outputs.applicationTenantId);
  return isMicrosoftApplication(clientId, owner) ||
    microsoftApplications.some((one) => one.toLowerCase() === clientId.toLowerCase())
    ? (microsoftApplicationName(clientId) ?? `The application ${clientId}`)
    : undefined;
}

function clientIdOf({ inputs, outputs }: ViewedResource): string | undefined {
  return textOf(inputs.clientId) ?? textOf(inputs.applicationId) ?? textOf(outputs.clientId);
}

function judgeAttached(
  resource: ViewedResource,
  { stack, settings }: Scene<MicrosoftOwnedSettings>,
): Ruling[] {
  const target = stack.referred(resource, "servicePrincipalId", [types.servicePrincipal]);
  const change = `a ${resource.type.slice(resource.type.lastIndexOf(":") + 1)}`;
  if (target.kind === "open") {
    return [
      undecidedOn(
        resource,
        `Whose service principal ${change} is added to, only the update decides.`,
      ),
    ];
  }
  if (target.kind === "resource") {
    const name = microsoftNameOf(target.resource, settings);
    const message = `${capitalised(change)} is added to ${name}, which belongs to Microsoft.`;
    return violationUnless(name === undefined, resource, message);
  }
  return violationUnless(
    target.id === undefined || !resourcesOfMicrosoft(stack).has(bareId(target.id)),
    resource,
    `${capitalised(change)} is added to the service principal ${target.id}, which belongs to Microsoft: the stack consents to its permissions.`,
  );
}

/** Object ids of the Exchange resources in this tenant, as the stack's own consents tell them. */
function resourcesOfMicrosoft(stack: StackView): ReadonlySet<string> {
  const appRoles = appOnlyPermissions.map(({ id }) => id);
  return new Set(
    stack
      .ofType(types.appRoleAssignment)
      .filter(({ inputs }) => appRoles.includes(textOf(inputs.appRoleId)?.toLowerCase() ?? ""))
      .flatMap(({ inputs }) => {
        const id = textOf(inputs.resourceObjectId);
        return id === undefined ? [] : [bareId(id)];
      }),
  );
}

/** A text as it begins a sentence. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
