import { azuread, selfSignedCertificate } from "./evidence/types";
import type { PreviewStep } from "./input/previewSteps";
import type { Replacement } from "./model";

/** Those that break most come first. */
const consequences: Readonly<Record<string, string>> = {
  [azuread.application]: "The application id changes: every pipeline must be updated.",
  [azuread.applicationRegistration]: "The application id changes: every pipeline must be updated.",
  [azuread.servicePrincipal]:
    "The object id changes: consents, directory roles and Exchange role groups are assigned anew.",
  [azuread.applicationCertificate]:
    "Jobs that use the old key stop, unless both certificates are valid while they change over.",
  [azuread.servicePrincipalCertificate]:
    "Jobs that use the old key stop, unless both certificates are valid while they change over.",
  [azuread.applicationPassword]: "Jobs that use the old client secret stop.",
  [azuread.servicePrincipalPassword]: "Jobs that use the old client secret stop.",
  [azuread.applicationFederated]: "Sign-in with tokens of the issuer fails in between.",
  [azuread.applicationFlexibleFederated]: "Sign-in with tokens of the issuer fails in between.",
  [azuread.appRoleAssignment]: "The permission is missing in between; running jobs may fail.",
  [azuread.directoryRoleAssignment]: "The role is missing in between; running jobs may fail.",
  [azuread.directoryRoleMember]: "The role is missing in between; running jobs may fail.",
  [selfSignedCertificate]: "The certificate is issued anew: its thumbprint changes.",
  "tls:index/privateKey:PrivateKey":
    "The private key is made anew: every certificate made with it is replaced too.",
};

const replaced: ReadonlySet<string> = new Set([
  "replace",
  "create-replacement",
  "import-replacement",
]);

const order = Object.keys(consequences);

/**
 * The resources that a preview deletes and creates anew, and what that breaks. In an order of their
 * own: the engine's changes from run to run.
 */
export function replacementsOf(steps: readonly PreviewStep[]): Replacement[] {
  const rank = ({ type }: PreviewStep) =>
    order.includes(type) ? order.indexOf(type) : order.length;
  return steps
    .filter(({ op }) => replaced.has(op))
    .sort((a, b) => rank(a) - rank(b) || (a.urn < b.urn ? -1 : 1))
    .map(({ urn, type }) => ({
      resource: urn,
      consequence:
        consequences[type] ?? "It is deleted and created anew; what refers to it has to follow.",
    }));
}
