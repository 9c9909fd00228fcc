import type { SimulatorApp } from "../../http/context";
import type { JsonObject } from "../../json";
import type { Tenant } from "../../state/tenants";
import { authorize } from "../authorization";
import { graphErrors } from "../errors";
import { presentDomain } from "../present";
import { entity, filtered, list } from "../query";

const readDomains = [
  "Domain.Read.All",
  "Domain.ReadWrite.All",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];
const readOrganization = [
  "Organization.Read.All",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
  "Application.Read.All",
  "Application.ReadWrite.All",
  "User.Read.All",
];

/**
 * The tenant itself, its domains and its users.
 *
 * @see https://learn.microsoft.com/graph/api/resources/domain
 * @see https://learn.microsoft.com/graph/api/resources/organization
 */
export function installOrganizationRoutes(app: SimulatorApp, version: string): void {
  app.get(`/${version}/domains`, (c) => {
    const { tenant } = authorize(c, readDomains);
    const found = filtered(c, tenant.state.domains.all(), { id: ({ id }) => id });
    return list(c, "domains", found.map(presentDomain));
  });

  app.get(`/${version}/domains/:id`, (c) => {
    const { tenant } = authorize(c, readDomains);
    const id = c.req.param("id");
    const domain = tenant.state.domains.get(id);
    if (domain === undefined) {
      throw graphErrors.notFound(id);
    }
    return entity(c, "domains", presentDomain(domain));
  });

  app.get(`/${version}/organization`, (c) => {
    const { tenant } = authorize(c, readOrganization);
    return list(c, "organization", [presentOrganization(tenant)]);
  });

  app.get(`/${version}/organization/:id`, (c) => {
    const { tenant } = authorize(c, readOrganization);
    const id = c.req.param("id").toLowerCase();
    if (id !== tenant.identity.tenantId) {
      throw graphErrors.notFound(id);
    }
    return entity(c, "organization", presentOrganization(tenant));
  });

  app.get(`/${version}/users`, (c) => {
    const { tenant } = authorize(c, readUsers);
    const found = filtered(c, tenant.state.users.all(), {
      displayName: ({ displayName }) => displayName,
      userPrincipalName: ({ userPrincipalName }) => userPrincipalName,
    });
    return list(
      c,
      "users",
      found.map((user) => ({ ...user })),
    );
  });

  app.get(`/${version}/users/:id`, (c) => {
    const { tenant } = authorize(c, readUsers);
    const id = c.req.param("id");
    const user =
      tenant.state.users.get(id) ??
      tenant.state.users.all().find((one) => one.userPrincipalName === id.toLowerCase());
    if (user === undefined) {
      throw graphErrors.notFound(id);
    }
    return entity(c, "users", { ...user });
  });
}

const readUsers = ["User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];

function presentOrganization(tenant: Tenant): JsonObject {
  const { tenantId, displayName, createdDateTime } = tenant.identity;
  return {
    id: tenantId,
    deletedDateTime: null,
    countryLetterCode: null,
    createdDateTime,
    displayName,
    tenantType: "AAD",
    verifiedDomains: tenant.state.domains.all().map((domain) => ({
      capabilities: "Email, OfficeCommunicationsOnline",
      isDefault: domain.isDefault,
      isInitial: domain.isInitial,
      name: domain.id,
      type: "Managed",
    })),
  };
}
