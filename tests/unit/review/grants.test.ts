/** What an application is given: requested permissions, consents and directory roles, with their risk. */
import { readPreviewDocument } from "../../../review/input/previewDocument";
import { review } from "../../../review/review";
import {
  access,
  application,
  applicationUpdate,
  azuread,
  exchangeOnline,
  manageAsApp,
  microsoftGraph,
  previewOf,
  principalObjectId,
  type ResourceOf,
  unknownText,
  urnOf,
} from "./previews";

const changesOf = (...resources: ResourceOf[]) => review(previewOf(...resources)).changes;
const resourceObjectId = "66666666-6666-4666-8666-666666666666";
const servicePrincipal = (): ResourceOf => {
  const side = {
    id: `/servicePrincipals/${principalObjectId}`,
    inputs: { clientId: "33333333-3333-4333-8333-333333333333" },
    outputs: { objectId: principalObjectId },
  };
  return { op: "same", type: azuread("ServicePrincipal"), name: "sp", old: side, new: side };
};

describe("permissions that a registration asks for", () => {
  const exchange = access(exchangeOnline, manageAsApp);
  const role = "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8";

  test("a permission that comes and one that goes", () => {
    const before = { requiredResourceAccesses: [exchange] };
    const after = { requiredResourceAccesses: [access(microsoftGraph, role)] };
    expect(changesOf(applicationUpdate(before, after))).toMatchObject([
      {
        kind: "application-permission",
        action: "add",
        subject: "RoleManagement.ReadWrite.Directory of Microsoft Graph",
        target: "ExO PowerShell CBA",
        risk: "critical",
      },
      {
        kind: "application-permission",
        action: "remove",
        subject: "Exchange.ManageAsApp of Office 365 Exchange Online",
        risk: "low",
      },
    ]);
  });

  test("another order is counted, and no permission change", () => {
    const mail = access(microsoftGraph, "810c84a8-4a9e-49e6-bf7d-12d183f40d01");
    const reordered = applicationUpdate(
      { requiredResourceAccesses: [exchange, mail] },
      { requiredResourceAccesses: [mail, exchange] },
      ["requiredResourceAccesses"],
    );
    const { changes, rest } = review(previewOf(reordered));
    expect(changes).toEqual([]);
    expect(rest).toEqual({ update: 1 });
  });

  test("an id that is in no table, also Graph's under another resource, is high", () => {
    const unknownRole = "99999999-9999-4999-8999-999999999999";
    const accesses = [access(microsoftGraph, unknownRole), access(exchangeOnline, role)];
    expect(changesOf(applicationUpdate({}, { requiredResourceAccesses: accesses }))).toMatchObject([
      { subject: `${unknownRole} of Microsoft Graph`, risk: "high" },
      { subject: `${role} of Office 365 Exchange Online`, risk: "high" },
    ]);
  });

  test("delegated permissions: those of any sign-in are low, others high", () => {
    const scopes = ["e1fe6dd8-ba31-4d61-89e7-88639da4683d", "99999999-9999-4999-8999-999999999999"];
    const resourceAccesses = scopes.map((id) => ({ id, type: "Scope" }));
    const after = {
      requiredResourceAccesses: [{ resourceAppId: microsoftGraph, resourceAccesses }],
    };
    expect(
      changesOf(applicationUpdate({}, after)).map(({ subject, risk }) => [risk, subject]),
    ).toEqual([
      ["high", "delegated 99999999-9999-4999-8999-999999999999 of Microsoft Graph"],
      ["low", "delegated User.Read of Microsoft Graph"],
    ]);
  });

  test("an unknown type is judged as the stronger kind", () => {
    const accesses = [
      { resourceAppId: microsoftGraph, resourceAccesses: [{ id: role, type: "role" }] },
    ];
    expect(changesOf(applicationUpdate({}, { requiredResourceAccesses: accesses }))[0]?.risk).toBe(
      "critical",
    );
  });

  test("what somebody added by hand and the update takes away is shown", () => {
    const inputs = { requiredResourceAccesses: [exchange] };
    const drifted = applicationUpdate(inputs, inputs, ["requiredResourceAccesses"]);
    const outputs = { requiredResourceAccesses: [exchange, access(microsoftGraph, role)] };
    const changes = changesOf({ ...drifted, old: { ...drifted.old, outputs } });
    expect(changes).toMatchObject([
      { action: "remove", subject: "RoleManagement.ReadWrite.Directory of Microsoft Graph" },
    ]);
  });

  test("one resource application as a resource of its own", () => {
    const inputs = {
      applicationId: unknownText,
      apiClientId: exchangeOnline,
      roleIds: [manageAsApp],
    };
    expect(
      changesOf(application(), {
        op: "create",
        type: azuread("ApplicationApiAccess"),
        name: "api",
        new: { inputs },
      }),
    ).toMatchObject([
      { kind: "application-permission", target: "ExO PowerShell CBA", risk: "high" },
    ]);
  });
});

