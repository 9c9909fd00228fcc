import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "./configuration/parse";
import type { ExchangeAppOnly } from "./exchangeAppOnly";
import { accessArgs } from "./resolve";
import { type CertificateCredential, resolvedCertificateOf } from "./certificateCredential";
import {
  type CertificateOutput,
  type FederatedCredentialOutput,
  outputsVersion,
  type StackOutputs,
} from "./outputs";

/** An output may become known later, and so may each entry of a list. */
type Written<Value> = Value extends (infer Entry)[]
  ? pulumi.Input<pulumi.Input<Entry>[]>
  : pulumi.Input<Value>;

/** What the program returns of {@link StackOutputs}; `connect` is made from them. */
export type WrittenOutputs = {
  [Name in keyof Omit<StackOutputs, "connect" | "federatedCredentials">]: Written<
    StackOutputs[Name]
  >;
} & { federatedCredentials: FederatedCredentialOutput[] };

/** What decides the outputs besides the component. */
export type OutputSettings = Pick<Configuration, "access" | "cloud" | "organization">;

/** The outputs of a stack, save the connect commands. */
export function stackOutputs(
  configuration: OutputSettings,
  access: ExchangeAppOnly,
): WrittenOutputs {
  const { cloud } = configuration;
  const { workloads, permissions, roles, federatedCredentials, ...resolved } = accessArgs.resolve(
    configuration.access,
  );
  const active = access.generations[access.activeCertificate ?? ""];
  const generated = Object.entries(access.generations).filter(([, one]) => one.generated);
  return {
    outputsVersion,
    tenantId: azuread.getClientConfigOutput({ parent: access }).tenantId,
    organization: organizationOf(configuration, access),
    cloud: cloud.name,
    applicationId: access.applicationId,
    applicationObjectId: access.applicationObjectId,
    servicePrincipalObjectId: access.servicePrincipalObjectId,
    workloads: [...workloads],
    permissions: permissions.map(({ resourceName, resourceAppId, value, appRoleId }) => ({
      resource: resourceName,
      resourceAppId,
      value,
      appRoleId,
    })),
    directoryRoles: roles.map(({ name, templateId }) => ({ name, templateId })),
    ...(resolved.exchangeRoles.length === 0 ? {} : { exchangeRoles: [...resolved.exchangeRoles] }),
    ...(resolved.complianceRoleGroups.length === 0
      ? {}
      : { complianceRoleGroups: [...resolved.complianceRoleGroups] }),
    certificates: Object.entries(access.generations).map(([name, credential]) =>
      pulumi.output({
        name,
        thumbprint: credential.thumbprint,
        thumbprintSha256: credential.thumbprintSha256,
        subject: credential.subject,
        notBefore: credential.notBefore,
        notAfter: credential.notAfter,
        active: name === access.activeCertificate,
        generated: credential.generated,
        ...keySourceOf(credential),
        cer: credential.cer,
      }),
    ),
    federatedCredentials: [...federatedCredentials],
    ...(active?.generated ? { pfx: active.pfx, pfxPassword: active.pfxPassword } : {}),
    // Secret as a whole: a map of secrets would otherwise be listed as a plain output.
    pfxGenerations: pulumi.secret(
      Object.fromEntries(
        generated.map(([name, one]) => [name, { pfx: one.pfx, password: one.pfxPassword }]),
      ),
    ),
  };
}

/** Where a generation's key was made, and where it is. */
export function keySourceOf(
  credential: CertificateCredential | undefined,
): Pick<CertificateOutput, "source" | "vault"> {
  const certificate = resolvedCertificateOf(credential);
  if (certificate?.kind !== "supplied") {
    return { source: "generated" };
  }
  const { vault } = certificate;
  return vault === undefined
    ? { source: "supplied" }
    : { source: vault.source, vault: { key: vault.key, exportable: vault.exportable } };
}

/** The initial domain: configured, or asked of the tenant, because it cannot be derived. */
function organizationOf(
  configuration: OutputSettings,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  if (configuration.organization !== undefined) {
    return pulumi.output(configuration.organization);
  }
  const { domains } = azuread.getDomainsOutput({ onlyInitial: true }, { parent });
  return domains.apply((all) => {
    const initial = all[0];
    if (initial === undefined) {
      throw new Error(
        "The tenant names no initial domain. Grant the deployer Domain.Read.All, or set apponly:organization to the tenant's .onmicrosoft.com domain.",
      );
    }
    return initial.domainName;
  });
}
