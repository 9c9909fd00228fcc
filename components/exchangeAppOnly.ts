import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { daysUntil } from "../system/durations";
import type { ExchangeAppOnlyArgs, FederatedCredentialArgs } from "./args";
import { isWorkload, workloads } from "./catalog/workloads";
import { permissionsFor } from "./catalog/permissions";
import { rolesInOrder } from "./catalog/directoryRoles";
import { CertificateCredential } from "./certificateCredential";
import { ConfigurationError } from "./faults";
import { defaultAudience } from "./federatedIssuers";
import { faultsOf } from "./validation/faultsOf";
import { WorkloadGrants } from "./workloadGrants";

/**
 * App-only access to Exchange Online PowerShell and Security & Compliance PowerShell: the app
 * registration with its application permissions, the service principal, admin consent, the
 * directory roles, and the credentials.
 *
 * @example
 * const access = new ExchangeAppOnly("access", {
 *   displayName: "ExO PowerShell CBA",
 *   workloads: ["exchange"],
 *   directoryRoles: ["Exchange Administrator"],
 *   certificates: [{ name: "2026-11", subject: "contoso.org" }],
 * });
 * export const applicationId = access.applicationId;
 * @throws {ConfigurationError} If an argument breaks a rule; nothing has been requested by then.
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
export class ExchangeAppOnly extends pulumi.ComponentResource {
  /** Application (client) id: the `-AppID` of the connect commands. */
  public readonly applicationId: pulumi.Output<string>;
  /** Object id of the app registration. */
  public readonly applicationObjectId: pulumi.Output<string>;
  /** Object id of the service principal. */
  public readonly servicePrincipalObjectId: pulumi.Output<string>;
  /** Name of the generation that pipelines receive; absent without certificates. */
  public readonly activeCertificate?: string;

  constructor(name: string, args: ExchangeAppOnlyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("apponly:index:ExchangeAppOnly", name, reviewable(args), opts);
    requireSound(args);

    const owners = ownersWithDeployer(args.owners ?? [], this);
    const application = registerApplication(name, args, owners, this);
    const servicePrincipal = createServicePrincipal(name, application, owners, this);
    credentials.set(this, addCertificates(name, application, args, this));
    warnOfExpiry(this.certificates, new Date());
    addFederatedCredentials(name, application, args.federatedCredentials ?? [], this);
    grant(name, servicePrincipal, args, this);

    this.applicationId = application.clientId;
    this.applicationObjectId = application.objectId;
    this.servicePrincipalObjectId = servicePrincipal.objectId;
    this.activeCertificate = args.activeCertificate ?? args.certificates?.[0]?.name;
    this.registerOutputs({
      applicationId: this.applicationId,
      applicationObjectId: this.applicationObjectId,
      servicePrincipalObjectId: this.servicePrincipalObjectId,
      activeCertificate: this.activeCertificate,
    });
  }

  /** The generations by name. */
  get certificates(): Readonly<Record<string, CertificateCredential>> {
    return credentials.get(this) ?? {};
  }
}

// Kept beside the class: a property that holds resources of our own would become part of the
// component package's schema, which can only name resources of other packages.
const credentials = new WeakMap<ExchangeAppOnly, Record<string, CertificateCredential>>();

/** Days before its end from which every preview warns of a certificate. */
const expiryWarningDays = 30;

/** Warns in every preview and update, whether or not anything changes. */
function warnOfExpiry(
  certificates: Readonly<Record<string, CertificateCredential>>,
  now: Date,
): void {
  for (const [name, certificate] of Object.entries(certificates)) {
    certificate.notAfter.apply((notAfter) => {
      const days = daysUntil(notAfter, now);
      if (days < expiryWarningDays) {
        const when =
          days < 0 ? `expired at ${notAfter}` : `expires in ${days} days, at ${notAfter}`;
        void pulumi.log.warn(
          `The certificate of the generation "${name}" ${when}. Rotate it: apponly rotate --stack ${pulumi.getStack()}`,
          certificate,
        );
      }
    });
  }
}

