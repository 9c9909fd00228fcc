import type { SimulatorApp } from "../http/context";
import { installApplicationRoutes } from "./routes/applications";
import { installAppRoleAssignmentRoutes } from "./routes/appRoleAssignments";
import { installDirectoryRoleRoutes } from "./routes/directoryRoles";
import { installOrganizationRoutes } from "./routes/organization";
import { installOwnerRoutes } from "./routes/owners";
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
  }
}
