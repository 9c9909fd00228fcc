/** App registrations, service principals, owners, exceptions, the provider, and what has no rule. */
import type { PermissionChange } from "../../../review/documentShape";
import { permissionChangeKinds } from "../../../review/model";
import { review } from "../../../review/review";
import {
  application,
  applicationId,
  applicationUpdate,
  azuread,
  exchangeOnline,
  previewOf,
  type ResourceOf,
  unknownList,
  unknownText,
} from "./previews";

const changesOf = (...resources: ResourceOf[]) => review(previewOf(...resources)).changes;
const brief = (changes: readonly PermissionChange[]) =>
  changes.map(({ risk, kind, action, subject }) => [risk, kind, action, subject].join(" "));

describe("an app registration", () => {
  test("created, lists what it brings along and nothing that is off anyway", () => {
    const created = application({
      op: "create",
      new: {
        inputs: {
          displayName: "App",
          description: "text",
          owners: ["o1"],
          signInAudience: "AzureADMyOrg",
          fallbackPublicClientEnabled: false,
          web: { redirectUris: ["https://localhost"] },
        },
      },
    });
    expect(brief(changesOf(created))).toEqual([
      "high application add web",
      "medium owner add o1",
      "info application add App",
    ]);
  });

  test.each([
    ["displayName", "Old", "New", "low"],
    ["notes", "a", "b", "info"],
    ["web", { redirectUris: [] }, { redirectUris: ["https://evil.example"] }, "high"],
    ["fallbackPublicClientEnabled", false, true, "high"],
    ["appRoles", [], [{ value: "x" }], "medium"],
  ])("%s changes", (key, before, after, risk) => {
    expect(changesOf(applicationUpdate({ [key]: before }, { [key]: after }))).toMatchObject([
      { kind: "application", subject: key, risk },
    ]);
  });

  test("a property without a rule is high and not classified", () => {
    expect(changesOf(applicationUpdate({ somethingNew: 1 }, { somethingNew: 2 }))).toMatchObject([
      { kind: "unclassified", subject: "somethingNew", risk: "high" },
    ]);
  });

  test.each([
    ["AzureADMyOrg", "AzureADMultipleOrgs", "high"],
    [undefined, "AzureADandPersonalMicrosoftAccount", "high"],
    ["AzureADMultipleOrgs", "AzureADMyOrg", "low"],
    ["AzureADMultipleOrgs", undefined, "low"],
    ["AzureADMultipleOrgs", "PersonalMicrosoftAccount", "high"],
    ["AzureADMyOrg", unknownText, "high"],
  ])("sign-in audience %s becomes %s", (before, after, risk) => {
    expect(
      changesOf(applicationUpdate({ signInAudience: before }, { signInAudience: after })),
    ).toMatchObject([{ kind: "sign-in-audience", risk }]);
  });

  test.each([
    [undefined, "AzureADMyOrg"],
    ["AzureADMultipleOrgs", "AzureADMultipleOrgs"],
  ])("sign-in audience %s and %s are the same", (before, after) => {
    expect(
      changesOf(applicationUpdate({ signInAudience: before }, { signInAudience: after })),
    ).toEqual([]);
  });

  test("replaced, says that every pipeline must be updated", () => {
    const { changes, replacements } = review(previewOf(application({ op: "replace" })));
    expect(changes).toMatchObject([
      {
        kind: "application",
        action: "replace",
        risk: "high",
        before: { text: "33333333-3333-4333-8333-333333333333" },
        after: { state: "unknown" },
        consequence: expect.stringContaining("every pipeline that names it must be updated"),
      },
    ]);
    expect(replacements[0]?.consequence).toContain("every pipeline must be updated");
  });

  test("deleted, deleted but kept, imported, and without its protection", () => {
    expect(changesOf(application({ op: "delete" }))).toMatchObject([
      { action: "remove", risk: "high" },
    ]);
    const kept = application({
      op: "delete",
      old: { inputs: { displayName: "A" }, retainOnDelete: true },
    });
    expect(changesOf(kept)[0]?.reason).toContain("leaves it in the tenant");
    expect(changesOf(application({ op: "import" }))[0]?.reason).toContain("takes it over");
    const side = { inputs: { displayName: "A" } };
    const unprotected = application({ old: { ...side, protect: true }, new: side });
    expect(changesOf(unprotected)).toMatchObject([{ risk: "high", before: { text: "protected" } }]);
  });

  test("in the flat form of the provider, with its parts as resources", () => {
    const registration = (op: string): ResourceOf => ({
      op,
      type: azuread("ApplicationRegistration"),
      name: "reg",
      new: { inputs: { displayName: "Flat", implicitIdTokenIssuanceEnabled: true } },
    });
    const uris: ResourceOf = {
      op: "create",
      type: azuread("ApplicationRedirectUris"),
      name: "uris",
      new: { inputs: { applicationId: unknownText, type: "Web", redirectUris: ["https://x"] } },
    };
    expect(changesOf(registration("create"), uris)).toMatchObject([
      { subject: "ApplicationRedirectUris", target: "Flat", risk: "high" },
      { subject: "implicitIdTokenIssuanceEnabled", risk: "high" },
      { subject: "Flat", risk: "info" },
    ]);
  });
});