describe("admin consents", () => {
  const consent = (
    op: string,
    appRoleId: string,
    more: Record<string, unknown> = {},
  ): ResourceOf => {
    const side = {
      inputs: { appRoleId, principalObjectId, resourceObjectId, ...more },
    };
    return {
      op,
      type: azuread("AppRoleAssignment"),
      name: "consent",
      ...(op === "create" ? {} : { old: side }),
      ...(op === "delete" ? {} : { new: side }),
    };
  };

  test("the principal is named by its application", () => {
    expect(
      changesOf(application(), servicePrincipal(), consent("create", manageAsApp)),
    ).toMatchObject([
      {
        kind: "admin-consent",
        action: "add",
        subject: "Exchange.ManageAsApp of Office 365 Exchange Online",
        target: "ExO PowerShell CBA",
        risk: "high",
      },
    ]);
  });

  test("a consent taken away is low, an unknown one high", () => {
    expect(changesOf(consent("delete", manageAsApp))[0]).toMatchObject({
      action: "remove",
      risk: "low",
    });
    expect(changesOf(consent("create", unknownText))[0]).toMatchObject({ risk: "high" });
    expect(changesOf(consent("create", "77777777-7777-4777-8777-777777777777"))[0]).toMatchObject({
      risk: "high",
      subject: `77777777-7777-4777-8777-777777777777 of ${resourceObjectId}`,
    });
  });

  test("the id of a mild permission on a resource of somebody's own is not taken for the mild one", () => {
    const mild = "498476ce-e0fe-48b0-b801-37ba7e2685c6";
    const api: ResourceOf = {
      op: "same",
      type: azuread("ServicePrincipal"),
      name: "api",
      old: {
        inputs: { clientId: "55555555-5555-4555-8555-555555555555" },
        outputs: { objectId: resourceObjectId },
      },
      new: {
        inputs: { clientId: "55555555-5555-4555-8555-555555555555" },
        outputs: { objectId: resourceObjectId },
      },
    };
    expect(changesOf(api, consent("create", mild))[0]).toMatchObject({ risk: "high" });
    const named = { ...consent("create", mild) };
    const outputs = { resourceDisplayName: "Our own API" };
    expect(changesOf({ ...named, new: { ...named.new, outputs } })[0]).toMatchObject({
      subject: `${mild} of Our own API`,
      risk: "high",
    });
    // Without any sign of the resource it is known by its id, but not as mild as it says.
    expect(changesOf(consent("create", mild))[0]).toMatchObject({
      subject: "Organization.Read.All of Microsoft Graph",
      risk: "medium",
    });
  });

  test("an assignment without an app role grants no permission", () => {
    expect(changesOf(consent("create", "00000000-0000-0000-0000-000000000000"))[0]).toMatchObject({
      risk: "low",
    });
  });

  test("delegated grants are compared as sets", () => {
    const grant = (op: string, before: string[], after: string[]): ResourceOf => ({
      op,
      type: azuread("ServicePrincipalDelegatedPermissionGrant"),
      name: "grant",
      old: { inputs: { claimValues: before } },
      new: { inputs: { claimValues: after } },
    });
    expect(
      changesOf(grant("update", ["openid", "Mail.Read"], ["Mail.Send", "openid"])).map(
        ({ action, subject, risk }) => [action, subject, risk],
      ),
    ).toEqual([
      ["add", "delegated Mail.Send", "high"],
      ["remove", "delegated Mail.Read", "low"],
    ]);
    expect(changesOf(grant("replace", ["openid"], ["openid"]))).toMatchObject([
      { action: "replace", subject: "delegated openid" },
    ]);
  });
});

