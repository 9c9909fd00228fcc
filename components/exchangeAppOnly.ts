import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { daysUntil } from "../system/durations";
import type { ExchangeAppOnlyArgs } from "./args";
import { CertificateCredential } from "./certificateCredential";
import { grantExchangeRoles } from "./exchangeRoleGrants";
import { childNames } from "./names";
import type { CarriedObject } from "./validation/identity";
import { accessArgs, credentialArgs, grantsArgs, type ResolvedAccess } from "./resolve";
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
    const access = accessArgs.resolve(args);
    super("apponly:index:ExchangeAppOnly", name, reviewableInputs(access, args), opts);

    const owners = ownersWithDeployer(args.owners ?? [], this);
    const application = registerApplication(name, args, access, owners, this);
    const servicePrincipal = new azuread.ServicePrincipal(
      childNames.servicePrincipal(name),
      // Named, because the provider keeps what a refresh has found of a property that is left out.
      { clientId: application.clientId, owners, accountEnabled: true },
      { ...goesWith(application, this), ...carriedOf("servicePrincipal", args) },
    );
    credentials.set(this, addCertificates(name, application, args, access, this));
    warnOfExpiry(this.generations, access.now);
    warnOfVoid(access, this);
    addFederatedCredentials(name, application, access, this);
    const { workloads, directoryRoles } = args;
    const servicePrincipalObjectId = servicePrincipal.objectId;
    const grants = new WorkloadGrants(
      childNames.grants(name),
      grantsArgs.resolved({ servicePrincipalObjectId, workloads, directoryRoles }, access),
      { parent: this },
    );
    grantExchangeRoles(
      {
        name: childNames.exchangeGrants(name),
        displayName: args.displayName,
        applicationId: application.clientId,
        servicePrincipalObjectId,
        exchangeRoles: access.exchangeRoles,
        complianceRoleGroups: access.complianceRoleGroups,
        dependsOn: grants.consents,
        carriedOf: (object) => carriedOf(object, args),
      },
      this,
    );

    this.applicationId = application.clientId;
    this.applicationObjectId = application.objectId;
    this.servicePrincipalObjectId = servicePrincipal.objectId;
    this.activeCertificate = access.activeCertificate;
    this.registerOutputs({
      applicationId: this.applicationId,
      applicationObjectId: this.applicationObjectId,
      servicePrincipalObjectId: this.servicePrincipalObjectId,
      activeCertificate: this.activeCertificate,
    });
  }

  /** The generations by name. */
  get generations(): Readonly<Record<string, CertificateCredential>> {
    return credentials.get(this) ?? {};
  }

  /**
   * SHA-1 thumbprints of the generations by name, upper-case hexadecimal. They are not secret, also in
   * languages in which all of `generations` is, because a generation holds a key.
   */
  get thumbprints(): Readonly<Record<string, pulumi.Output<string>>> {
    return Object.fromEntries(
      Object.entries(this.generations).map(([name, { thumbprint }]) => [name, thumbprint]),
    );
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

/**
 * Roles add up: while a directory role serves Exchange Online too, what a role is narrowed to
 * limits nothing. Only a warning, because an application that is being narrowed has both for a while.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2#step-5-assign-permissions
 */
function warnOfVoid({ roles, exchangeRoles }: ResolvedAccess, access: pulumi.Resource): void {
  const narrowed = exchangeRoles.filter(
    ({ cmdlets, recipientFilter }) => cmdlets !== undefined || recipientFilter !== undefined,
  );
  const wide = roles.filter(({ workloads }) => workloads.includes("exchange"));
  if (narrowed.length > 0 && wide.length > 0) {
    void pulumi.log.warn(
      `${wide.map(({ name }) => name).join(" and ")} makes the cmdlets and recipients void to which exchangeRoles narrows ${narrowed.map(({ role }) => role).join(", ")}: roles add up. Remove it from directoryRoles.`,
      access,
    );
  }
}

/** What a reviewer wants to see change on the component itself; no certificate, no secret. */
function reviewableInputs(
  access: ResolvedAccess,
  { carried = [] }: ExchangeAppOnlyArgs,
): pulumi.Inputs {
  return {
    ...(carried.length === 0 ? {} : { carried }),
    workloads: access.workloads,
    directoryRoles: access.roles.map((role) => role.name),
    ...(access.exchangeRoles.length === 0 ? {} : { exchangeRoles: access.exchangeRoles }),
    ...(access.complianceRoleGroups.length === 0
      ? {}
      : { complianceRoleGroups: access.complianceRoleGroups }),
    exceptions: access.exceptions,
    generations: access.certificates.map((certificate) => certificate.name),
    activeCertificate: access.activeCertificate,
  };
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
  { permissions }: ResolvedAccess,
  owners: pulumi.Output<string[]>,
  parent: pulumi.Resource,
): azuread.Application {
  return new azuread.Application(
    childNames.application(name),
    {
      displayName: args.displayName,
      signInAudience: "AzureADMyOrg",
      owners,
      notes: args.notes,
      ...(args.redirectUri === undefined ? {} : { web: { redirectUris: [args.redirectUri] } }),
      // Declaring the list replaces the default User.Read, which app-only access does not need.
      requiredResourceAccesses: permissions.map(({ resourceAppId, appRoleId }) => ({
        resourceAppId,
        resourceAccesses: [{ id: appRoleId, type: "Role" }],
      })),
    },
    { parent, ...carriedOf("application", args) },
  );
}

/** Leaves what was adopted as the tenant has it. */
function carriedOf(
  object: CarriedObject,
  { carried = [] }: ExchangeAppOnlyArgs,
): pulumi.CustomResourceOptions {
  const prefix = `${object}.`;
  const names = carried.filter((one) => one.startsWith(prefix));
  return names.length === 0 ? {} : { ignoreChanges: names.map((one) => one.slice(prefix.length)) };
}

/**
 * Of what Entra deletes with the application itself. Deleted one by one, each is waited for 20 seconds,
 * before the application. Consents and roles are not among it: rights are withdrawn, and not left.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/resources/options/deletedwith/
 * @see https://learn.microsoft.com/graph/api/application-delete
 */
function goesWith(
  application: azuread.Application,
  parent: pulumi.Resource,
): pulumi.CustomResourceOptions {
  return { parent, deletedWith: application };
}

function addCertificates(
  name: string,
  application: azuread.Application,
  { certificates = [] }: ExchangeAppOnlyArgs,
  access: ResolvedAccess,
  parent: pulumi.Resource,
): Record<string, CertificateCredential> {
  return Object.fromEntries(
    access.certificates.map((certificate, index) => [
      certificate.name,
      new CertificateCredential(
        childNames.certificate(name, certificate.name),
        credentialArgs.resolved(
          { applicationId: application.id, generation: certificates[index]! },
          certificate,
        ),
        goesWith(application, parent),
      ),
    ]),
  );
}

function addFederatedCredentials(
  name: string,
  application: azuread.Application,
  access: ResolvedAccess,
  parent: pulumi.Resource,
): void {
  for (const credential of access.federatedCredentials) {
    new azuread.ApplicationFederatedIdentityCredential(
      childNames.federatedCredential(name, credential.name),
      {
        applicationId: application.id,
        displayName: credential.name,
        issuer: credential.issuer,
        subject: credential.subject,
        audiences: [credential.audience],
      },
      // Nobody declares a description, so what somebody has written there stays.
      { ...goesWith(application, parent), ignoreChanges: ["description"] },
    );
  }
}
