/**
 * Names of the resources that the components make, from the name of the component they belong to.
 * They are part of a resource's identity: another name is another resource, so a changed one needs
 * an alias.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/
 */
export const childNames = {
  application: (access: string) => `${access}-application`,
  servicePrincipal: (access: string) => `${access}-service-principal`,
  certificate: (access: string, generation: string) => `${access}-certificate-${generation}`,
  federatedCredential: (access: string, credential: string) => `${access}-federated-${credential}`,
  grants: (access: string) => `${access}-grants`,
  consent: (grants: string, permission: string) => `${grants}-consent-${permission}`,
  role: (grants: string, role: string) => `${grants}-role-${role.toLowerCase().replace(/ /g, "-")}`,
  exchangeGrants: (access: string) => `${access}-exchange`,
  pointer: (grants: string, workload: string) => `${grants}-${workload}-service-principal`,
  exchangeRole: (grants: string, role: string) => `${grants}-role-${slug(role)}`,
  exchangeScope: (grants: string, role: string) => `${grants}-scope-${slug(role)}`,
  exchangeAssignment: (grants: string, role: string) => `${grants}-assignment-${slug(role)}`,
  roleGroup: (grants: string, group: string) => `${grants}-group-${slug(group)}`,
  roleGroupMember: (grants: string, group: string) => `${grants}-member-${slug(group)}`,
  key: (certificate: string) => `${certificate}-key`,
  selfSigned: (certificate: string) => `${certificate}-self-signed`,
  credential: (certificate: string) => `${certificate}-credential`,
} as const;

function slug(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

/**
 * The inverse of `childNames.certificate`: the generation of a `CertificateCredential` within an
 * `ExchangeAppOnly`, for what is known only by its name, such as an old preview. Whoever has the
 * component itself asks it.
 *
 * @returns `undefined` where the name was not made of that of the access.
 * @example generationInName("access-certificate-2026-11", "access") // "2026-11"
 */
export function generationInName(certificate: string, access: string): string | undefined {
  const start = childNames.certificate(access, "");
  return certificate.length > start.length && certificate.startsWith(start)
    ? certificate.slice(start.length)
    : undefined;
}
