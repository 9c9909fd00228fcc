import type {
  PolicyResource as SdkResource,
  ResourceValidationArgs,
  StackValidationArgs,
} from "@pulumi/policy";
import { StackView, type ViewedResource } from "../rules/stackView";
import { propertiesWithMarks } from "./properties";

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
