import type { SimulatorApp } from "../../http/context";
import type { JsonObject } from "../../json";
import { anyToken, writeApplications } from "../authorization";
import { requiredText } from "../body";
import { permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import { findInPath } from "../lookup";
import { propertiesByKind } from "../model/entityType";
import { presentApplication, presentServicePrincipal } from "../present";

/** The template for applications that are not in Microsoft's gallery. */
const custom = {
  id: "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",
  displayName: "Custom",
  homePageUrl: null,
  supportedSingleSignOnModes: ["saml", "password", "external"],
  supportedProvisioningTypes: ["sync"],
  logoUrl: null,
  categories: [],
  publisher: null,
  description: null,
};
/** Roles that Microsoft gives to what is made from a template. */
const templateRoles = [
  ["18d14569-c3bd-439b-9a66-3a2aee01d14f", "User"],
  ["b9632174-c057-4f7e-951b-be3adc52bfe6", "msiam_access"],
].map(([id, name]) => ({
  allowedMemberTypes: ["User"],
  description: name!,
  displayName: name!,
  id: id!,
  isEnabled: true,
  origin: "Application",
  value: null,
}));

/**
 * The gallery of applications, of which only the template for others is here.
 *
 * @see https://learn.microsoft.com/graph/api/applicationtemplate-list
 */
export const applicationTemplates: EntitySet<typeof custom> = {
  paths: ["/applicationTemplates"],
  type: {
    name: "applicationTemplate",
    ...propertiesByKind({
      text: ["description", "displayName filterable", "homePageUrl", "id", "logoUrl", "publisher"],
      texts: ["categories filterable", "supportedProvisioningTypes", "supportedSingleSignOnModes"],
    }),
  },
  read: anyToken,
  all: () => [custom],
  show: (_, template) => ({ ...template }),
};

/** @see https://learn.microsoft.com/graph/api/applicationtemplate-instantiate */
export function installTemplateRoutes(app: SimulatorApp): void {
  app.post(`${versions}/applicationTemplates/:id/instantiate`, (c) => {
    const call = permit(c, writeApplications);
    const { caller, state, tenant } = call;
    const { id } = findInPath(call, (_, key) => (key === custom.id ? custom : undefined));
    const displayName = requiredText(call.body, "displayName", "ApplicationTemplate");
    const common: JsonObject = { applicationTemplateId: id };
    // Nobody owns either, not even who may only manage what it owns.
    // @see https://github.com/microsoftgraph/msgraph-sdk-powershell/issues/829
    const application = state.addApplication(
      { properties: { ...common, displayName, appRoles: templateRoles } },
      caller.appId,
    );
    const tags = [
      "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
      "WindowsAzureActiveDirectoryIntegratedApp",
    ];
    const servicePrincipal = state.addServicePrincipal(application.appId, { ...common, tags });
    return c.json(
      {
        "@odata.context": call.context("microsoft.graph.applicationServicePrincipal"),
        application: presentApplication(tenant, application),
        servicePrincipal: presentServicePrincipal(tenant, servicePrincipal),
      },
      201,
    );
  });
}
