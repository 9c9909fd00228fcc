import { sdkLanguages } from "../toolchain/pluginProtocol/sdkLanguages";
import type { PropertySchema, Schema } from "../toolchain/pluginProtocol/schema";
import type { ExchangeResource } from "./resource";

/** Settings of the provider, which are those of the azuread provider and two more. */
const providerSettings: Readonly<Record<string, string>> = {
  cloud: "Microsoft cloud: `global`, `usgovernment`, `dod` or `china`. Default: `global`.",
  organization: "Initial domain of the tenant.",
  tenantId: "Id of the tenant. Default: `ARM_TENANT_ID`.",
  clientId: "Application id of the deployer. Default: `ARM_CLIENT_ID`.",
  clientSecret: "Secret of the deployer. Default: `ARM_CLIENT_SECRET`.",
  clientCertificate: "Certificate of the deployer, a `.pfx` in base64.",
  clientCertificatePath: "File with the certificate of the deployer.",
  clientCertificatePassword: "Password of the certificate.",
  environment: "Name of the cloud's environment, as azuread has it.",
  metadataHost: "Host that names the endpoints of a cloud.",
  useOidc: "Whether the deployer signs in with a token of its job: `true` or `false`.",
  oidcToken: "Token of the job.",
  oidcRequestUrl: "Address at which the job asks for its token.",
  oidcRequestToken: "Token with which the job asks.",
  useMsi: "Whether a managed identity signs in: `true` or `false`.",
  useCli: "Whether the Azure CLI signs in: `true` or `false`.",
};

const secretSettings = /secret|password|token$|clientCertificate$/i;

/**
 * The package's schema, from which SDKs of every language are generated.
 *
 * @see https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/
 */
export function packageSchema(
  version: string,
  resources: Readonly<Record<string, ExchangeResource>>,
): object {
  const types: Record<string, object> = {};
  const described = Object.entries(resources).map(([name, resource]) => {
    const { schema, description, properties } = resource;
    const describeWhere = (wanted: (one: PropertySchema) => boolean) =>
      Object.fromEntries(
        Object.entries(schema)
          .filter(([, one]) => wanted(one))
          .map(([key, one]) => [
            key,
            { ...typeOf(name, key, one, types), description: properties[key] },
          ]),
      );
    return [
      `exchangeonline:index:${name}`,
      {
        description,
        properties: describeWhere(() => true),
        required: requiredKeys(schema, (one) => one.required === true || one.outputOnly === true),
        inputProperties: describeWhere(({ outputOnly }) => outputOnly !== true),
        requiredInputs: requiredKeys(schema, (one) => one.required === true),
      },
    ] as const;
  });
  return {
    name: "exchangeonline",
    version,
    displayName: "Exchange Online role-based access control",
    description:
      "Service principals, roles, scopes, role groups and assignments of Exchange Online and Security & Compliance.",
    license: "Apache-2.0",
    config: {},
    provider: {
      description: "Signs in as the azuread provider does.",
      inputProperties: Object.fromEntries(
        Object.entries(providerSettings).map(([key, description]) => [
          key,
          { type: "string", description, ...(secretSettings.test(key) ? { secret: true } : {}) },
        ]),
      ),
    },
    resources: Object.fromEntries(described),
    types,
    language: sdkLanguages("exchangeonline"),
  };
}

function requiredKeys(schema: Schema, wanted: (one: PropertySchema) => boolean): string[] {
  return Object.entries(schema)
    .filter(([, one]) => wanted(one))
    .map(([key]) => key);
}

function typeOf(
  resource: string,
  key: string,
  { type, fields }: PropertySchema,
  types: Record<string, object>,
): object {
  if (type !== "set") {
    return { type: "string" };
  }
  if (fields === undefined) {
    return { type: "array", items: { type: "string" } };
  }
  const token = `exchangeonline:index:${resource}${key[0]?.toUpperCase()}${key.slice(1)}Item`;
  types[token] = {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, typeOf(resource, name, field, types)]),
    ),
    required: requiredKeys(fields, (one) => one.required === true),
  };
  return { type: "array", items: { $ref: `#/types/${token}` } };
}
