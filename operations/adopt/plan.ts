import { X509Certificate } from "node:crypto";
import { readCertificate } from "../../components/certificateFacts";
import {
  type ApplicationPermission,
  applicationPermissions,
  permissionsFor,
} from "../../components/catalog/permissions";
import { directoryRoles, needsException } from "../../components/catalog/directoryRoles";
import { type Workload, workloads } from "../../components/catalog/workloads";
import { type CloudName, clouds } from "../../components/catalog/clouds";
import { childNames } from "../../components/names";
import type { HeldRole, ReadApplication } from "../../microsoft/graph/tenant/readApplication";
import { workloadsOfOwnRoles } from "../../components/validation/exchangeRoles";
import type { ViewedResource } from "../../policy/rules/stackView";
import { dayMs } from "../../system/durations";
import { UsageFailure } from "../../system/failure";
import type { ImportedResource } from "./importResources";
import { planOwnRoles } from "./ownRoles";

/** A certificate that the registration holds, with its public part. */
export interface HeldCertificate {
  readonly keyId: string;
  /** Base64 of DER, or of PEM text, as it was registered. */
  readonly key?: string | null;
  readonly startDateTime?: string | null;
  readonly endDateTime?: string | null;
}

/** What an adoption writes into the stack's settings, by key; without a namespace it is `apponly`'s. */
export type AdoptedSettings = Readonly<Record<string, unknown>>;

/** How a registration comes under a stack. */
export interface AdoptionPlan {
  readonly settings: AdoptedSettings;
  readonly resources: readonly ImportedResource[];
}

/** What an adoption reads besides the application itself. */
interface ReadBesides {
  /** With their public parts. */
  readonly certificates: readonly HeldCertificate[];
  /** Object ids of Microsoft's service principals, by application id. */
  readonly resourceIds: ReadonlyMap<string, string>;
  /** Roles of the workloads' own, as resources of the provider. */
  readonly ownRoles?: readonly ViewedResource[];
  readonly now: Date;
  /** The tenant's cloud, which the settings name where it is not the global one. */
  readonly cloud?: CloudName;
}

/** The name that the program gives its access. */
const access = "access";

/** How long a privileged role that was found is accepted until somebody has looked at it. */
const exceptionDays = 90;

/**
 * The settings and the imports that bring a registration under a stack as it is. What the program
 * cannot declare is left out, and stays in the tenant.
 *
 * @throws {UsageFailure} If a stack cannot declare what there is; the message says what to do first.
 */
export function planAdoption(
  found: ReadApplication,
  { certificates, resourceIds, ownRoles = [], now, cloud = "global" }: ReadBesides,
): AdoptionPlan {
  const { application, servicePrincipal } = found;
  if (application === undefined || servicePrincipal === undefined) {
    throw new UsageFailure(
      `The application ${found.appId} has no ${application === undefined ? "registration" : "service principal"} in the tenant, so there is no access to adopt.`,
    );
  }
  const consents = consentsByPermission(found, resourceIds);
  const consented = workloads.filter((workload) =>
    permissionsFor([workload]).every((permission) => consents.has(permission)),
  );
  const own = planOwnRoles(ownRoles, consented, access);
  const ownServed = workloadsOfOwnRoles(own);
  const roles = declarableRoles(found, consented);
  // A workload without a role is not one that a stack could declare.
  const served = consented.filter(
    (workload) =>
      ownServed.includes(workload) || roles.some(({ role }) => role.workloads.includes(workload)),
  );
  const federated = found.federated.filter(isDeclarable);
  const generations = adoptedGenerations(certificates, now);
  requireDeclarable(found.application?.displayName ?? found.appId, consented, served, [
    ...generations,
    ...federated,
  ]);
  const exceptions = roles.map(({ role }) => role).filter(needsException);
  const grants = childNames.grants(access);
  const applicationId = `/applications/${application.id}`;
  return {
    settings: {
      displayName: application.displayName ?? "",
      workloads: served,
      ...(cloud === "global"
        ? {}
        : { cloud, "azuread:environment": clouds[cloud].azureadEnvironment }),
      directoryRoles: roles.map(({ role }) => role.name),
      ...(own.exchangeRoles.length === 0 ? {} : { exchangeRoles: own.exchangeRoles }),
      ...(own.complianceRoleGroups.length === 0
        ? {}
        : { complianceRoleGroups: own.complianceRoleGroups }),
      ...(application.notes ? { notes: application.notes } : {}),
      ...(generations.length === 0
        ? {}
        : {
            certificates: generations.map(({ name, facts }) => ({ name, source: facts.pem })),
            activeCertificate: generations.at(-1)?.name,
          }),
      ...(federated.length === 0
        ? {}
        : {
            federatedCredentials: federated.map(({ name, issuer, subject, audiences }) => ({
              name,
              issuer,
              subject,
              audience: audiences?.[0],
            })),
          }),
      ...(exceptions.length === 0
        ? {}
        : {
            exceptions: exceptions.map(({ name }) => ({
              role: name,
              reason: "Held when the registration was adopted; to be judged.",
              until: new Date(now.getTime() + exceptionDays * dayMs).toISOString().slice(0, 10),
            })),
          }),
    },
    resources: [
      { name: childNames.application(access), id: applicationId },
      {
        name: childNames.servicePrincipal(access),
        id: `/servicePrincipals/${servicePrincipal.id}`,
      },
      ...generations.map(({ name, keyId, facts }) => ({
        name: childNames.credential(childNames.certificate(access, name)),
        id: `${application.id}/certificate/${keyId}`,
        certificate: {
          applicationId,
          keyId,
          pem: facts.pem,
          startDate: facts.notBefore,
          endDate: facts.notAfter,
        },
      })),
      ...federated.map(({ name, id }) => ({
        name: childNames.federatedCredential(access, name),
        id: `${application.id}/federatedIdentityCredential/${id}`,
      })),
      ...permissionsFor(served).map((permission) => ({
        name: childNames.consent(grants, permission.key),
        id: consents.get(permission) ?? "",
      })),
      ...roles.map(({ role, held }) => ({
        name: childNames.role(grants, role.name),
        id: `/roleManagement/directory/roleAssignments/${held.id}`,
      })),
      ...own.resources,
    ],
  };
}

