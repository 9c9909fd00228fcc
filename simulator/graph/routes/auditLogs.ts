import type { JsonObject } from "../../json";
import { authorize } from "../authorization";
import type { CredentialUseRecord, DirectoryAuditRecord, SignInRecord } from "../../state/entities";
import type { GraphCall } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import {
  credentialActivityType,
  directoryAuditType,
  servicePrincipalActivityType,
  signInType,
} from "../model/logTypes";

export const readLogs = ["AuditLog.Read.All"];

/** @see https://learn.microsoft.com/graph/api/directoryaudit-list */
export const directoryAudits: EntitySet<DirectoryAuditRecord> = {
  paths: ["/auditLogs/directoryAudits"],
  type: directoryAuditType,
  read: readLogs,
  all: ({ state }) => state.directoryAudits.all().reverse(),
  show: (_, audit) => ({
    ...audit,
    loggedByService: "Core Directory",
    result: "success",
    resultReason: "",
    additionalDetails: [],
  }),
};

/**
 * Sign-ins of service principals. Without a filter by `signInEventTypes` only those of users are
 * listed, of which there are none.
 *
 * @see https://learn.microsoft.com/graph/api/signin-list
 */
export const signIns: EntitySet<SignInRecord> = {
  paths: ["/auditLogs/signIns"],
  type: signInType,
  read: readLogs,
  all: (call) => {
    requirePremium(call);
    const filters = [...new URL(call.c.req.url).searchParams].map(([, value]) => value);
    const named = filters.some((text) => /signInEventTypes/i.test(text));
    return named ? call.state.signIns.all().reverse() : [];
  },
  find: ({ state }, id) => state.signIns.get(id),
  show: (_, { servicePrincipalName, ...signIn }) => ({
    ...signIn,
    appDisplayName: servicePrincipalName,
    servicePrincipalName,
    conditionalAccessStatus: "notApplied",
    correlationId: signIn.id,
    ipAddress: "127.0.0.1",
    signInEventTypes: ["servicePrincipal"],
    status: { errorCode: 0, failureReason: "Other.", additionalDetails: null },
  }),
};

/** Reports of when an application, and each of its credentials, last signed in. */
export const signInReports: readonly EntitySet<{ readonly id: string }>[] = [
  {
    paths: ["/reports/servicePrincipalSignInActivities"],
    type: servicePrincipalActivityType,
    read: readLogs,
    all: (call) => {
      requirePremium(call);
      const appIds = call.state.credentialUses.all().map(({ appId }) => appId);
      return [...new Set(appIds)].map((appId) => ({ id: base64(appId) }));
    },
    show: ({ state }, { id }) => {
      const appId = Buffer.from(id, "base64").toString();
      const uses = state.credentialUses.findBy("appId", appId);
      const [last] = [...uses].sort((a, b) =>
        a.lastSignInDateTime < b.lastSignInDateTime ? 1 : -1,
      );
      const activity = last === undefined ? null : loggedActivity(last);
      return {
        id,
        appId,
        lastSignInActivity: activity,
        applicationAuthenticationClientSignInActivity: activity,
        applicationAuthenticationResourceSignInActivity: null,
        delegatedClientSignInActivity: null,
        delegatedResourceSignInActivity: null,
      };
    },
  },
  {
    paths: ["/reports/appCredentialSignInActivities"],
    type: credentialActivityType,
    read: readLogs,
    all: (call) => {
      requirePremium(call);
      return call.state.credentialUses.all().filter(({ keyId }) => keyId !== null);
    },
    show: (call, one) => showCredential(call, one as CredentialUseRecord),
  },
];

function showCredential({ state }: GraphCall, use: CredentialUseRecord): JsonObject {
  const application = state.applications.firstBy("appId", use.appId);
  const holder =
    use.credentialOrigin === "application"
      ? application
      : state.servicePrincipals.get(use.servicePrincipalId);
  const credential = [
    ...(holder?.keyCredentials ?? []),
    ...(holder?.passwordCredentials ?? []),
  ].find(({ keyId }) => keyId === use.keyId);
  return {
    id: use.id,
    appId: use.appId,
    appObjectId: application?.id ?? null,
    servicePrincipalObjectId: use.servicePrincipalId,
    keyId: use.keyId,
    keyType: use.keyType,
    keyUsage: "verify",
    credentialOrigin: use.credentialOrigin,
    resourceId: use.resourceId,
    createdDateTime: credential?.startDateTime ?? null,
    expirationDateTime: credential?.endDateTime ?? null,
    signInActivity: loggedActivity(use),
  };
}

function loggedActivity({
  lastSignInDateTime,
  lastSignInRequestId,
}: CredentialUseRecord): JsonObject {
  return { lastSignInDateTime, lastSignInRequestId };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** Throws 403 where the tenant has no licence for logs of sign-ins and reports on them. */
export function requirePremium({ c, tenant }: GraphCall): void {
  authorize(c, readLogs);
  if (tenant.seed.premium === "none") {
    throw graphErrors.premiumLicenceMissing();
  }
}
