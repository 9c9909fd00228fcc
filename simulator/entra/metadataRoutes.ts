import type { SimulatorApp } from "../http/context";

/**
 * The metadata of a cloud, where the azuread provider and other tools of Azure learn the
 * addresses of the token endpoint and of Graph.
 *
 * @see https://registry.terraform.io/providers/hashicorp/azuread/latest/docs#metadata_host-1
 */
export function installMetadataRoutes(app: SimulatorApp): void {
  app.get("/metadata/endpoints", (c) => {
    const { graph, login, loginTls } = c.var.services.endpoints();
    const environment = {
      name: "ApponlySimulator",
      // No Azure Resource Manager is behind it; the provider wants the field filled.
      resourceManager: loginTls,
      portal: loginTls,
      graphAudience: graph,
      microsoftGraphResourceId: graph,
      authentication: {
        loginEndpoint: login,
        audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
        tenant: "common",
        identityProvider: "AAD",
      },
      suffixes: {},
    };
    // Older versions of the document were a list.
    return c.json(c.req.query("api-version") === "2019-05-01" ? [environment] : environment);
  });
}