/** Import ids of the consents that the catalog knows. */
function consentsByPermission(
  { consents }: ReadApplication,
  resourceIds: ReadonlyMap<string, string>,
): Map<ApplicationPermission, string> {
  return new Map(
    applicationPermissions.flatMap((permission) => {
      const resource = resourceIds.get(permission.resourceAppId);
      const consent = consents.find(
        ({ appRoleId, resourceId }) =>
          appRoleId === permission.appRoleId && resourceId === resource,
      );
      return consent === undefined
        ? []
        : [
            [
              permission,
              `/servicePrincipals/${consent.resourceId}/appRoleAssignedTo/${consent.id}`,
            ],
          ];
    }),
  );
}

/** Roles that are assigned directly, in the whole tenant, and serve a workload of the application. */
function declarableRoles({ roles }: ReadApplication, served: readonly Workload[]) {
  return directoryRoles
    .filter((role) => role.workloads.some((workload) => served.includes(workload)))
    .flatMap((role) => {
      const held = roles.find(
        (one: HeldRole) =>
          one.how === "assigned" &&
          one.group === undefined &&
          one.directoryScopeId === "/" &&
          one.roleDefinitionId === role.templateId,
      );
      return held === undefined ? [] : [{ role, held }];
    });
}

function isDeclarable({ name, subject, audiences = [] }: ReadApplication["federated"][number]) {
  return Boolean(subject) && audiences.length === 1 && /^[A-Za-z0-9_-]{3,120}$/.test(name);
}

function requireDeclarable(
  name: string,
  consented: readonly Workload[],
  served: readonly Workload[],
  credentials: readonly unknown[],
): void {
  const lacks =
    consented.length === 0
      ? "admin consent to Exchange.ManageAsApp of Office 365 Exchange Online"
      : served.length === 0
        ? "a directory role in the whole tenant that app-only PowerShell supports, or a role of Exchange's own that settings can say"
        : credentials.length === 0
          ? "a valid certificate or a federated credential with an exact subject"
          : undefined;
  if (lacks !== undefined) {
    throw new UsageFailure(
      `"${name}" lacks ${lacks}, without which a stack cannot declare it. Give it that first, or make a new access beside it: pulumi up`,
    );
  }
}

/**
 * The certificates that a stack can declare: valid ones that the tenant has with the dates of the
 * certificate itself, each once. The one that ends last is last.
 */
function adoptedGenerations(certificates: readonly HeldCertificate[], now: Date) {
  const readable = certificates.flatMap(({ keyId, key, startDateTime, endDateTime }) => {
    const facts = factsOfKey(key ?? "");
    const isSame = (one: string | null | undefined, other: string) =>
      Date.parse(one ?? "") === Date.parse(other);
    return facts !== undefined &&
      isSame(startDateTime, facts.notBefore) &&
      isSame(endDateTime, facts.notAfter) &&
      new Date(facts.notAfter) > now
      ? [{ keyId: keyId.toLowerCase(), facts }]
      : [];
  });
  const once = readable.filter(
    ({ facts }, index) =>
      readable.findIndex((other) => other.facts.thumbprint === facts.thumbprint) === index,
  );
  once.sort((a, b) => (a.facts.notAfter < b.facts.notAfter ? -1 : 1));
  const taken = new Set<string>();
  return once.map(({ keyId, facts }) => {
    const month = facts.notBefore.slice(0, 7);
    const free = ["", ..."bcdefghijklmnopqrstuvwxyz"].map((letter) => `${month}${letter}`);
    const name = free.find((one) => !taken.has(one)) ?? keyId.slice(0, 8);
    taken.add(name);
    return { keyId, facts, name };
  });
}

function factsOfKey(key: string) {
  try {
    // Clients send the bytes, or a PEM text of them.
    return readCertificate(new X509Certificate(Buffer.from(key, "base64")).toString());
  } catch {
    return undefined;
  }
}