describe("directory roles", () => {
  const assignment = (roleId: unknown, more: Record<string, unknown> = {}): ResourceOf => ({
    op: "create",
    type: azuread("DirectoryRoleAssignment"),
    name: "role",
    new: { inputs: { roleId, principalObjectId, ...more } },
  });

  test.each([
    ["62e90394-69f5-4237-9190-012177145e10", "Global Administrator", "critical"],
    ["62E90394-69F5-4237-9190-012177145E10", "Global Administrator", "critical"],
    ["9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "Application Administrator", "critical"],
    ["29232cdf-9323-42fd-ade2-1d097af3e4de", "Exchange Administrator", "high"],
    ["f2ef992c-3afb-46b9-b7cf-a126ee74c451", "Global Reader", "medium"],
    ["31392ffb-586c-42d1-9346-e59415a2cc4e", "Exchange Recipient Administrator", "medium"],
    ["4a5d8f65-41da-4de4-8968-e035b65339cf", "Reports Reader", "low"],
    ["12345678-0000-4000-8000-000000000000", "12345678-0000-4000-8000-000000000000", "high"],
  ])("%s is %s, %s", (roleId, subject, risk) => {
    expect(changesOf(assignment(roleId))).toMatchObject([
      { kind: "directory-role", subject, risk },
    ]);
  });

  test("a role that only the update decides is high", () => {
    expect(changesOf(assignment(unknownText))).toMatchObject([
      { risk: "high", subject: "a directory role known after the update" },
    ]);
  });

  test("an administrative unit is named", () => {
    const directoryScopeId = "/administrativeUnits/44444444-4444-4444-8444-444444444444";
    const roleId = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
    expect(changesOf(assignment(roleId, { directoryScopeId }))[0]?.subject).toBe(
      `Helpdesk Administrator within ${directoryScopeId}`,
    );
  });

  test("a role for one is exchanged for another", () => {
    const [before, after] = [
      "31392ffb-586c-42d1-9346-e59415a2cc4e",
      "62e90394-69f5-4237-9190-012177145e10",
    ].map((roleId) => ({ inputs: { roleId, principalObjectId } }));
    const replaced: ResourceOf = {
      op: "replace",
      type: azuread("DirectoryRoleAssignment"),
      name: "role",
      ...(before ? { old: before } : {}),
      ...(after ? { new: after } : {}),
    };
    const { changes, replacements } = review(previewOf(replaced));
    expect(changes).toMatchObject([
      {
        action: "replace",
        before: { text: "Exchange Recipient Administrator" },
        after: { text: "Global Administrator" },
        risk: "critical",
      },
    ]);
    expect(replacements).toHaveLength(1);
  });

  test("members and eligibility; an activated role is known by the stack's own resource", () => {
    const activated = {
      inputs: { displayName: "Global Administrator" },
      outputs: { objectId: "role-object" },
    };
    const changes = changesOf(
      { op: "same", type: azuread("DirectoryRole"), name: "ga", old: activated, new: activated },
      {
        op: "create",
        type: azuread("DirectoryRoleMember"),
        name: "member",
        new: { inputs: { roleObjectId: "role-object", memberObjectId: principalObjectId } },
      },
      {
        op: "create",
        type: azuread("DirectoryRoleEligibilityScheduleRequest"),
        name: "eligible",
        new: {
          inputs: {
            roleDefinitionId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
            principalId: principalObjectId,
          },
        },
      },
    );
    expect(changes.map(({ subject, risk }) => [subject, risk])).toEqual([
      ["Global Administrator", "critical"],
      ["eligible for Exchange Administrator", "high"],
    ]);
  });

  test("a role taken away is low; custom roles are high; activation by itself is harmless", () => {
    const inputs = { roleId: "62e90394-69f5-4237-9190-012177145e10", principalObjectId };
    const type = azuread("DirectoryRoleAssignment");
    expect(changesOf({ op: "delete", type, name: "role", old: { inputs } })).toMatchObject([
      { action: "remove", subject: "Global Administrator", risk: "low" },
    ]);
    const custom = {
      inputs: { displayName: "Ours", permissions: [{ allowedResourceActions: ["*"] }] },
    };
    expect(
      changesOf({ op: "create", type: azuread("CustomDirectoryRole"), name: "c", new: custom }),
    ).toMatchObject([{ risk: "high", subject: "custom role Ours" }]);
    const active = { inputs: { displayName: "Global Administrator" } };
    expect(
      changesOf({ op: "create", type: azuread("DirectoryRole"), name: "d", new: active }),
    ).toMatchObject([{ risk: "info" }]);
  });

  test("in a document, an unknown role is resolved through the resource it comes from", () => {
    const source = urnOf(azuread("DirectoryRole"), "ga");
    const { type, name } = assignment(unknownText);
    const preview = readPreviewDocument({
      steps: [
        {
          op: "create",
          urn: source,
          newState: { inputs: { displayName: "Global Administrator" } },
        },
        {
          op: "create",
          urn: urnOf(type, name),
          newState: {
            inputs: { roleId: unknownText },
            propertyDependencies: { roleId: [source] },
          },
        },
      ],
      changeSummary: { create: 2 },
    });
    expect(review(preview).changes[0]).toMatchObject({
      subject: "Global Administrator",
      risk: "critical",
    });
  });
});

test("after a rename the application's current name is shown, not the one the state still has", () => {
  const renamed = application({
    old: { ...application().old, inputs: { displayName: "Mailbox reports" } },
    new: { ...application().new, inputs: { displayName: "Mailbox reports" } },
  });
  const stale = servicePrincipal();
  const side = { ...stale.new, outputs: { objectId: principalObjectId, displayName: "Old name" } };
  const role: ResourceOf = {
    op: "create",
    type: azuread("DirectoryRoleAssignment"),
    name: "role",
    new: { inputs: { principalObjectId, roleId: "29232cdf-9323-42fd-ade2-1d097af3e4de" } },
  };
  expect(changesOf(renamed, { ...stale, old: side, new: side }, role)).toMatchObject([
    { kind: "directory-role", action: "add", target: "Mailbox reports" },
  ]);
});

test("what the engine says of the machine is not among the warnings of the review", () => {
  const preview = previewOf(application());
  const noise = "using pulumi-resource-azuread from $PATH at /opt/plugins/pulumi-resource-azuread";
  const diagnostics = [
    { severity: "warning" as const, message: noise },
    { severity: "warning" as const, message: "the role is deprecated" },
  ];
  expect(review({ ...preview, diagnostics }).warnings).toEqual(
    expect.arrayContaining(["the role is deprecated"]),
  );
  expect(review({ ...preview, diagnostics }).warnings.join()).not.toContain("$PATH");
});
