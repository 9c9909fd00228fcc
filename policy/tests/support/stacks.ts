import { types } from "../../rules/types";
import { type Declared, unknown } from "./judge";

export const exchangeOnline = "00000002-0000-0ff1-ce00-000000000000";
export const manageAsApp = "dc50a0fb-09a3-484d-be87-e023b12c6440";
export const graph = "00000003-0000-0000-c000-000000000000";
export const readMail = "810c84a8-4a9e-49e6-bf7d-12d183f40d01";
export const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";
const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";
export const owner = "11111111-1111-4111-8111-111111111111";

/** One entry of `requiredResourceAccesses`. */
export const access = (resourceAppId: string, id: string, type = "Role") => ({
  resourceAppId,
  resourceAccesses: [{ id, type }],
});

/** An application that asks for `Exchange.ManageAsApp`, before it exists. */
export const application = (inputs: Record<string, unknown> = {}): Declared => ({
  type: types.application,
  name: "app",
  inputs: {
    displayName: "ExO",
    signInAudience: "AzureADMyOrg",
    owners: [owner],
    requiredResourceAccesses: [access(exchangeOnline, manageAsApp)],
    ...inputs,
  },
  outputs: { objectId: unknown.text, clientId: unknown.text },
});

export const servicePrincipal = (inputs: Record<string, unknown> = {}): Declared => ({
  type: types.servicePrincipal,
  name: "principal",
  inputs: { clientId: unknown.text, owners: [owner], ...inputs },
  outputs: { objectId: unknown.text },
  on: { clientId: ["app"] },
});

export const consent = (inputs: Record<string, unknown> = {}): Declared => ({
  type: types.appRoleAssignment,
  name: "consent",
  inputs: {
    appRoleId: manageAsApp,
    principalObjectId: unknown.text,
    resourceObjectId: "22222222-2222-4222-8222-222222222222",
    ...inputs,
  },
  on: { principalObjectId: ["principal"] },
});

export const role = (inputs: Record<string, unknown> = {}): Declared => ({
  type: types.directoryRoleAssignment,
  name: "role",
  inputs: { roleId: exchangeAdministrator, principalObjectId: unknown.text, ...inputs },
  on: { principalObjectId: ["principal"] },
});

export const key = (inputs: Record<string, unknown> = {}): Declared => ({
  type: types.privateKey,
  name: "key",
  inputs: { algorithm: "RSA", rsaBits: 2048, ...inputs },
  outputs: { privateKeyPem: unknown.text },
});

export const selfSigned = (inputs: Record<string, unknown> = {}): Declared => ({
  type: types.selfSignedCert,
  name: "self-signed",
  inputs: { privateKeyPem: unknown.text, validityPeriodHours: 365 * 24, ...inputs },
  outputs: {
    certPem: unknown.text,
    validityStartTime: unknown.text,
    validityEndTime: unknown.text,
  },
  on: { privateKeyPem: ["key"] },
});

/** A credential whose certificate the same update issues. */
export const certificate = (inputs: Record<string, unknown> = {}): Declared => ({
  type: types.applicationCertificate,
  name: "credential",
  inputs: {
    applicationId: unknown.text,
    type: "AsymmetricX509Cert",
    encoding: "pem",
    value: unknown.text,
    startDate: unknown.text,
    endDate: unknown.text,
    ...inputs,
  },
  on: {
    applicationId: ["app"],
    value: ["self-signed"],
    startDate: ["self-signed"],
    endDate: ["self-signed"],
  },
});

/** A whole stack before its first update: nothing that the provider decides is known. */
export const firstPreview = (): Declared[] => [
  application(),
  servicePrincipal(),
  key(),
  selfSigned(),
  certificate(),
  consent(),
  role(),
];

/** A stack with one resource in place of the one of the same name. */
export const withOne = (one: Declared, stack: readonly Declared[] = firstPreview()): Declared[] =>
  stack.some(({ name }) => name === one.name)
    ? stack.map((each) => (each.name === one.name ? one : each))
    : [...stack, one];
