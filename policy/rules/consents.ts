import { defaultAccess } from "./data/permissions";
import { applicationTypes, types } from "./types";
import type { StackView, ViewedResource } from "./stackView";
import { elementsOf, isHidden, propertiesOf, textOf } from "./values";

/** The application permissions that an application's manifest asks for. */
export interface Manifest {
  /** Ids of the app roles, in lower case. */
  readonly appRoleIds: ReadonlySet<string>;
  /** Whether some of them cannot be seen. */
  readonly partlyHidden: boolean;
}

/** Reads the manifest of an application, with what `ApplicationApiAccess` adds to it. */
export function manifestOf(application: ViewedResource, stack: StackView): Manifest {
  const manifest = elementsOf(application.inputs.requiredResourceAccesses);
  const entries = manifest.flatMap((access) =>
    isHidden(access) ? [access] : elementsOf(propertiesOf(access).resourceAccesses),
  );
  const roles = entries
    .filter((entry) => propertiesOf(entry).type !== "Scope")
    .map((entry) => (isHidden(entry) ? entry : propertiesOf(entry).id));
  const added = stack
    .ofType(types.applicationApiAccess)
    .filter((access) => isFor(access, application, stack))
    .flatMap(({ inputs }) => elementsOf(inputs.roleIds));
  const ids = [...roles, ...added];
  return {
    appRoleIds: new Set(ids.flatMap((id) => textOf(id)?.toLowerCase() ?? [])),
    partlyHidden: ids.some((id) => textOf(id) === undefined),
  };
}

/** Whether a part or credential, by its `applicationId`, is one of an application. */
export function isFor(
  part: ViewedResource,
  application: ViewedResource,
  stack: StackView,
): boolean {
  const found = stack.referred(part, "applicationId", applicationTypes);
  return found.kind === "resource" && found.resource === application;
}

/** Whom a consent is for. */
export type Consent = { readonly assignment: ViewedResource; readonly appRoleId: string } & (
  | { readonly kind: "application"; readonly application: ViewedResource }
  /** A managed identity, or an application of another stack: its manifest is not here. */
  | { readonly kind: "outside" }
  | { readonly kind: "open" }
);

/** The consents of a stack to application permissions that can be seen. */
export function consentsOf(stack: StackView): Consent[] {
  return stack.ofType(types.appRoleAssignment).flatMap((assignment): Consent[] => {
    const appRoleId = textOf(assignment.inputs.appRoleId)?.toLowerCase();
    return appRoleId === undefined || appRoleId === defaultAccess
      ? []
      : [{ assignment, appRoleId, ...applicationPart(assignment, stack) }];
  });
}

type Principal =
  | { readonly kind: "application"; readonly application: ViewedResource }
  | { readonly kind: "outside" }
  | { readonly kind: "open" };

function applicationPart(assignment: ViewedResource, stack: StackView): Principal {
  const principal = stack.referred(assignment, "principalObjectId", [types.servicePrincipal]);
  if (principal.kind !== "resource") {
    return { kind: principal.kind };
  }
  const { resource } = principal;
  // Before version 6 the provider called it applicationId.
  const key = resource.inputs.clientId === undefined ? "applicationId" : "clientId";
  const application = stack.referred(resource, key, applicationTypes);
  return application.kind === "resource"
    ? { kind: "application", application: application.resource }
    : { kind: application.kind };
}

/** The display name of an application, or its name in the program. */
export function displayNameOf(application: ViewedResource): string {
  return textOf(application.inputs.displayName) ?? application.name;
}
