import { z } from "zod";
import { didYouMean, useOneOf } from "../../system/didYouMean";
import { isGuid } from "../../system/guid";
import type { ExchangeAppOnlyArgs } from "../args";
import {
  type Cloud,
  cloudNames,
  cloudOfEnvironment,
  clouds,
  isCloudName,
  isInitialDomainOf,
  otherCloudNames,
} from "../catalog/clouds";
import { isVaultOf, vaultSuffix } from "../catalog/vaults";
import type { ResolvedCertificate } from "../validation/resolvedCertificate";
import { ConfigurationError, type Fault, faultAt, faultUnless } from "../faults";
import { accessArgs, parseAccess } from "../resolve";
import { expandFederated } from "./federated";
import { configurationShape, textKeys } from "./shape";
import type { Environment } from "../../system/environment";

/** What a stack is configured to be. */
export interface Configuration {
  readonly cloud: Cloud;
  /** Initial domain, where it is configured; otherwise the tenant is asked. */
  readonly organization?: string;
  readonly access: ExchangeAppOnlyArgs;
}

/** What the parser is given. */
export interface RawConfiguration {
  /** Values of the namespace by key, without `apponly:`, as Pulumi hands them over. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys whose values are secret, so that no error repeats them. */
  readonly secretKeys?: ReadonlySet<string>;
  /** `environment` the azuread provider will use; absent when an own metadata host decides. */
  readonly azureadEnvironment?: string | undefined;
  /** Tenant that the azuread provider signs in to, as it is configured; never a secret value. */
  readonly tenantId?: string | undefined;
}

/**
 * What the parser is given, out of everything that a stack configures.
 *
 * @param all Values by key with its namespace.
 * @param environment Process environment, in which the azuread provider also looks for settings.
 */
export function rawConfiguration(
  all: Readonly<Record<string, string>>,
  isSecret: (key: string) => boolean,
  environment: Environment,
): RawConfiguration {
  const values = valuesOf(all, "apponly");
  const azuread = valuesOf(all, "azuread");
  // With its own metadata host the provider takes the endpoints from there and ignores `environment`.
  const ownHost = azuread.metadataHost || environment.ARM_METADATA_HOSTNAME;
  const tenantId = azuread.tenantId || environment.ARM_TENANT_ID;
  return {
    values,
    tenantId: isSecret("azuread:tenantId") ? undefined : tenantId,
    secretKeys: new Set(Object.keys(values).filter((key) => isSecret(`apponly:${key}`))),
    azureadEnvironment: ownHost
      ? undefined
      : azuread.environment || environment.ARM_ENVIRONMENT || "public",
  };
}