/** What a reviewer wants to see change on the component itself; no certificate, no secret. */
function reviewable(args: ExchangeAppOnlyArgs): pulumi.Inputs {
  return {
    // In the catalog's order: another order of the same roles is no change to review.
    workloads: workloads.filter((workload) => args.workloads.includes(workload)),
    directoryRoles: rolesInOrder(args.directoryRoles).map((role) => role.name),
    exceptions: args.exceptions ?? [],
    generations: (args.certificates ?? []).map((generation) => generation.name),
    activeCertificate: args.activeCertificate ?? args.certificates?.[0]?.name,
  };
}

function requireSound(args: ExchangeAppOnlyArgs): void {
  const faults = faultsOf(args, new Date());
  if (faults.length > 0) {
    throw new ConfigurationError(faults);
  }
}

/**
 * Object ids of the owners. The deployer must be one: with Application.ReadWrite.OwnedBy it would
 * otherwise lose access to what it has just created.
 */
function ownersWithDeployer(
  owners: pulumi.Input<string>[],
  parent: pulumi.Resource,
): pulumi.Output<string[]> {
  const deployer = azuread.getClientConfigOutput({ parent }).objectId;
  return pulumi.all([deployer, ...owners]).apply((all) => [...new Set(all)].sort());
}

function registerApplication(
  name: string,
  args: ExchangeAppOnlyArgs,
  owners: pulumi.Output<string[]>,
  parent: pulumi.Resource,
): azuread.Application {
  return new azuread.Application(
    `${name}-application`,
    {
      displayName: args.displayName,
      signInAudience: "AzureADMyOrg",
      owners,
      ...(args.notes === undefined ? {} : { notes: args.notes }),
      ...(args.redirectUri === undefined ? {} : { web: { redirectUris: [args.redirectUri] } }),
      // Declaring the list replaces the default User.Read, which app-only access does not need.
      requiredResourceAccesses: permissionsFor(args.workloads.filter(isWorkload)).map(
        ({ resourceAppId, appRoleId }) => ({
          resourceAppId,
          resourceAccesses: [{ id: appRoleId, type: "Role" }],
        }),
      ),
    },
    { parent },
  );
}

function createServicePrincipal(
  name: string,
  application: azuread.Application,
  owners: pulumi.Output<string[]>,
  parent: pulumi.Resource,
): azuread.ServicePrincipal {
  return new azuread.ServicePrincipal(
    `${name}-service-principal`,
    { clientId: application.clientId, owners },
    { parent },
  );
}

function addCertificates(
  name: string,
  application: azuread.Application,
  args: ExchangeAppOnlyArgs,
  parent: pulumi.Resource,
): Record<string, CertificateCredential> {
  return Object.fromEntries(
    (args.certificates ?? []).map((generation) => [
      generation.name,
      new CertificateCredential(
        `${name}-certificate-${generation.name}`,
        { applicationId: application.id, generation },
        { parent },
      ),
    ]),
  );
}

function addFederatedCredentials(
  name: string,
  application: azuread.Application,
  credentials: FederatedCredentialArgs[],
  parent: pulumi.Resource,
): void {
  for (const credential of credentials) {
    new azuread.ApplicationFederatedIdentityCredential(
      `${name}-federated-${credential.name}`,
      {
        applicationId: application.id,
        displayName: credential.name,
        issuer: credential.issuer,
        subject: credential.subject,
        audiences: [credential.audience ?? defaultAudience],
      },
      { parent },
    );
  }
}

function grant(
  name: string,
  servicePrincipal: azuread.ServicePrincipal,
  args: ExchangeAppOnlyArgs,
  parent: pulumi.Resource,
): WorkloadGrants {
  return new WorkloadGrants(
    `${name}-grants`,
    {
      servicePrincipalObjectId: servicePrincipal.objectId,
      workloads: args.workloads,
      directoryRoles: args.directoryRoles,
      exceptions: args.exceptions ?? [],
    },
    { parent },
  );
}
