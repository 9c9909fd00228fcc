/**
 * Policies for consent, classified permissions, directory extensions, actions of roles, and how users
 * authenticate: what a new tenant has, and what is written of it.
 *
 * Does not prove that Microsoft's built-in policies hold exactly these conditions.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { Graph, makeApp, microsoft, resourceId } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({
  users: [{ userPrincipalName: "ada@contoso.onmicrosoft.com", displayName: "Ada" }],
  deployer: {
    permissions: [
      "Application.ReadWrite.All",
      "AuditLog.Read.All",
      "Directory.ReadWrite.All",
      "Organization.ReadWrite.All",
      "Policy.Read.All",
      "Policy.ReadWrite.AuthenticationMethod",
      "Policy.ReadWrite.PermissionGrant",
      "RoleManagement.ReadWrite.Directory",
      "User.Invite.All",
      "UserAuthenticationMethod.Read.All",
    ],
  },
});
const policies = "/policies/permissionGrantPolicies";
const userRead = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";
let graph: Graph;
beforeEach(async () => {
  graph = await Graph.connect(context);
});

const statusOf = async (method: string, path: string, body?: unknown) =>
  (await graph.call(method, path, body)).status;

describe("policies for consent", () => {
  it("are built in as the page shows one, and those cannot be changed", async () => {
    const low = await graph.must("GET", `${policies}/microsoft-user-default-low`);
    expect(low).toMatchObject({
      displayName: "Default User Low Risk Policy",
      includes: [
        {
          permissionClassification: "low",
          permissionType: "delegated",
          clientApplicationTenantIds: [context.tenant.tenantId],
          clientApplicationsFromVerifiedPublisherOnly: false,
        },
        { clientApplicationsFromVerifiedPublisherOnly: true },
      ],
      excludes: [],
    });
    const path = `${policies}/${low.id}`;
    expect(await statusOf("PATCH", path, { displayName: "x" })).toBe(400);
    expect(await statusOf("DELETE", path)).toBe(400);
    expect(await statusOf("POST", `${path}/excludes`, { permissionType: "delegated" })).toBe(400);
    expect(await statusOf("DELETE", `${path}/includes/${low.includes[0].id}`)).toBe(400);
  });

  it("of one's own are made, given conditions, changed and removed", async () => {
    for (const id of ["microsoft-mine", "a b", "", undefined]) {
      expect([id, await statusOf("POST", policies, { id, displayName: "x" })]).toEqual([id, 400]);
    }
    const made = await graph.must("POST", policies, { id: "authorizationPolicy" });
    expect(made).toMatchObject({ id: "authorizationPolicy", includes: [], excludes: [] });
    expect(await statusOf("POST", policies, { id: "authorizationPolicy" })).toBe(400);
    // What a client calls its policy does not name another object.
    expect(await graph.must("GET", "/policies/authorizationPolicy")).toHaveProperty(
      "guestUserRoleId",
    );
    const path = `${policies}/${made.id}`;
    const set = await graph.must("POST", `${path}/includes`, {
      permissionType: "Application",
      clientApplicationIds: [userRead],
    });
    expect(set).toMatchObject({
      permissionType: "application",
      permissions: ["all"],
      resourceApplication: "any",
      clientApplicationIds: [userRead],
    });
    for (const wrong of ["delegatedUserConsentable", "x", undefined]) {
      const body = { permissionType: wrong };
      expect([wrong, await statusOf("POST", `${path}/excludes`, body)]).toEqual([wrong, 400]);
    }
    await graph.must("PATCH", path, { displayName: "Mine" });
    expect(await graph.must("GET", path)).toMatchObject({
      displayName: "Mine",
      includes: [{ id: set.id }],
    });
    await graph.must("DELETE", `${path}/includes/${set.id}`);
    expect((await graph.must("GET", `${path}/includes`)).value).toEqual([]);
    await graph.must("DELETE", path);
    expect(await statusOf("GET", path)).toBe(404);
  });
});

it("delegated permissions of an API are classified, each once", async () => {
  const id = await resourceId(graph, microsoft.graph);
  const path = `/servicePrincipals/${id}/delegatedPermissionClassifications`;
  const wanted = { permissionId: userRead, permissionName: "User.Read", classification: "low" };
  const made = await graph.must("POST", path, wanted);
  expect(made).toMatchObject(wanted);
  expect((await graph.must("GET", path)).value).toMatchObject([wanted]);
  expect(await statusOf("POST", path, wanted)).toBe(400);
  expect(await statusOf("POST", path, { ...wanted, classification: "none" })).toBe(400);
  expect(await statusOf("POST", path, { ...wanted, permissionId: id })).toBe(400);
  const other = await resourceId(graph, microsoft.exchange);
  const elsewhere = path.replace(id, other);
  expect((await graph.must("GET", elsewhere)).value).toEqual([]);
  expect(await statusOf("DELETE", `${elsewhere}/${made.id}`)).toBe(404);
  await graph.must("DELETE", `${path}/${made.id}`);
  expect((await graph.must("GET", path)).value).toEqual([]);
});

it("an application defines directory extensions, and the directory tells them all", async () => {
  const app = await makeApp(graph);
  const path = `/applications/${app.id}/extensionProperties`;
  const wanted = { name: "jobGroup", dataType: "String", targetObjects: ["User"] };
  const made = await graph.must("POST", path, wanted);
  const name = `extension_${app.appId.replaceAll("-", "")}_jobGroup`;
  expect(made).toMatchObject({ ...wanted, name, isMultiValued: false });
  for (const wrong of [
    wanted,
    { ...wanted, name: "a b" },
    { ...wanted, name: "b", dataType: "Text" },
    { ...wanted, name: "b", targetObjects: ["user"] },
    { ...wanted, name: "b", targetObjects: [] },
  ]) {
    expect([wrong, await statusOf("POST", path, wrong)]).toEqual([wrong, 400]);
  }
  const available = "/directoryObjects/getAvailableExtensionProperties";
  expect((await graph.must("POST", available, {})).value).toMatchObject([{ id: made.id, name }]);
  const synced = { isSyncedFromOnPremises: true };
  expect((await graph.must("POST", available, synced)).value).toEqual([]);
  expect((await graph.must("GET", path)).value).toMatchObject([{ name }]);
  await graph.must("DELETE", `${path}/${made.id}`);
  expect((await graph.must("POST", available, {})).value).toEqual([]);
});

describe("values of directory extensions", () => {
  let app: Awaited<ReturnType<typeof makeApp>>;
  beforeEach(async () => {
    app = await makeApp(graph);
  });
  const nameOf = (name: string) => `extension_${app.appId.replaceAll("-", "")}_${name}`;
  const define = (name: string, dataType: string, targetObjects: string[], isMultiValued = false) =>
    graph.must("POST", `/applications/${app.id}/extensionProperties`, {
      name,
      dataType,
      targetObjects,
      isMultiValued,
    });
  const groupBody = {
    displayName: "g",
    mailEnabled: false,
    mailNickname: "g",
    securityEnabled: true,
  };

  it.each([
    ["users", "User", undefined],
    ["groups", "Group", groupBody],
    ["applications", "Application", { displayName: "a" }],
    ["directory/administrativeUnits", "AdministrativeUnit", { displayName: "au" }],
    ["organization", "Organization", undefined],
  ])("are written, selected, filtered by and taken away on %s", async (set, target, body) => {
    await define("job", "String", [target]);
    const job = nameOf("job");
    const one =
      body === undefined
        ? (await graph.must("GET", `/${set}`)).value[0]
        : await graph.must("POST", `/${set}`, { ...body, [job]: "nightly" });
    const path = `/${set}/${one.id}`;
    await graph.must("PATCH", path, { [job]: "nightly" });
    expect(await graph.must("GET", path)).not.toHaveProperty(job);
    expect((await graph.must("GET", `/beta${path}`))[job]).toBe("nightly");
    expect((await graph.must("GET", `${path}?$select=id,${job.toUpperCase()}`))[job]).toBe(
      "nightly",
    );
    const found = await graph.must("GET", `/${set}?$filter=${job} eq 'nightly'&$select=${job}`);
    expect(found.value).toEqual([{ [job]: "nightly" }]);
    await graph.must("PATCH", path, { [job]: null });
    expect(await graph.must("GET", `${path}?$select=id,${job}`)).not.toHaveProperty(job);
  });

  it.each([
    ["Boolean", true, "true"],
    ["Integer", 2 ** 31 - 1, 2 ** 31],
    ["LargeInteger", 2 ** 40, 1.5],
    ["DateTime", "2026-11-26T10:00:00Z", "tomorrow"],
    ["Binary", "AAEC", "not base64!"],
    ["String", "x".repeat(256), "x".repeat(257)],
    ["String", "x", ["x"]],
  ])("are of type %s", async (type, right, wrong) => {
    await define("v", type, ["User"]);
    const [{ id }] = (await graph.must("GET", "/users")).value;
    const name = nameOf("v");
    await graph.must("PATCH", `/users/${id}`, { [name]: right });
    expect((await graph.must("GET", `/users/${id}?$select=${name}`))[name]).toEqual(right);
    const refused = await graph.call("PATCH", `/users/${id}`, { [name]: wrong });
    expect([refused.status, refused.body.error.details[0].target]).toEqual([400, name]);
  });

  it("are several where the definition says so, and dates are kept in UTC", async () => {
    await define("tags", "String", ["User"], true);
    await define("since", "DateTime", ["User"]);
    const [{ id }] = (await graph.must("GET", "/users")).value;
    const [tags, since] = [nameOf("tags"), nameOf("since")];
    const written = { [`${tags}@odata.type`]: "#Collection(String)", [tags]: ["a", "b"] };
    await graph.must("PATCH", `/users/${id}`, { ...written, [since]: "2026-11-26T10:00:00+02:00" });
    const filter = `${tags}/any(t:t eq 'b') and ${since} lt 2026-11-26T09:00:00Z`;
    const { value } = await graph.must("GET", `/users?$filter=${filter}&$select=${tags},${since}`);
    expect(value).toEqual([{ [tags]: ["a", "b"], [since]: "2026-11-26T08:00:00Z" }]);
    expect(await statusOf("PATCH", `/users/${id}`, { [tags]: "a" })).toBe(400);
  });

  it("are there for who expands to an object or reads lists of several types", async () => {
    await define("job", "String", ["User"]);
    const [{ id }] = (await graph.must("GET", "/users")).value;
    const job = nameOf("job");
    await graph.must("PATCH", `/users/${id}`, { [job]: "nightly" });
    const group = await graph.must("POST", "/groups", {
      ...groupBody,
      "members@odata.bind": [`https://graph.microsoft.com/v1.0/users/${id}`],
    });
    const shown = { "@odata.type": "#microsoft.graph.user", [job]: "nightly" };
    const path = `/groups/${group.id}`;
    expect((await graph.must("GET", `${path}/members?$select=${job}`)).value).toEqual([shown]);
    expect((await graph.must("GET", `${path}?$expand=members($select=${job})`)).members).toEqual([
      shown,
    ]);
  });

  it("need a definition for the type, and a service principal of its application", async () => {
    const definition = await define("job", "String", ["User"]);
    const [{ id }] = (await graph.must("GET", "/users")).value;
    const job = nameOf("job");
    const unavailable = async (path: string, name: string) => {
      const { status, body } = await graph.call("PATCH", path, { [name]: "x" });
      expect([status, body.error.message]).toEqual([
        400,
        `The following extension properties are not available: ${name}.`,
      ]);
    };
    const unknown = async () => {
      for (const query of [`$select=${job}`, `$filter=${job} eq 'x'`]) {
        const { status, body } = await graph.call("GET", `/users?${query}`);
        expect([status, body.error.message]).toEqual([
          400,
          `Property '${job}' does not exist as a declared property or extension property.`,
        ]);
      }
    };
    const group = await graph.must("POST", "/groups", groupBody);
    await unavailable(`/groups/${group.id}`, job);
    await unavailable(`/servicePrincipals/${app.servicePrincipalId}`, job);
    await unavailable(`/users/${id}`, nameOf("other"));
    await graph.must("PATCH", `/users/${id}`, { [job]: "kept" });
    await graph.must("DELETE", `/servicePrincipals/${app.servicePrincipalId}`);
    await unavailable(`/users/${id}`, job);
    await unknown();
    await graph.must("POST", "/servicePrincipals", { appId: app.appId });
    expect((await graph.must("GET", `/users/${id}?$select=${job}`))[job]).toBe("kept");
    const path = `/applications/${app.id}/extensionProperties`;
    await graph.must("DELETE", `${path}/${definition.id}`);
    await unknown();
    expect(await graph.must("GET", `/beta/users/${id}`)).not.toHaveProperty(job);
    await define("job", "String", ["User"]);
    expect((await graph.must("GET", `/users/${id}?$select=${job}`))[job]).toBe("kept");
  });
});

it("actions of roles are told by namespace, the privileged ones by a filter", async () => {
  const path = "/beta/roleManagement/directory/resourceNamespaces";
  expect((await graph.must("GET", path)).value).toContainEqual({
    id: "microsoft.directory",
    name: "microsoft.directory",
  });
  const actions = `${path}/microsoft.directory/resourceActions`;
  expect((await graph.must("GET", `${actions}?$filter=isPrivileged eq true`)).value).toContainEqual(
    {
      actionVerb: "PATCH",
      description: "Update application credentials",
      id: "microsoft.directory-applications-credentials-update-patch",
      isPrivileged: true,
      name: "microsoft.directory/applications/credentials/update",
      resourceScopeId: null,
    },
  );
  expect(await statusOf("GET", `${path}/nonsense/resourceActions`)).toBe(404);
});

it("a user has a password, a guest nothing, and the report tells who administers", async () => {
  const [ada] = (await graph.must("GET", "/users")).value;
  const { invitedUser } = await graph.must("POST", "/invitations", {
    invitedUserEmailAddress: "guest@example.org",
    inviteRedirectUrl: "https://example.org",
  });
  const methodsOf = async (id: string) =>
    (await graph.must("GET", `/users/${id}/authentication/methods`)).value;
  expect(await methodsOf(ada.id)).toMatchObject([
    { "@odata.type": "#microsoft.graph.passwordAuthenticationMethod", password: null },
  ]);
  expect(await methodsOf(invitedUser.id)).toEqual([]);
  await graph.must("POST", "/roleManagement/directory/roleAssignments", {
    principalId: ada.id,
    roleDefinitionId: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
    directoryScopeId: "/",
  });
  const report = "/reports/authenticationMethods/userRegistrationDetails";
  const asked = "$filter=IsAdmin eq true and isMfaRegistered eq false and userType eq 'member'";
  expect((await graph.must("GET", `${report}?${asked}`)).value).toMatchObject([{ id: ada.id }]);
});

it("a method of authentication is changed by itself, also in the policy", async () => {
  const path = "/policies/authenticationMethodsPolicy";
  const one = `${path}/authenticationMethodConfigurations/temporaryaccesspass`;
  const before = await graph.must("GET", one);
  expect(before).toMatchObject({ id: "TemporaryAccessPass", state: "disabled" });
  await graph.must("PATCH", one, { state: "enabled", isUsableOnce: true });
  expect(await graph.must("GET", one)).toEqual({ ...before, state: "enabled", isUsableOnce: true });
  expect(await statusOf("PATCH", one, { isAttestationEnforced: true })).toBe(400);
  const { authenticationMethodConfigurations: all } = await graph.must("GET", path);
  expect(all).toContainEqual(expect.objectContaining({ id: before.id, state: "enabled" }));
  expect(all).toContainEqual(expect.objectContaining({ id: "Fido2", state: "disabled" }));
});