describe("owners", () => {
  test("are a set of ids", () => {
    expect(changesOf(applicationUpdate({ owners: ["a", "B"] }, { owners: ["b", "A"] }))).toEqual(
      [],
    );
    expect(brief(changesOf(applicationUpdate({ owners: ["a"] }, { owners: ["b"] })))).toEqual(
      ["low owner remove a", "high owner add b"].reverse(),
    );
  });

  test("are named where the stack or whoever reviews knows them, and keep their id", () => {
    const ada = "aaaaaaaa-0000-4000-8000-000000000001";
    const rollout = "bbbbbbbb-0000-4000-8000-000000000002";
    const user: ResourceOf = {
      op: "same",
      type: azuread("User"),
      name: "ada",
      old: { id: ada, inputs: { displayName: "Ada" }, outputs: { objectId: ada } },
      new: { id: ada, inputs: { displayName: "Ada" }, outputs: { objectId: ada } },
    };
    const owned = applicationUpdate({ owners: [] }, { owners: [ada, rollout.toUpperCase(), "c"] });
    const { changes } = review(previewOf(owned, user), {
      principals: new Map([[rollout, "Rollout"]]),
    });
    expect(changes.map(({ subject, name }) => [subject, name])).toEqual([
      [ada, "Ada"],
      [rollout, "Rollout"],
      ["c", undefined],
    ]);
    expect(brief(changes)).toEqual([
      `high owner add ${ada}`,
      `high owner add ${rollout}`,
      "high owner add c",
    ]);
  });

  test("that only the update decides are high", () => {
    expect(changesOf(applicationUpdate({ owners: ["a"] }, { owners: unknownList }))).toMatchObject([
      { risk: "high", after: { state: "unknown" } },
      { action: "remove", subject: "a" },
    ]);
    const same = { owners: unknownList };
    expect(changesOf(applicationUpdate(same, same))).toEqual([]);
  });

  test("as a resource of their own", () => {
    const owner = (op: string): ResourceOf => {
      const side = { inputs: { applicationId, ownerObjectId: "o1" } };
      return {
        op,
        type: azuread("ApplicationOwner"),
        name: "owner",
        ...(op === "create" ? {} : { old: side }),
        ...(op === "delete" ? {} : { new: side }),
      };
    };
    expect(changesOf(application(), owner("create"))).toMatchObject([
      { risk: "high", subject: "o1", target: "ExO PowerShell CBA" },
    ]);
    expect(changesOf(application(), owner("delete"))).toMatchObject([{ risk: "low" }]);
  });
});

