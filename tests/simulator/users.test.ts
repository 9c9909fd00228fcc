/** Users, their managers, and guests that are invited. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { Graph } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({
  users: [{ userPrincipalName: "ada@contoso.onmicrosoft.com", displayName: "Ada" }],
  deployer: {
    permissions: [
      ...["User.ReadWrite.All", "User.Invite.All", "Group.ReadWrite.All"],
      ...["Organization.Read.All", "Policy.ReadWrite.AuthenticationMethod"],
      ...["UserAuthenticationMethod.ReadWrite.All", "MailboxSettings.ReadWrite"],
    ],
  },
});
let graph: Graph;
beforeEach(async () => {
  graph = await Graph.connect(context);
});

const wanted = {
  accountEnabled: true,
  displayName: "Grace",
  mailNickname: "grace",
  userPrincipalName: "grace@contoso.onmicrosoft.com",
  passwordProfile: { password: "xWwvJ]6NMw+bWH-d", forceChangePasswordNextSignIn: true },
};

describe("a user", () => {
  it("is made, read by id and name, changed and deleted", async () => {
    const made = await graph.must("POST", "/users", { ...wanted, department: "Computing" });
    expect(made).toMatchObject({ displayName: "Grace", businessPhones: [], jobTitle: null });
    expect(made).not.toHaveProperty("department");
    const path = `/users/${wanted.userPrincipalName}`;
    const all = `${path}?$select=id,department,userType,accountEnabled,passwordProfile,mailNickname`;
    expect(await graph.must("GET", all)).toMatchObject({
      id: made.id,
      department: "Computing",
      userType: "Member",
      accountEnabled: true,
      mailNickname: "grace",
    });
    await graph.must("PATCH", path, { accountEnabled: false, jobTitle: "Admiral" });
    expect(
      await graph.must("GET", `${path}?$select=accountEnabled,jobTitle,department`),
    ).toMatchObject({
      accountEnabled: false,
      jobTitle: "Admiral",
      department: "Computing",
    });
    await graph.must("DELETE", `/users/${made.id}`);
    expect((await graph.call("GET", path)).status).toBe(404);
  });

  it("keeps no password, not in the journal either", async () => {
    await graph.must("POST", "/users", wanted);
    expect(JSON.stringify(context.simulator.journal.entries())).not.toContain("xWwvJ");
    expect(JSON.stringify(await graph.must("GET", "/users?$select=passwordProfile"))).not.toContain(
      "xWwvJ",
    );
  });

  it.each([
    [{ displayName: undefined }, "displayName"],
    [{ accountEnabled: undefined }, "accountEnabled"],
    [{ passwordProfile: undefined }, "password"],
    [{ passwordProfile: { password: "Short1!" } }, "complexity requirements"],
    [{ passwordProfile: { password: "onlylowercase1" } }, "complexity requirements"],
    [{ userPrincipalName: "grace@elsewhere.example" }, "verified domain names"],
    [{ userPrincipalName: "ADA@contoso.onmicrosoft.com" }, "userPrincipalName already exists"],
    [{ nonsense: 1 }, "nonsense"],
  ])("is refused with %j", async (changed, message) => {
    const answer = await graph.call("POST", "/users", { ...wanted, ...changed });
    expect([answer.status, answer.body.error.message]).toEqual([
      400,
      expect.stringContaining(message),
    ]);
  });

  it("has a manager that can be set, expanded and taken away, and goes with that user", async () => {
    const { id } = await graph.must("POST", "/users", wanted);
    const [ada] = (await graph.must("GET", "/users?$filter=displayName eq 'Ada'")).value;
    const manager = `/users/${id}/manager`;
    expect((await graph.call("GET", manager)).status).toBe(404);
    const reference = {
      "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${ada.id}`,
    };
    await graph.must("PUT", `${manager}/$ref`, reference);
    expect(await graph.must("GET", manager)).toMatchObject({ id: ada.id, displayName: "Ada" });
    expect(await graph.must("GET", `/users/${id}?$expand=manager($select=id)`)).toMatchObject({
      manager: { id: ada.id },
    });
    await graph.must("DELETE", `${manager}/$ref`);
    expect((await graph.call("DELETE", `${manager}/$ref`)).status).toBe(404);
    const { id: gone } = await graph.must("POST", "/users", {
      ...wanted,
      userPrincipalName: "gone@contoso.onmicrosoft.com",
    });
    const target = `${context.simulator.endpoints.graph}/v1.0/users/${gone}`;
    await graph.must("PUT", `${manager}/$ref`, { "@odata.id": target });
    await graph.must("DELETE", `/users/${gone}`);
    expect((await graph.call("GET", manager)).status).toBe(404);
    await graph.must("DELETE", `${manager}/$ref`);
    expect((await graph.call("DELETE", `${manager}/$ref`)).status).toBe(404);
    await graph.must("POST", `/directory/deletedItems/${gone}/restore`);
    expect((await graph.call("GET", manager)).status).toBe(404);
    await graph.must("PUT", `${manager}/$ref`, reference);
    await graph.must("DELETE", `/users/${ada.id}`);
    expect((await graph.call("GET", manager)).status).toBe(404);
  });

  it("leaves the groups that it was a member of", async () => {
    const { id } = await graph.must("POST", "/users", wanted);
    const group = await graph.must("POST", "/groups", {
      displayName: "G",
      mailNickname: "g",
      mailEnabled: false,
      securityEnabled: true,
      "members@odata.bind": [`https://graph.microsoft.com/v1.0/users/${id}`],
    });
    await graph.must("DELETE", `/users/${id}`);
    expect((await graph.must("GET", `/groups/${group.id}/members`)).value).toEqual([]);
  });
});

describe("a deleted user", () => {
  const deleted = "/directory/deletedItems";
  const list = `${deleted}/microsoft.graph.user`;
  let id: string;
  beforeEach(async () => {
    id = (await graph.must("POST", "/users", { ...wanted, department: "Computing" })).id;
    await graph.must("DELETE", `/users/${id}`);
  });

  it("is listed, found and counted, its id before its name", async () => {
    const options = "?$select=id,userPrincipalName,deletedDateTime&$filter=displayName eq 'Grace'";
    const expected = {
      id,
      userPrincipalName: id.replaceAll("-", "") + wanted.userPrincipalName,
      deletedDateTime: expect.stringMatching(/Z$/),
    };
    expect((await graph.must("GET", list + options)).value).toEqual([expected]);
    for (const path of [
      `${deleted}/${id}`,
      `${list}/${id}`,
      `${deleted}/${id}/graph.user`,
      `${deleted}/Microsoft.Graph.User/${id}`,
    ]) {
      expect(await graph.must("GET", path)).toMatchObject({
        "@odata.type": "#microsoft.graph.user",
        userPrincipalName: expected.userPrincipalName,
      });
    }
    const eventual = { consistencylevel: "eventual" };
    expect((await graph.call("GET", `${list}/$count`, undefined, eventual)).text).toBe("1");
    expect((await graph.must("GET", `${deleted}/microsoft.graph.group`)).value).toEqual([]);
    expect((await graph.call("GET", `${deleted}/microsoft.graph.group/${id}`)).status).toBe(404);
    expect((await graph.call("GET", `${deleted}/${id}/microsoft.graph.group`)).status).toBe(404);
  });

  it("is restored with its groups, roles, manager and reports, while those are there", async () => {
    const [ada] = (await graph.must("GET", "/users?$filter=displayName eq 'Ada'")).value;
    const user = await graph.must("POST", "/users", wanted);
    const bind = (one: string) => ({
      "@odata.id": `https://graph.microsoft.com/v1.0/users/${one}`,
    });
    const groups: string[] = [];
    for (const name of ["kept", "gone"]) {
      const group = await graph.must("POST", "/groups", {
        displayName: name,
        mailEnabled: false,
        mailNickname: name,
        securityEnabled: true,
      });
      groups.push(group.id);
      await graph.must("POST", `/groups/${group.id}/members/$ref`, bind(user.id));
    }
    await graph.must("POST", `/groups/${groups[0]}/owners/$ref`, bind(user.id));
    await graph.must("PUT", `/users/${ada.id}/manager/$ref`, bind(user.id));
    await graph.must("DELETE", `/users/${user.id}`);
    await graph.must("DELETE", `/groups/${groups[1]}`);
    await graph.must("POST", `${deleted}/${user.id}/restore`);
    const namesAt = async (path: string) =>
      (await graph.must("GET", `/users/${user.id}/${path}?$select=displayName`)).value.map(
        (one: { displayName: string }) => one.displayName,
      );
    expect(await namesAt("memberOf")).toEqual(["kept"]);
    expect(await namesAt("ownedObjects")).toEqual(["kept"]);
    expect(await namesAt("directReports")).toEqual(["Ada"]);
  });

  it("is restored as it was, and no longer among the deleted", async () => {
    const restored = await graph.must("POST", `${deleted}/${id}/restore`);
    expect(restored).toMatchObject({ id, displayName: "Grace" });
    const path = `/users/${wanted.userPrincipalName}?$select=id,department`;
    expect(await graph.must("GET", path)).toMatchObject({ id, department: "Computing" });
    expect((await graph.must("GET", list)).value).toEqual([]);
  });

  it("is restored under another name where its own is taken, or not at all", async () => {
    const other = await graph.must("POST", "/users", wanted);
    const restore = (sent?: unknown) => graph.call("POST", `${deleted}/${id}/restore`, sent);
    expect([(await restore()).status, (await graph.must("GET", list)).value.length]).toEqual([
      400, 1,
    ]);
    const newUserPrincipalName = "hopper@contoso.onmicrosoft.com";
    expect((await restore({ newUserPrincipalName })).body.userPrincipalName).toBe(
      newUserPrincipalName,
    );
    expect((await graph.must("GET", `/users/${wanted.userPrincipalName}`)).id).toBe(other.id);
  });

  it("is forgotten when it is deleted again, and told of by delta until then", async () => {
    const { "@odata.deltaLink": link } = await graph.must("GET", "/users/delta?$select=id");
    await graph.must("POST", `${deleted}/${id}/restore`);
    await graph.must("DELETE", `/users/${id}`);
    await graph.must("DELETE", `${deleted}/${id}`);
    expect((await graph.call("DELETE", `${deleted}/${id}`)).status).toBe(404);
    expect((await graph.must("GET", list)).value).toEqual([]);
    const made = await graph.must("POST", "/users", wanted);
    const seen = await graph.must("GET", link.replace(/^.*\/v1\.0/, ""));
    expect(seen.value).toEqual([{ id: made.id }]);
    await graph.must("DELETE", `/users/${made.id}`);
    const removed = await graph.must("GET", seen["@odata.deltaLink"].replace(/^.*\/v1\.0/, ""));
    expect(removed.value).toEqual([{ id: made.id, "@removed": { reason: "changed" } }]);
  });
});

describe("a licence", () => {
  const skuId = "84a661c4-e949-4bd2-a560-ed7766fcaf2b";
  const ada = "/users/ada@contoso.onmicrosoft.com";
  const assign = (added: string[], removed: string[] = []) =>
    graph.call("POST", `${ada}/assignLicense`, {
      addLicenses: added.map((id) => ({ skuId: id })),
      removeLicenses: removed,
    });
  const consumed = async () =>
    (await graph.must("GET", "/subscribedSkus?$select=consumedUnits")).value[0].consumedUnits;

  it("is assigned once the user's location is known, and taken away", async () => {
    const early = await assign([skuId]);
    expect([early.status, early.body.error.message]).toEqual([
      400,
      "License assignment cannot be done for user with invalid usage location.",
    ]);
    await graph.must("PATCH", ada, { usageLocation: "DE" });
    expect((await assign([skuId.toUpperCase()])).status).toBe(200);
    expect((await assign([skuId])).status).toBe(200);
    const assigned = await graph.must("GET", `${ada}?$select=assignedLicenses`);
    expect(assigned.assignedLicenses).toEqual([{ disabledPlans: [], skuId }]);
    const details = await graph.must("GET", `${ada}/licenseDetails?$select=skuPartNumber`);
    expect(details.value).toEqual([{ skuPartNumber: "AAD_PREMIUM_P2" }]);
    expect(await consumed()).toBe(1);
    expect((await assign([], [skuId])).status).toBe(200);
    expect(await consumed()).toBe(0);
    expect((await graph.must("GET", `${ada}/licenseDetails`)).value).toEqual([]);
  });

  it("has to be one of the tenant, and one that the user has", async () => {
    await graph.must("PATCH", ada, { usageLocation: "DE" });
    const messages = [
      (await assign(["00000000-0000-4000-8000-000000000000"])).body.error.message,
      (await assign([], [skuId])).body.error.message,
      (await graph.call("POST", `${ada}/assignLicense`, {})).body.error.message,
    ];
    expect(messages).toEqual([
      expect.stringContaining("does not correspond to a valid company License"),
      "User does not have a corresponding license.",
      expect.stringContaining("removeLicenses"),
    ]);
  });
});

it("settings of a mailbox are kept and read by their parts, and a guest has none", async () => {
  const path = "/users/ada@contoso.onmicrosoft.com/mailboxSettings";
  await graph.must("PATCH", path, { automaticRepliesSetting: { status: "alwaysEnabled" } });
  expect(await graph.must("GET", `${path}/automaticRepliesSetting`)).toMatchObject({
    status: "alwaysEnabled",
    externalAudience: "all",
  });
  expect(await graph.must("GET", path)).toMatchObject({ timeZone: "UTC", userPurpose: "user" });
  const { invitedUser } = await graph.must("POST", "/invitations", {
    invitedUserEmailAddress: "guest@elsewhere.example",
    inviteRedirectUrl: "https://contoso.example",
  });
  const ofGuest = await graph.call("GET", `/users/${invitedUser.id}/mailboxSettings`);
  expect([ofGuest.status, ofGuest.body.error.code]).toEqual([404, "MailboxNotEnabledForRESTAPI"]);
});

it("how a user is asked to sign in is kept, and tells in the user where it is part of it", async () => {
  const ada = "/beta/users/ada@contoso.onmicrosoft.com";
  const path = `${ada}/authentication`;
  expect(await graph.must("GET", `${path}/requirements`)).toMatchObject({
    perUserMfaState: "disabled",
  });
  await graph.must("PATCH", `${path}/requirements`, { perUserMfaState: "enforced" });
  await graph.must("PATCH", `${path}/signInPreferences`, {
    userPreferredMethodForSecondaryAuthentication: "push",
  });
  expect(await graph.must("GET", `${path}/signInPreferences`)).toMatchObject({
    isSystemPreferredAuthenticationMethodEnabled: false,
    userPreferredMethodForSecondaryAuthentication: "push",
  });
  expect((await graph.must("GET", `${ada}?$select=perUserMfaState`)).perUserMfaState).toBe(
    "enforced",
  );
  expect(await graph.must("GET", ada)).not.toHaveProperty(
    "userPreferredMethodForSecondaryAuthentication",
  );
  expect((await graph.must("GET", `${path}/fido2Methods`)).value).toEqual([]);
  expect((await graph.call("GET", "/users/nobody/authentication/fido2Methods")).status).toBe(404);
  expect((await graph.must("POST", `${ada}/revokeSignInSessions`)).value).toBe(true);
});

it("a guest that is invited is a user at once", async () => {
  const invitation = await graph.must("POST", "/invitations", {
    invitedUserEmailAddress: "eve@fabrikam.example",
    inviteRedirectUrl: "https://portal.example",
  });
  expect(invitation).toMatchObject({ status: "PendingAcceptance", invitedUserType: "Guest" });
  const options = "$select=userPrincipalName,userType,externalUserState,creationType";
  expect(await graph.must("GET", `/users/${invitation.invitedUser.id}?${options}`)).toMatchObject({
    userPrincipalName: "eve_fabrikam.example#EXT#@contoso.onmicrosoft.com",
    userType: "Guest",
    externalUserState: "PendingAcceptance",
    creationType: "Invitation",
  });
});
