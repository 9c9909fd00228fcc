import type { SimulatorApp } from "../http/context";
import { installAdministrativeUnitRoutes } from "./routes/administrativeUnits";
import { installApplicationRoutes } from "./routes/applications";
import { installAppRoleAssignmentRoutes } from "./routes/appRoleAssignments";
import { installDeletedItemRoutes } from "./routes/deletedItems";
import { installDirectoryRoleRoutes } from "./routes/directoryRoles";
import { installFederatedCredentialRoutes } from "./routes/federatedIdentityCredentials";
import { installOrganizationRoutes } from "./routes/organization";
import { installOwnerRoutes } from "./routes/owners";
import { installPasswordRoutes } from "./routes/passwords";
import { installPolicyRoutes } from "./routes/policies";
import { installRoleManagementRoutes } from "./routes/roleManagement";
import { installServicePrincipalRoutes } from "./routes/servicePrincipals";

/** Microsoft Graph: the same routes in both versions. */
export function installGraph(app: SimulatorApp): void {
  for (const version of ["v1.0", "beta"]) {
    installOwnerRoutes(app, version);
    installApplicationRoutes(app, version);
    installAppRoleAssignmentRoutes(app, version);
    installServicePrincipalRoutes(app, version);
    installRoleManagementRoutes(app, version);
    installDirectoryRoleRoutes(app, version);
    installOrganizationRoutes(app, version);
    installFederatedCredentialRoutes(app, version);
    installPasswordRoutes(app, version);
    installDeletedItemRoutes(app, version);
    installAdministrativeUnitRoutes(app, version);
    installPolicyRoutes(app, version);
  }
}