/** The values of one namespace, by key without it. */
export function valuesOf(
  all: Readonly<Record<string, string>>,
  namespace: string,
): Record<string, string> {
  const prefix = `${namespace}:`;
  return Object.fromEntries(
    Object.entries(all)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

/**
 * Parses and checks the configuration of a stack.
 *
 * @param now Decides which exceptions and certificates are live.
 * @throws {ConfigurationError} Lists every fault at once.
 * @example
 * parseConfiguration({ values: { displayName: "ExO PowerShell CBA", workloads: '["exchange"]', ... } }, new Date())
 */
export function parseConfiguration(raw: RawConfiguration, now: Date): Configuration {
  const secretKeys = raw.secretKeys ?? new Set<string>();
  const { values, faults: unreadable } = decodeTexts(raw.values);
  const shaped = configurationShape.safeParse(values);
  const misshapen = shaped.success
    ? []
    : shaped.error.issues
        .flatMap((issue) => shapeFaults(issue, values))
        .filter((fault) => !unreadable.some((other) => other.path === fault.path));
  // Rules are applied to whatever has the right form, so that a typing mistake hides nothing else.
  const partial = shaped.success ? shaped.data : parseSoundValues(values);
  const cloudName = partial.cloud ?? "global";
  const cloud = isCloudName(cloudName) ? clouds[cloudName] : undefined;
  const { cloud: _cloud, organization, federatedCredentials, ...described } = partial;
  const formFaults: Fault[] = [];
  const access: ExchangeAppOnlyArgs = {
    ...described,
    federatedCredentials:
      federatedCredentials && expandFederated(federatedCredentials, formFaults, cloud),
  };
  const resolved = parseAccess(access, now);
  const formless = new Set(
    [...unreadable, ...misshapen, ...formFaults].map(({ path }) => settingsKey(path)),
  );
  const faults = [
    ...unreadable,
    ...misshapen,
    ...formFaults,
    ...cloudFaults(cloudName, cloud, organization, raw.azureadEnvironment),
    ...vaultCloudFaults(resolved.value.certificates, cloud),
    ...tenantFaults(raw.tenantId, cloud),
    // A fault of form makes one of value at the same key meaningless, and one that goes by that key.
    ...resolved.faults.filter(({ path, judgedBy: others = [] }) =>
      [settingsKey(path), ...others].every((key) => !formless.has(key)),
    ),
  ].map((fault) => withoutSecret(fault, secretKeys));
  if (faults.length > 0 || cloud === undefined) {
    throw new ConfigurationError(faults, "apponly:");
  }
  return {
    cloud,
    organization: organization?.toLowerCase(),
    access: accessArgs.resolved(access, resolved.value),
  };
}

function decodeTexts(texts: Readonly<Record<string, string>>): {
  values: Record<string, unknown>;
  faults: Fault[];
} {
  const faults: Fault[] = [];
  // Without a prototype, `__proto__` is a key like any other.
  const values = Object.create(null) as Record<string, unknown>;
  for (const [key, text] of Object.entries(texts)) {
    if (textKeys.has(key) && text === "") {
      // Empty is how Pulumi.yaml declares that a text has no default.
      continue;
    }
    if (textKeys.has(key) || !Object.hasOwn(configurationShape.shape, key)) {
      values[key] = withPlainDates(text);
      continue;
    }
    try {
      values[key] = withPlainDates(JSON.parse(text));
    } catch {
      faults.push({
        path: key,
        value: text,
        rule: "is not a list.",
        remedy: `Write it as a YAML list, or set its parts with: pulumi config set --path 'apponly:${key}[0]' VALUE`,
      });
    }
  }
  return { values, faults };
}

/**
 * YAML reads an unquoted 2026-12-31 as a point in time, and Pulumi hands that over in Go's words;
 * who wrote it meant the day.
 */
function withPlainDates(value: unknown): unknown {
  if (typeof value === "string") {
    return /^(\d{4}-\d{2}-\d{2})(?: 00:00:00 \+0000 UTC|T00:00:00Z)$/.exec(value)?.[1] ?? value;
  }
  if (Array.isArray(value)) {
    return value.map(withPlainDates);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withPlainDates(one)]))
    : value;
}

function shapeFaults(issue: z.core.$ZodIssue, values: Record<string, unknown>): Fault[] {
  const path = z.core.toDotPath(issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: path === "" ? key : `${path}.${key}`,
      rule: "is not a key that apponly knows.",
      remedy: `${didYouMean(key, knownKeys(issue.path))}Known here: ${knownKeys(issue.path).join(", ")}.`,
    }));
  }
  const value = valueAt(values, issue.path);
  const expected = issue.code === "invalid_type" ? issue.expected : "other";
  const wanted = expectedWords[expected] ?? "of another form";
  return value === undefined
    ? [{ path, rule: "is missing.", remedy: `Set it: it must be ${wanted}.` }]
    : [
        {
          path,
          value: typeof value === "string" ? value : JSON.stringify(value),
          rule: `is not ${wanted}.`,
          remedy: remedyForFault(value, expected, path),
        },
      ];
}

/** What YAML and `pulumi config set` take for a number or a truth value needs quotes to be text. */
function remedyForFault(value: unknown, expected: string, path: string): string {
  return expected === "string" && ["number", "boolean"].includes(typeof value)
    ? `Put it in quotes, or set it as text: pulumi config set --type string --path 'apponly:${path}' VALUE`
    : (remediesOfForm[expected] ?? "Write it in the form that docs/reference.md shows.");
}

const remediesOfForm: Readonly<Record<string, string>> = {
  string: "Write one line of text.",
  number: "Write it in digits only, for example 365.",
  boolean: "Write true or false.",
  array: "Write it as a YAML list: one line for each, which begins with a dash.",
  object: "Write its keys and values one below the other, indented.",
};

const expectedWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a set of keys and values",
};

