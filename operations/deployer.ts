import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { ConfigMap } from "@pulumi/pulumi/automation";
import { type Assessment, assess, ownershipMatters } from "../microsoft/deployer/assess";
import { type Authority, findAuthority } from "../microsoft/deployer/authority";
import { chooseSignIn, type SignIn } from "../microsoft/deployer/signIn";
import { deployerOf } from "../microsoft/deployer/deployer";
import { findOwnership, type OwnedObject } from "../microsoft/deployer/ownership";
import { type ProviderSettings, readProviderSettings } from "../microsoft/deployer/settings";
import { requestDeployerToken } from "../microsoft/deployer/token";
import type { ReadableStack } from "./readableStack";
import type { StackShape } from "../microsoft/deployer/needs";
import { parseConfiguration } from "../components/configuration/parse";

/** What is known about the deployer of a stack, and how it signs in. */
export interface DeployerReport extends Assessment {
  readonly stack: string;
  /** How it signs in, for people. */
  readonly method: SignIn["method"];
  /** Base of Microsoft Graph in the stack's cloud, without a trailing slash. */
  readonly graph: string;
}

type Texts = Readonly<Record<string, string | undefined>>;

/** How a stack's deployer signs in, ready to ask for its token. */
export interface DeployerSession {
  readonly signIn: SignIn;
  readonly settings: ProviderSettings;
  readonly authority: Authority;
  readonly environment: Texts;
}

/**
 * Finds out how the azuread provider would sign in for a stack: from its configuration, and from
 * the environment that its plugins get.
 *
 * @throws {DeployerSettingsError} If the settings do not say.
 * @throws {NoAnswer} If the metadata host cannot be reached.
 */
export async function openDeployer(
  stack: ReadableStack,
  configuration?: ConfigMap,
): Promise<DeployerSession> {
  const environment = environmentOf(stack);
  const azuread = valuesOf(configuration ?? (await stack.getAllConfig()), "azuread");
  const settings = await readProviderSettings(azuread, environment);
  const signIn = chooseSignIn(settings);
  return {
    signIn,
    settings,
    authority: await findAuthority(settings, await trustedCa(environment)),
    environment,
  };
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
  const session = await openDeployer(stack, configuration);
  const { signIn, settings, authority, environment } = session;
  const token = await requestDeployerToken(signIn, settings, authority, environment);
  const deployer = deployerOf(token);
  const ownership = ownershipMatters(deployer, shape)
    ? await findOwnership(await objectsOf(stack), deployer.objectId, token, authority)
    : [];
  return {
    stack: stack.name,
    method: signIn.method,
    graph: authority.graph,
    ...assess(deployer, shape, ownership),
  };
}

/** What about the configuration decides what is needed. */
function shapeOf(configuration: ConfigMap, environment: Texts): StackShape {
  const azuread = valuesOf(configuration, "azuread");
  const values = valuesOf(configuration, "apponly");
  const secretKeys = Object.keys(values).filter((key) => configuration[`apponly:${key}`]?.secret);
  const { organization, access } = parseConfiguration(
    {
      values,
      secretKeys: new Set(secretKeys),
      // An own metadata host decides the endpoints alone; the provider then ignores `environment`.
      ...(azuread.metadataHost || environment.ARM_METADATA_HOSTNAME
        ? {}
        : { azureadEnvironment: azuread.environment || environment.ARM_ENVIRONMENT || "public" }),
    },
    new Date(),
  );
  return {
    organizationConfigured: organization !== undefined,
    furtherOwners: (access.owners ?? []).length > 0,
    certificates: (access.certificates ?? []).length > 0,
  };
}

function valuesOf(configuration: ConfigMap, namespace: string): Record<string, string> {
  const prefix = `${namespace}:`;
  return Object.fromEntries(
    Object.entries(configuration)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, { value }]) => [key.slice(prefix.length), value]),
  );
}

/** The environment of the engine and its plugins. */
function environmentOf(stack: ReadableStack): Texts {
  return { ...process.env, ...stack.environment };
}

/** Go's way to trust a further authority, which the official plugin goes by. */
async function trustedCa({ SSL_CERT_FILE }: Texts): Promise<string | undefined> {
  return SSL_CERT_FILE && existsSync(SSL_CERT_FILE) ? readFile(SSL_CERT_FILE, "utf8") : undefined;
}

const ownedTypes: Readonly<Record<string, OwnedObject["kind"]>> = {
  "azuread:index/application:Application": "application",
  "azuread:index/servicePrincipal:ServicePrincipal": "service principal",
};

interface Deployment {
  readonly resources?: readonly {
    readonly type?: string;
    readonly custom?: boolean;
    readonly delete?: boolean;
    readonly outputs?: { readonly objectId?: unknown };
  }[];
}

/** The objects the stack has made already, also when an update broke off halfway. */
async function objectsOf(stack: ReadableStack): Promise<OwnedObject[]> {
  const { resources } = (await stack.exportStack()).deployment as Deployment;
  return (resources ?? []).flatMap(({ type, custom, outputs }) => {
    const kind = ownedTypes[type ?? ""];
    const objectId = outputs?.objectId;
    return custom === true && kind !== undefined && typeof objectId === "string"
      ? [{ kind, objectId }]
      : [];
  });
}
