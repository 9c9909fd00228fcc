import * as pulumi from "@pulumi/pulumi";
import type { ConstructResult, Provider } from "@pulumi/pulumi/provider";
import { rejectionInWords } from "../cli/rejections";
import { CertificateCredential } from "../components/certificateCredential";
import { ExchangeAppOnly } from "../components/exchangeAppOnly";
import { ConfigurationError, formatFault } from "../components/faults";
import { WorkloadGrants } from "../components/workloadGrants";
import schema from "./schema.json";

const componentClasses = { CertificateCredential, ExchangeAppOnly, WorkloadGrants };

/** Makes one of them of what the engine has been given, which the component itself judges. */
type Constructor = new (
  name: string,
  args: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource;

/** DescribedProperties as the package's schema describes them. */
type DescribedProperties = Readonly<Record<string, { readonly plain?: boolean }>>;

/** What the package's schema says of a component. */
interface Described {
  readonly properties: DescribedProperties;
  readonly inputProperties: DescribedProperties;
}

/**
 * The components for programs in other languages: the engine asks this provider to make them.
 *
 * @see https://www.pulumi.com/docs/iac/guides/building-extending/components/
 */
export class ComponentPackage implements Provider {
  /** @param version That of the package. */
  constructor(readonly version: string) {}

  /** The schema as JSON, from which SDKs are generated. */
  getSchema(): Promise<string> {
    return Promise.resolve(JSON.stringify({ ...schema, version: this.version }));
  }

  /**
   * Makes a component, with all that belongs to it.
   *
   * @param type For example `apponly:index:WorkloadGrants`.
   * @throws {InputPropertiesError} If an argument breaks a rule; nothing has been requested by then.
   */
  construct(
    name: string,
    type: string,
    inputs: pulumi.Inputs,
    options: pulumi.ComponentResourceOptions,
  ): Promise<ConstructResult> {
    // What is thrown below has to become a rejection.
    return Promise.resolve()
      .then(() => construct(name, type, inputs, options))
      .then(withFailuresInWords);
  }
}

function construct(
  name: string,
  type: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
): ConstructResult {
  const described = (schema.resources as Readonly<Record<string, Described>>)[type];
  if (described === undefined) {
    throw new Error(`The package ${schema.name} has no component ${type}.`);
  }
  requirePlain(described.inputProperties, inputs);
  const Class = componentClasses[
    type.split(":")[2] as keyof typeof componentClasses
  ] as unknown as Constructor;
  const component = namingArguments(() => new Class(name, inputs, options));
  return { urn: component.urn, state: toldOf(component, described.properties) };
}

/** Waits until what is told is known, so that what went wrong on the way is said as the commands say it. */
async function withFailuresInWords(result: ConstructResult): Promise<ConstructResult> {
  const told = pulumi.output(result.state) as unknown as {
    promise(withUnknowns: true): Promise<unknown>;
  };
  try {
    await told.promise(true);
  } catch (error) {
    throw rejectionInWords(error) ?? error;
  }
  return result;
}

/** Refuses values of other resources where an argument decides which resources there are. */
function requirePlain(properties: DescribedProperties, inputs: pulumi.Inputs): void {
  const unknown = Object.keys(inputs).filter(
    (key) => properties[key]?.plain === true && hasOutput(inputs[key]),
  );
  if (unknown.length > 0) {
    throw new pulumi.InputPropertiesError({
      message: "The arguments depend on other resources; nothing has been changed.",
      errors: unknown.map((propertyPath) => ({
        propertyPath,
        reason:
          "decides which resources there are, and has to be known before any is made. Write it down, or take it from the configuration.",
      })),
    });
  }
}

function hasOutput(value: unknown): boolean {
  return (
    pulumi.Output.isInstance(value) ||
    value instanceof Promise ||
    (typeof value === "object" && value !== null && Object.values(value).some(hasOutput))
  );
}

/** Has the engine show what is wrong beside the argument that it is wrong with. */
function namingArguments<Made>(make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) {
      throw error;
    }
    throw new pulumi.InputPropertiesError({
      message: "The arguments are at fault; nothing has been changed.",
      errors: error.faults.map((fault) => ({
        propertyPath: fault.path,
        reason: formatFault({ ...fault, path: "" }).trim(),
      })),
    });
  }
}

/** What a component tells, by the names that the schema has. */
function toldOf(component: pulumi.ComponentResource, properties: object): pulumi.Inputs {
  const told = component as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(properties).map((key) => [key, toldValue(told[key])]));
}

/** A value as a program elsewhere gets it: of a resource its id, of a component what it tells. */
function toldValue(value: unknown): unknown {
  if (value instanceof CertificateCredential) {
    return toldOf(value, schema.types["apponly:index:Certificate"].properties);
  }
  if (pulumi.CustomResource.isInstance(value)) {
    return value.id;
  }
  if (Array.isArray(value)) {
    return value.map(toldValue);
  }
  return typeof value === "object" && value !== null && !pulumi.Output.isInstance(value)
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toldValue(one)]))
    : value;
}
