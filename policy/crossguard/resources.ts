import {
  type ResourceValidationArgs,
  type PolicyResource as SdkResource,
  type StackValidationArgs,
  UnknownValueError,
} from "@pulumi/policy";
import { StackView, type ViewedResource } from "../rules/stackView";
import { type Properties, unknownValue } from "../rules/values";

/** A resource before it is created or changed: only its inputs. */
export function declaredResource({
  urn,
  type,
  name,
  opts,
  props,
}: ResourceValidationArgs): ViewedResource {
  return {
    urn,
    type,
    name,
    ...(opts.parent === undefined ? {} : { parent: opts.parent }),
    inputs: propertiesWithMarks(props),
    outputs: {},
  };
}

/**
 * The stack at the end of a preview or update. The SDK gives outputs then, so inputs come from what
 * was seen of the same resources before.
 */
export function previewedStack({ resources }: StackValidationArgs, seen: StackView): StackView {
  const all = resources.map((resource): ViewedResource => {
    const { urn, type, name, parent, props } = resource;
    const outputs = propertiesWithMarks(props);
    return {
      urn,
      type,
      name,
      ...(parent === undefined ? {} : { parent: parent.urn }),
      inputs: seen.find(urn)?.inputs ?? outputs,
      outputs,
      dependencies: dependenciesOf(resource),
    };
  });
  return new StackView(all, true);
}

function dependenciesOf({ propertyDependencies }: SdkResource): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(propertyDependencies).map(([key, on]) => [key, on.map(({ urn }) => urn)]),
  );
}

/**
 * Properties as the policy SDK shows them, with a mark in the place of every unknown value. The SDK
 * throws where a policy touches one, and then reports the policy as advisory, whatever its level;
 * a rule that meets the mark decides itself.
 *
 * @see https://www.pulumi.com/docs/insights/policy/
 */
function propertiesWithMarks(properties: Readonly<Record<string, unknown>>): Properties {
  return Object.fromEntries(
    Object.keys(properties).map((key) => [key, readIfVisible(() => properties[key])]),
  );
}

function readIfVisible(read: () => unknown): unknown {
  let value: unknown;
  try {
    value = read();
  } catch (error) {
    if (error instanceof UnknownValueError) {
      return unknownValue;
    }
    throw error;
  }
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return Array.from({ length: list.length }, (_, index) => readIfVisible(() => list[index]));
  }
  return typeof value === "object" && value !== null
    ? propertiesWithMarks(value as Readonly<Record<string, unknown>>)
    : value;
}
