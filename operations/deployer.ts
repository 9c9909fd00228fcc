import type { ConfigMap } from "@pulumi/pulumi/automation";
import { type Assessment, assess, ownershipMatters } from "../microsoft/deployer/assess";
import { deployerOf } from "../microsoft/deployer/deployer";
import { findOwnership, type OwnedObject } from "../microsoft/deployer/ownership";
import { connectDeployer, type DeployerSession } from "../microsoft/deployer/session";
import { plainSignInSettings } from "./providerSettings";
import type { ReadableStack } from "./readableStack";
import type { StackShape } from "../microsoft/deployer/needs";
import { parseConfiguration, rawConfiguration, valuesOf } from "../components/configuration/parse";
import { applicationTypes, types } from "../policy/rules/types";
import { textOf } from "../policy/rules/values";
import type { Preview } from "../review/input/preview";
import { viewOfState } from "../review/input/stackState";
import type { Environment } from "../system/environment";

/** What is known about the deployer of a stack, and how it signs in. */
export interface DeployerReport extends Assessment {
  readonly stack: string;
  /** How it signs in, for people. */
  readonly method: DeployerSession["method"];
  /** Base of Microsoft Graph in the stack's cloud, without a trailing slash. */
  readonly graph: string;
}

/**
 * Becomes the deployer of a stack: by its configuration, and the environment its plugins get.
 *
 * @throws {DeployerSettingsError} If the settings do not say how it signs in.
 * @throws {NoAnswer} If the metadata host cannot be reached.
 */
export async function connectStackDeployer(
  stack: ReadableStack,
  configuration?: ConfigMap,
): Promise<DeployerSession> {
  const texts = await signInSettingsOf(stack, configuration);
  return connectDeployer(valuesOf(texts, "azuread"), environmentOf(stack));
}

/**
 * Name of a stack's deployer by its object id, where a preview makes it an owner: its token has the
 * name, so Microsoft Graph is not asked. Empty where there is none to be had.
 *
 * @param connect Becomes the deployer.
 */
export async function deployerNamed(
  { steps }: Pick<Preview, "steps">,
  connect: () => Promise<DeployerSession>,
): Promise<ReadonlyMap<string, string>> {
  if (
    !steps.some(({ op, type }) => !["same", "delete"].includes(op) && ownerTypes.includes(type))
  ) {
    return new Map();
  }
  const { objectId, name } = await connect()
    .then(async (session) => deployerOf(await session.token()))
    // The preview has told already who cannot sign in.
    .catch(() => ({ objectId: "", name: undefined }));
  return new Map(name === undefined ? [] : [[objectId.toLowerCase(), name]]);
}

const ownerTypes: readonly string[] = [
  ...applicationTypes,
  types.servicePrincipal,
  types.applicationOwner,
];

/** At least the settings that decide how a stack's deployer signs in, by their whole names. */
export async function signInSettingsOf(
  stack: ReadableStack,
  configuration?: ConfigMap,
): Promise<Record<string, string>> {
  const plain =
    configuration === undefined && stack.workDirectory !== undefined
      ? await plainSignInSettings(stack.workDirectory, stack.name)
      : undefined;
  return plain ?? textsIn(configuration ?? (await stack.getAllConfig()));
}

/**
 * Compares what a stack's deployer may do with what the stack needs. Nothing is changed: one token
 * is requested, and the owners of the stack's objects are read where they matter.
 *
 * @throws {ConfigurationError} If the stack's configuration is at fault.
 * @throws {DeployerSettingsError} If the settings do not say how the deployer signs in.
 * @throws {TokenRefused} If the tenant refuses the deployer.
 * @throws {NoAnswer} If the tenant cannot be reached.
 */
export async function inspectDeployer(stack: ReadableStack): Promise<DeployerReport> {
  const configuration = await stack.getAllConfig();
  const shape = shapeOf(configuration, environmentOf(stack));
  const session = await connectStackDeployer(stack, configuration);
  const deployer = deployerOf(await session.token());
  const ownership = ownershipMatters(deployer, shape)
    ? await findOwnership(await session.graph(), await objectsOf(stack), deployer.objectId)
    : [];
  return {
    stack: stack.name,
    method: session.method,
    graph: session.authority.graph,
    ...assess(deployer, shape, ownership),
  };
}

/** What about the configuration decides what is needed. */
function shapeOf(configuration: ConfigMap, environment: Environment): StackShape {
  const isSecret = (key: string) => configuration[key]?.secret === true;
  const raw = rawConfiguration(textsIn(configuration), isSecret, environment);
  const { organization, access } = parseConfiguration(raw, new Date());
  return {
    organizationConfigured: organization !== undefined,
    exchangeRoles: (access.exchangeRoles ?? []).length > 0,
    furtherOwners: (access.owners ?? []).length > 0,
    certificates: (access.certificates ?? []).length > 0,
  };
}

function textsIn(configuration: ConfigMap): Record<string, string> {
  return Object.fromEntries(Object.entries(configuration).map(([key, { value }]) => [key, value]));
}

/** The environment of the engine and its plugins. */
export function environmentOf(stack: ReadableStack): Environment {
  return { ...process.env, ...stack.environment };
}

const ownedTypes: Readonly<Record<string, OwnedObject["kind"]>> = {
  [types.application]: "application",
  [types.servicePrincipal]: "service principal",
};

/** The objects the stack has made already, also when an update broke off halfway. */
async function objectsOf(stack: ReadableStack): Promise<OwnedObject[]> {
  const { resources, deleted } = viewOfState((await stack.exportStack()).deployment);
  return [...resources, ...deleted].flatMap(({ type, outputs }) => {
    const [kind, objectId] = [ownedTypes[type], textOf(outputs.objectId)];
    return kind !== undefined && objectId !== undefined ? [{ kind, objectId }] : [];
  });
}
