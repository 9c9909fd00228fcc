import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Client } from "@microsoft/microsoft-graph-client";
import { graphClient } from "../graph/client";
import { type Authority, findAuthority } from "./authority";
import { readProviderSettings } from "./settings";
import { chooseSignIn, type SignIn } from "./signIn";
import { requestDeployerToken } from "./token";
import type { Environment } from "../../system/environment";

/** A token of Microsoft Graph holds for an hour at least; asked for again long before. */
const reusedForMs = 30 * 60_000;

/** Whoever deploys a stack, as the azuread provider signs in. */
export interface DeployerSession {
  /** How it signs in, for people. */
  readonly method: SignIn["method"];
  readonly authority: Authority;
  /**
   * Its access token for Microsoft Graph: never printed. Asked for when it is first wanted, and one
   * that was refused is not asked for again at once.
   *
   * @throws {DeployerSettingsError} If a setting is at fault.
   * @throws {TokenRefused} If the tenant refuses the deployer.
   * @throws {NoAnswer} If the tenant cannot be reached.
   */
  token(): Promise<string>;
  /** Microsoft Graph with that token. `onRequest` is told of each request before it is sent. */
  graph(onRequest?: () => void): Promise<Client>;
  /**
   * Its access token for another resource, such as `https://outlook.office365.com`: never printed.
   *
   * @param fresh Whether one that is at hand is not to be used: it has the grants of its moment.
   */
  tokenFor(resource: string, fresh?: boolean): Promise<string>;
}

/**
 * Becomes the deployer of a stack, the one way there is. No token is requested yet.
 *
 * @param configuration Values of the namespace `azuread`, by key without it.
 * @param environment Where the provider looks for what is not configured.
 * @throws {DeployerSettingsError} If the settings do not say how the deployer signs in.
 * @throws {NoAnswer} If the metadata host cannot be reached.
 * @example const graph = await (await connectDeployer({}, process.env)).graph();
 */
export async function connectDeployer(
  configuration: Readonly<Record<string, string | undefined>>,
  environment: Environment,
): Promise<DeployerSession> {
  const settings = await readProviderSettings(configuration, environment);
  const signIn = chooseSignIn(settings);
  const authority = await findAuthority(settings, await trustedAuthority(environment));
  const asked = new Map<string, { readonly at: number; readonly token: Promise<string> }>();
  const tokenFor = (resource: string, fresh = false): Promise<string> => {
    const known = asked.get(resource);
    if (!fresh && known !== undefined && Date.now() - known.at <= reusedForMs) {
      return known.token;
    }
    const token = requestDeployerToken(signIn, settings, authority, environment, resource);
    asked.set(resource, { at: Date.now(), token });
    return token;
  };
  const token = () => tokenFor(authority.graph);
  return {
    method: signIn.method,
    authority,
    token,
    tokenFor,
    graph: async (onRequest) => graphClient(authority, await token(), onRequest),
  };
}

/** Go's way to trust a further authority, which the official plugin goes by. */
async function trustedAuthority({ SSL_CERT_FILE }: Environment): Promise<string | undefined> {
  return SSL_CERT_FILE && existsSync(SSL_CERT_FILE) ? readFile(SSL_CERT_FILE, "utf8") : undefined;
}
