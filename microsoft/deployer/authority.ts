import { cloudOfEnvironment } from "../../components/catalog/clouds";
import { parseObject, send } from "../http";
import { DeployerSettingsError } from "./settingsError";
import { type ProviderSettings } from "./settings";

/** Where the deployer's tokens are issued and where they are used. */
export interface Authority {
  /** Base of the token endpoint, without a trailing slash. */
  readonly login: string;
  /** Base of Microsoft Graph without a version, without a trailing slash. */
  readonly graph: string;
  /** Further authority that https connections trust, PEM. */
  readonly extraCaPem?: string | undefined;
}

interface Metadata {
  readonly microsoftGraphResourceId?: string;
  readonly authentication?: { readonly loginEndpoint?: string };
}

/**
 * The endpoints the azuread provider uses: those that the metadata host names, else those of the
 * environment.
 *
 * @throws {DeployerSettingsError} If the environment is unknown or the metadata is not as it should be.
 * @throws {NoAnswer} If the metadata host cannot be reached.
 * @see https://github.com/hashicorp/go-azure-sdk/blob/main/sdk/environments/from_endpoint.go
 */
export async function findAuthority(
  settings: ProviderSettings,
  extraCaPem?: string,
): Promise<Authority> {
  const { environment, metadataHost } = settings;
  if (metadataHost === "") {
    const cloud = cloudOfEnvironment(environment);
    if (cloud === undefined) {
      throw new DeployerSettingsError(
        `azuread:environment (or ARM_ENVIRONMENT) "${environment}" is not one that apponly knows. Use public, usgovernment, usgovernmentl5 or china.`,
      );
    }
    return { login: cloud.authority, graph: cloud.graph, extraCaPem };
  }
  const url = `https://${metadataHost}/metadata/endpoints?api-version=2022-09-01`;
  const { status, body } = await send(url, { method: "GET", extraCaPem });
  const metadata: Metadata | undefined =
    status === 200 ? parseObject(body.replace(/^\uFEFF/, "")) : undefined;
  const login = metadata?.authentication?.loginEndpoint;
  const graph = metadata?.microsoftGraphResourceId;
  if (!login || !graph) {
    throw new DeployerSettingsError(
      `azuread:metadataHost (or ARM_METADATA_HOSTNAME) "${metadataHost}" answered ${status} without the endpoints of a cloud.`,
    );
  }
  return { login: login.replace(/\/$/, ""), graph: graph.replace(/\/$/, ""), extraCaPem };
}
