import { types } from "../policy/rules/types";
import type { PreviewStep } from "./input/preview";
import type { Replacement } from "./model";

/** Those that break most come first. */
const consequences: Readonly<Record<string, string>> = {
  [types.application]: "The application id changes: every pipeline must be updated.",
  [types.applicationRegistration]: "The application id changes: every pipeline must be updated.",
  [types.servicePrincipal]:
    "The object id changes: consents, directory roles and Exchange role groups are assigned anew.",
  [types.applicationCertificate]:
    "Jobs that use the old key stop, unless both certificates are valid while they change over.",
  [types.servicePrincipalCertificate]:
    "Jobs that use the old key stop, unless both certificates are valid while they change over.",
  [types.applicationPassword]: "Jobs that use the old client secret stop.",
  [types.servicePrincipalPassword]: "Jobs that use the old client secret stop.",
  [types.applicationFederated]: "Sign-in with tokens of the issuer fails in between.",
  [types.applicationFlexibleFederated]: "Sign-in with tokens of the issuer fails in between.",
  [types.appRoleAssignment]: "The permission is missing in between; running jobs may fail.",
  [types.directoryRoleAssignment]: "The role is missing in between; running jobs may fail.",
  [types.directoryRoleMember]: "The role is missing in between; running jobs may fail.",
  [types.selfSignedCert]: "The certificate is issued anew: its thumbprint changes.",
  [types.privateKey]:
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