describe("a service principal", () => {
  const principal = (
    op: string,
    inputs: Record<string, unknown>,
    before: Record<string, unknown> = inputs,
    outputs: Record<string, unknown> = {},
  ): ResourceOf => ({
    op,
    type: azuread("ServicePrincipal"),
    name: "sp",
    ...(op === "create" || op === "import" ? {} : { old: { inputs: before, outputs } }),
    ...(op === "delete" ? {} : { new: { inputs, outputs } }),
  });

  test.each(["create", "import", "update", "replace", "delete"])(
    "of Microsoft's own: %s is critical",
    (op) => {
      const changes = changesOf(principal(op, { clientId: exchangeOnline, useExisting: true }));
      expect(changes).toMatchObject([
        { kind: "service-principal", subject: "Office 365 Exchange Online", risk: "critical" },
      ]);
    },
  );

  test.each([
    ["an id of Microsoft's form", { clientId: "0000abcd-0000-0000-c000-000000000000" }, {}],
    [
      "an owner of Microsoft's",
      { clientId: "12121212-1212-4212-8212-121212121212" },
      { applicationTenantId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a" },
    ],
    ["what the provider called it before", { applicationId: exchangeOnline }, {}],
  ])("is Microsoft's own by %s", (_, inputs, outputs) => {
    expect(changesOf(principal("delete", inputs, inputs, outputs))).toMatchObject([
      { risk: "critical" },
    ]);
  });

  test("created is nothing to fear; taken over, deleted and replaced are high", () => {
    const clientId = "12121212-1212-4212-8212-121212121212";
    expect(changesOf(principal("create", { clientId }))).toMatchObject([{ risk: "info" }]);
    expect(changesOf(principal("create", { clientId, useExisting: true }))).toMatchObject([
      { risk: "high", reason: expect.stringContaining("overwrites") },
    ]);
    expect(changesOf(principal("delete", { clientId }))).toMatchObject([{ risk: "high" }]);
    expect(changesOf(principal("replace", { clientId }))).toMatchObject([
      { risk: "high", consequence: expect.stringContaining("object id changes") },
    ]);
  });

  test("switched on or off, and with properties that have no rule", () => {
    const clientId = "12121212-1212-4212-8212-121212121212";
    const after = { clientId, accountEnabled: false, loginUrl: "https://x", notes: "n" };
    expect(
      brief(changesOf(principal("update", after, { clientId, accountEnabled: true }))),
    ).toEqual([
      "high unclassified change loginUrl",
      "medium service-principal change accountEnabled",
      "info service-principal change notes",
    ]);
  });
});

describe("the component's own inputs", () => {
  const access = (before: Record<string, unknown>, after: Record<string, unknown>): ResourceOf => ({
    op: "update",
    type: "apponly:index:ExchangeAppOnly",
    name: "access",
    old: { inputs: before },
    new: { inputs: after },
  });
  const exception = (role: string, until = "2026-12-31", reason = "migration") => ({
    role,
    until,
    reason,
  });
  const changesOn = (day: string, ...resources: ResourceOf[]) =>
    review(previewOf(...resources), { now: new Date(`${day}T12:00:00Z`) }).changes;

  test("an exception that comes, is prolonged, goes", () => {
    const global = exception("Global Administrator");
    expect(changesOf(access({ exceptions: [] }, { exceptions: [global] }))).toMatchObject([
      {
        kind: "exception",
        action: "add",
        risk: "medium",
        after: { text: "until 2026-12-31: migration" },
      },
    ]);
    const longer = exception("Global Administrator", "2027-12-31");
    expect(changesOf(access({ exceptions: [global] }, { exceptions: [longer] }))).toMatchObject([
      { action: "change", risk: "medium", before: { text: "until 2026-12-31: migration" } },
    ]);
    expect(changesOf(access({ exceptions: [global] }, { exceptions: [] }))).toMatchObject([
      { action: "remove", risk: "info" },
    ]);
    expect(changesOf(access({ exceptions: [global] }, { exceptions: [{ ...global }] }))).toEqual(
      [],
    );
  });

  test("for something that is in no table, or not known yet, is high", () => {
    expect(
      changesOf(access({ exceptions: [] }, { exceptions: [exception("Made Up")] })),
    ).toMatchObject([{ risk: "high" }]);
    expect(changesOf(access({ exceptions: [] }, { exceptions: unknownList }))).toMatchObject([
      { risk: "high", after: { state: "unknown" } },
    ]);
  });

  test("says when its day has passed", () => {
    const change = access({}, { exceptions: [exception("Global Administrator", "2026-11-24")] });
    expect(changesOn("2026-11-24", change)[0]?.reason).not.toContain("passed");
    expect(changesOn("2026-11-25", change)[0]?.reason).toContain("passed");
  });

  test("pipelines get another certificate", () => {
    expect(
      changesOf(access({ activeCertificate: "2026-11" }, { activeCertificate: "2027-01" })),
    ).toMatchObject([
      {
        kind: "certificate",
        risk: "medium",
        before: { text: "2026-11" },
        after: { text: "2027-01" },
      },
    ]);
  });
});

describe("the provider", () => {
  const provider = (before: unknown, after: unknown): ResourceOf => ({
    op: "update",
    type: "pulumi:providers:azuread",
    name: "default",
    old: { inputs: { tenantId: before, version: "6.9.0" } },
    new: { inputs: { tenantId: after, version: "6.9.1" } },
  });

  test("pointed at another tenant is critical", () => {
    expect(changesOf(provider("t1", "t2"))).toMatchObject([
      { risk: "critical", before: { text: "t1" }, after: { text: "t2" } },
    ]);
    expect(changesOf(provider(undefined, "t2"))).toMatchObject([
      { risk: "critical", reason: expect.stringContaining("may work in another tenant") },
    ]);
  });

  test("of another version is not a permission change, and not a resource of the tenant", () => {
    expect(review(previewOf(provider("t1", "t1")))).toMatchObject({ changes: [], rest: {} });
  });
});

describe("what has no rule", () => {
  test.each(["create", "update", "delete", "replace"])("%s of another type is high", (op) => {
    const side = { inputs: { displayName: "G", x: 1 } };
    const group: ResourceOf = {
      op,
      type: azuread("Group"),
      name: "g",
      ...(op === "create" ? {} : { old: side }),
      ...(op === "delete" ? {} : { new: side }),
    };
    expect(changesOf(group)).toMatchObject([
      { kind: "unclassified", risk: "high", subject: "Group G" },
    ]);
  });

  test.each([
    ["an operation that is not known", { op: "transmogrify", old: {}, new: {} }],
    ["an update without its old state", { op: "update", new: { inputs: {} } }],
    ["a creation without its new state", { op: "create" }],
  ])("%s is high", (_, parts) => {
    expect(changesOf({ type: azuread("Application"), name: "app", ...parts })).toMatchObject([
      { kind: "unclassified", risk: "high", reason: expect.stringContaining("does not say what") },
    ]);
  });

  test("is never info, whatever type of the provider and whatever operation changes it", () => {
    for (const type of ["Invitation", "ConditionalAccessPolicy", "SynchronizationSecret", "Xyz"]) {
      for (const op of ["create", "update", "delete", "replace", "import", "new-op"]) {
        const side = { inputs: { a: op } };
        const found = changesOf({ op, type: azuread(type), name: "x", old: side, new: side });
        expect(found.map(({ risk }) => risk)).toEqual(["high"]);
      }
    }
  });

  test.each(["same", "read", "refresh", "discard"])("%s changes nothing", (op) => {
    const side = { inputs: {} };
    const { changes, rest } = review(
      previewOf({ op, type: azuread("Group"), name: "g", old: side, new: side }),
    );
    expect(changes).toEqual([]);
    expect(rest).toEqual({ [op]: 1 });
  });
});

test("every kind is one of the list", () => {
  expect(new Set(permissionChangeKinds).size).toBe(12);
});
