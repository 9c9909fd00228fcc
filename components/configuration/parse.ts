import { z } from "zod";
import type { ExchangeAppOnlyArgs } from "../args";
import {
  type Cloud,
  cloudNames,
  cloudOfEnvironment,
  clouds,
  isCloudName,
  isInitialDomainOf,
} from "../catalog/clouds";
import { ConfigurationError, type Fault } from "../faults";
import { accessArgs, parseAccess } from "../resolve";
import { expandFederated } from "./federated";
import { configurationShape, textKeys } from "./shape";

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
  readonly azureadEnvironment?: string;
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
  const { values, faults: unreadable } = decode(raw.values);
  const shaped = configurationShape.safeParse(values);
  const misshapen = shaped.success
    ? []
    : shaped.error.issues
        .flatMap((issue) => shapeFaults(issue, values))
        .filter((fault) => !unreadable.some((other) => other.path === fault.path));
  // Rules are applied to whatever has the right form, so that a typing mistake hides nothing else.
  const partial = shaped.success ? shaped.data : rescue(values);
  const cloudName = partial.cloud ?? "global";
  const cloud = isCloudName(cloudName) ? clouds[cloudName] : undefined;
  const { cloud: _cloud, organization, federatedCredentials, ...described } = partial;
  const formFaults: Fault[] = [];
  const access: ExchangeAppOnlyArgs = {
    ...described,
    ...(federatedCredentials === undefined
      ? {}
      : { federatedCredentials: expandFederated(federatedCredentials, formFaults) }),
  };
  const resolved = parseAccess(access, now);
  const faults = [
    ...unreadable,
    ...misshapen,
    ...formFaults,
    ...cloudFaults(cloudName, cloud, organization, raw.azureadEnvironment),
    ...resolved.faults.filter(
      (fault) =>
        ![...unreadable, ...misshapen, ...formFaults].some((other) =>
          covers(other.path, fault.path),
        ),
    ),
  ].map((fault) => withoutSecret(fault, secretKeys));
  if (faults.length > 0 || cloud === undefined) {
    throw new ConfigurationError(faults, "apponly:");
  }
  return {
    cloud,
    ...(organization === undefined ? {} : { organization: organization.toLowerCase() }),
    access: accessArgs.resolved(access, resolved.value),
  };
}

function decode(texts: Readonly<Record<string, string>>): {
  values: Record<string, unknown>;
  faults: Fault[];
} {
  const faults: Fault[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(texts)) {
    if (textKeys.has(key) && text === "") {
      // Empty is how Pulumi.yaml declares that a text has no default.
      continue;
    }
    if (textKeys.has(key) || !(key in configurationShape.shape)) {
      values[key] = text;
      continue;
    }
    try {
      values[key] = withPlainDates(JSON.parse(text));
    } catch {
      faults.push({
        path: key,
        value: text,
        rule: "is not a list.",
        remedy: `Write it as a YAML list, or set its parts with: pulumi config set --path 'apponly:${key}[0]' VALUE.`,
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
      remedy: `Known here: ${knownKeys(issue.path).join(", ")}.`,
    }));
  }
  const value = valueAt(values, issue.path);
  const expected = issue.code === "invalid_type" ? issue.expected : "other";
  const wanted = expectedWords[expected] ?? "of another form";
  return value === undefined
    ? [{ path, rule: "is missing.", remedy: `Set it: it must be ${wanted}.` }]
    : [{ path, value: JSON.stringify(value), rule: `is not ${wanted}.`, remedy: "Correct it." }];
}

const expectedWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
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
function rescue(values: Record<string, unknown>): z.infer<typeof configurationShape> {
  const sound = Object.entries(configurationShape.shape).flatMap(([key, shape]) => {
    const result = shape.safeParse(values[key]);
    return result.success && result.data !== undefined ? [[key, result.data] as const] : [];
  });
  return { displayName: "", workloads: [], directoryRoles: [], ...Object.fromEntries(sound) };
}

/** Whether a fault of form at `outer` makes a fault of value at `inner` meaningless. */
function covers(outer: string, inner: string): boolean {
  const top = (path: string) => path.split(/[.[]/)[0];
  return top(outer) === top(inner);
}

function cloudFaults(
  name: string,
  cloud: Cloud | undefined,
  organization: string | undefined,
  azureadEnvironment: string | undefined,
): Fault[] {
  if (cloud === undefined) {
    const remedy = `Use one of: ${cloudNames.join(", ")}.`;
    return [{ path: "cloud", value: name, rule: "is not a cloud.", remedy }];
  }
  const faults: Fault[] = [];
  if (organization !== undefined && !isInitialDomainOf(cloud, organization)) {
    faults.push({
      path: "organization",
      value: organization,
      rule: `is not an initial domain of ${cloud.title}, which ends in ${cloud.organizationSuffixes.join(" or ")}.`,
      remedy: "Correct it, or remove it: the tenant is then asked for its initial domain.",
    });
  }
  if (
    azureadEnvironment !== undefined &&
    cloudOfEnvironment(azureadEnvironment)?.name !== cloud.name
  ) {
    faults.push({
      path: "cloud",
      value: name,
      rule: `does not match azuread:environment, which is ${azureadEnvironment}.`,
      remedy: `Run: pulumi config set azuread:environment ${cloud.azureadEnvironment}.`,
    });
  }
  return faults;
}

function withoutSecret(fault: Fault, secretKeys: ReadonlySet<string>): Fault {
  const key = fault.path.split(/[.[]/)[0] ?? "";
  return secretKeys.has(key) && fault.value !== undefined ? { ...fault, value: "[secret]" } : fault;
}