/** The keys that the form has at a path. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  const bare = (type: unknown): unknown =>
    type instanceof z.ZodOptional ? bare(type.unwrap()) : type;
  const at = path.reduce<unknown>((type, part) => {
    const outer = bare(type);
    if (outer instanceof z.ZodArray) {
      return outer.element;
    }
    return outer instanceof z.ZodObject
      ? (outer.shape as Record<PropertyKey, unknown>)[part]
      : outer;
  }, configurationShape);
  const form = bare(at);
  return form instanceof z.ZodObject ? Object.keys(form.shape) : [];
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part],
    values,
  );
}

/** The keys that have the right form, with neutral values where a required one has not. */
function parseSoundValues(values: Record<string, unknown>): z.infer<typeof configurationShape> {
  const sound = Object.entries(configurationShape.shape).flatMap(([key, shape]) => {
    const result = shape.safeParse(values[key]);
    return result.success && result.data !== undefined ? [[key, result.data] as const] : [];
  });
  return { displayName: "", workloads: [], directoryRoles: [], ...Object.fromEntries(sound) };
}

/** The configuration key that a path begins with. */
function settingsKey(path: string): string {
  return path.split(/[.[]/)[0] ?? "";
}

function cloudFaults(
  name: string,
  cloud: Cloud | undefined,
  organization: string | undefined,
  azureadEnvironment: string | undefined,
): Fault[] {
  if (cloud === undefined) {
    return faultAt("cloud", name)("is not a cloud.", useOneOf(name, cloudNames, otherCloudNames));
  }
  const fits = organization === undefined || isInitialDomainOf(cloud, organization);
  const matches =
    azureadEnvironment === undefined || cloudOfEnvironment(azureadEnvironment)?.name === cloud.name;
  return [
    ...faultUnless(fits, ["organization", organization])(
      `is not an initial domain of ${cloud.title}, which ends in ${cloud.organizationSuffixes.join(" or ")}.`,
      `${meantDomain(organization ?? "", cloud)}Correct it, or remove it: the tenant is then asked for its initial domain.`,
    ),
    ...faultUnless(matches, ["cloud", name])(
      `does not match azuread:environment, which is ${azureadEnvironment}.`,
      `Run: pulumi config set azuread:environment ${cloud.azureadEnvironment}`,
    ),
  ];
}

/** The initial domain in an address, a link, or the name of a tenant. */
function meantDomain(text: string, { organizationSuffixes: [suffix = ""] }: Cloud): string {
  const [, name] =
    new RegExp(`(?:^|[\\s/@])([a-z0-9-]+)(?:\\.[a-z0-9-]+)?\\${suffix}(?:[\\s./]|$)`, "i").exec(
      text,
    ) ??
    /^([a-z0-9-]+)$/i.exec(text) ??
    [];
  return name === undefined ? "" : `Did you mean "${name.toLowerCase()}${suffix}"? `;
}

/** A vault of another cloud takes none of this cloud's tokens. */
function vaultCloudFaults(
  certificates: readonly ResolvedCertificate[],
  cloud: Cloud | undefined,
): Fault[] {
  return certificates.flatMap((one) => {
    if (cloud === undefined || one.kind !== "supplied" || one.vault === undefined) {
      return [];
    }
    const { source, vault } = one.vault;
    return faultUnless(isVaultOf(vault, source, cloud), [`${one.path}.vault`, vault])(
      `is in another cloud than the stack, which is in ${cloud.title}.`,
      `Addresses there end in .${vaultSuffix(source, cloud.name)}.`,
    );
  });
}

/**
 * Tokens, issuers and outputs name a tenant by its id, and what compares them does so letter for
 * letter.
 */
function tenantFaults(tenantId: string | undefined, cloud: Cloud | undefined): Fault[] {
  const isNil = /^[0-]+$/.test(tenantId ?? "");
  if (tenantId === undefined || tenantId === "" || (isGuid(tenantId) && !isNil)) {
    return [];
  }
  const isDomain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(tenantId);
  const { authority } = cloud ?? clouds.global;
  // In braces, in an address, between blanks.
  const within = isNil
    ? undefined
    : /(?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])/i.exec(tenantId)?.[0];
  const fault = faultAt("tenantId", tenantId)(
    isDomain ? "is a domain and not the id of a tenant." : "is not the id of a tenant.",
    isDomain
      ? `Write the id that stands in the issuer at ${authority}/${tenantId}/v2.0/.well-known/openid-configuration (in the environment: ARM_TENANT_ID).`
      : `Write ${within ?? "the tenant id that the overview of Microsoft Entra ID shows"} (in the environment: ARM_TENANT_ID).`,
  );
  return fault.map((one) => ({ ...one, namespace: "azuread:" }));
}

function withoutSecret(fault: Fault, secretKeys: ReadonlySet<string>): Fault {
  return secretKeys.has(settingsKey(fault.path)) && fault.value !== undefined
    ? { ...fault, value: "[secret]" }
    : fault;
}
