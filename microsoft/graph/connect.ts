import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Client } from "@microsoft/microsoft-graph-client";
import { chooseSignIn } from "../deployer/signIn";
import { findAuthority } from "../deployer/authority";
import { readProviderSettings } from "../deployer/settings";
import { requestDeployerToken } from "../deployer/token";
import { graphClient } from "./client";

type Texts = Readonly<Record<string, string | undefined>>;

/**
 * Opens Microsoft Graph as the azuread provider would sign in.
 *
 * @param configuration Values of the namespace `azuread`, by key without it.
 * @param environment Where the provider looks for what is not configured.
 * @throws {DeployerSettingsError} If the settings do not say how the deployer signs in.
 * @throws {TokenRefused} If the tenant refuses the deployer.
 * @throws {NoAnswer} If the tenant cannot be reached.
 * @example const graph = await connectAsDeployer({}, process.env);
 */
export async function connectAsDeployer(configuration: Texts, environment: Texts): Promise<Client> {
  const settings = await readProviderSettings(configuration, environment);
  const signIn = chooseSignIn(settings);
  const authority = await findAuthority(settings, await trustedCa(environment));
  return graphClient(
    authority,
    await requestDeployerToken(signIn, settings, authority, environment),
  );
}

/** Go's way to trust a further authority, which the official plugin goes by. */
async function trustedCa({ SSL_CERT_FILE }: Texts): Promise<string | undefined> {
  return SSL_CERT_FILE && existsSync(SSL_CERT_FILE) ? readFile(SSL_CERT_FILE, "utf8") : undefined;
}
