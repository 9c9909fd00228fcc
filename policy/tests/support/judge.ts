import {
  type PolicyResource as SdkResource,
  type ReportViolation,
  type ResourceValidation,
  type ResourceValidationArgs,
  type StackValidationArgs,
  unknownCheckingProxy,
} from "@pulumi/policy";
import { policyOf } from "../../crossguard/policyOf";
import type { CommonSettings } from "../../rules/exemptions";
import type { Rule } from "../../rules/rule";

/** What the engine writes for values that are only known after the update. */
export const unknown = {
  text: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  bool: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  number: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  list: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  object: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
};

/** One resource of a stack in a test. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  /** Name of the parent. */
  readonly parent?: string;
  readonly inputs?: Record<string, unknown>;
  /** What the provider adds. */
  readonly outputs?: Record<string, unknown>;
  /** Names of the resources that an input is computed from. */
  readonly on?: Record<string, readonly string[]>;
}

/** Violations as `name: message`: those before a resource is touched, and those at the end. */
export interface Judged {
  readonly before: string[];
  readonly end: string[];
}

/** The day of the tests. */
export const today = "2026-11-25";

/** URN of a resource; every test is about the stack `prod` of the project `apponly`. */
export const urnOf = ({ type, name }: Pick<Declared, "type" | "name">) =>
  `urn:pulumi:prod::apponly::${type}::${name}`;

/**
 * Runs a policy over a stack as the SDK does in a preview: each resource behind the SDK's own proxy,
 * in the order of registration, then all of them. An unknown value that a policy touches throws.
 */
export async function judge<Settings extends CommonSettings>(
  rule: Rule<Settings>,
  stack: readonly Declared[],
  configuration: Partial<Settings> = {},
): Promise<Judged> {
  const policy = policyOf(rule, { now: () => new Date(`${today}T12:00:00Z`) });
  const common = {
    stackTags: new Map<string, string>(),
    getConfig: <T>() => configuration as T,
    notApplicable: (reason?: string): never => {
      throw new Error(reason);
    },
  };
  const before: string[] = [];
  const end: string[] = [];
  for (const declared of stack) {
    const args: ResourceValidationArgs = {
      ...identityOf(declared, stack),
      ...common,
      props: proxied(declared.inputs),
      isType: () => false,
      asType: () => undefined,
    };
    await (policy.validateResource as ResourceValidation | undefined)?.(
      args,
      reportInto(before, stack),
    );
  }
  const args: StackValidationArgs = { ...common, resources: resourcesOf(stack) };
  await policy.validateStack?.(args, reportInto(end, stack));
  return { before, end };
}

function identityOf(declared: Declared, stack: readonly Declared[]) {
  const parent = stack.find(({ name }) => name === declared.parent);
  return {
    type: declared.type,
    name: declared.name,
    urn: urnOf(declared),
    opts: {
      protect: false,
      ignoreChanges: [],
      aliases: [],
      additionalSecretOutputs: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      parent:
        parent === undefined
          ? "urn:pulumi:prod::apponly::pulumi:pulumi:Stack::apponly-prod"
          : urnOf(parent),
    },
  };
}

function resourcesOf(stack: readonly Declared[]): SdkResource[] {
  const resources = stack.map((declared) => ({
    ...identityOf(declared, stack),
    props: proxied({ ...declared.inputs, ...declared.outputs }),
    dependencies: [],
    propertyDependencies: {},
    isType: () => false,
    asType: () => undefined,
  })) as SdkResource[];
  const resourceNamed = (name: string | undefined) => resources.find((one) => one.name === name);
  stack.forEach(({ parent, on = {} }, index) => {
    Object.assign(resources[index] as object, {
      parent: resourceNamed(parent),
      propertyDependencies: Object.fromEntries(
        Object.entries(on).map(([key, names]) => [key, names.map(resourceNamed).filter(Boolean)]),
      ),
    });
  });
  return resources;
}

function proxied(properties: Record<string, unknown> = {}): Record<string, unknown> {
  return unknownCheckingProxy(properties) as Record<string, unknown>;
}

function reportInto(found: string[], stack: readonly Declared[]): ReportViolation {
  return (message: string, urn?: string) => {
    found.push(`${stack.find((one) => urnOf(one) === urn)?.name ?? "?"}: ${message}`);
  };
}
