/**
 * What a deployer lacks and has in excess, from what its token says. Not proven here: that a real
 * tenant asks for exactly what Microsoft's pages name.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assess, ownershipMatters } from "../../../../microsoft/deployer/assess";
import { type Deployer, deployerOf } from "../../../../microsoft/deployer/deployer";
import {
  deployerPermissions,
  administrators,
} from "../../../../microsoft/deployer/graphPermissions";
import { needsOf } from "../../../../microsoft/deployer/needs";

import { graphAppRoles } from "../../../../simulator/seed/graphPermissions";
import { minimalDeployerPermissions } from "../../../../simulator/state/seedTenant";

const stack = { organizationConfigured: false, furtherOwners: false, certificates: false };
const least = needsOf(stack).map(({ permission }) => permission.name);

const application = (
  permissions: readonly string[],
  directoryRoles: readonly string[] = [],
): Deployer => ({
  kind: "application",
  tenantId: "tenant",
  applicationId: "client",
  objectId: "object",
  permissions,
  scopes: [],
  directoryRoles,
});

const user = (directoryRoles?: readonly string[]): Deployer => ({
  kind: "user",
  tenantId: "tenant",
  applicationId: "client",
  objectId: "object",
  permissions: [],
  scopes: ["Directory.AccessAsUser.All"],
  ...(directoryRoles === undefined ? {} : { directoryRoles }),
});

const statesOf = (deployer: Deployer, shape = stack) =>
  Object.fromEntries(
    assess(deployer, shape).needs.map(({ permission, state }) => [permission.name, state]),
  );
const excessOf = (deployer: Deployer, shape = stack) =>
  assess(deployer, shape).excess.map(({ name, why }) => `${name}: ${why}`);

describe("what a stack needs", () => {
  it("is the table of the README, and what the simulated deployer has", () => {
    const readme = readFileSync(join(__dirname, "../../../../README.md"), "utf8");
    const table = [...readme.matchAll(/^\| `([A-Z]\w+(?:\.\w+)+)` \|/gm)].map(([, name]) => name);
    expect([...least].sort()).toEqual([...table].sort());
    expect([...least].sort()).toEqual([...minimalDeployerPermissions].sort());
  });

  it("leaves domains out where the organization is configured", () => {
    expect(
      needsOf({ ...stack, organizationConfigured: true }).map(({ permission }) => permission.name),
    ).toEqual(least.filter((name) => name !== "Domain.Read.All"));
  });

  it("names each permission with the id that Microsoft Graph's service principal has", () => {
    for (const { name, id } of Object.values(deployerPermissions)) {
      expect(graphAppRoles.find(({ value }) => value === name)?.id).toBe(id);
    }
  });
});

describe("an application", () => {
  it("with the least permissions lacks nothing and has nothing in excess", () => {
    const { ok, needs, excess, possible } = assess(application(least), stack);
    expect({ ok, excess }).toEqual({ ok: true, excess: [] });
    // What only commands that read could do with.
    expect(possible.map(({ permission }) => permission)).toEqual([
      "Directory.Read.All",
      "AuditLog.Read.All",
    ]);
    expect(needs.map(({ state }) => state)).toEqual(least.map(() => "granted"));
  });

  it.each(least)("without %s lacks exactly that", (name) => {
    const deployer = application(least.filter((one) => one !== name));
    expect(assess(deployer, stack).ok).toBe(false);
    expect(statesOf(deployer)).toEqual({
      ...Object.fromEntries(least.map((one) => [one, "granted"])),
      [name]: "missing",
    });
  });

  it.each<[held: string, covers: string[], missing: string[]]>([
    [
      "Application.ReadWrite.All",
      ["Application.ReadWrite.OwnedBy", "Application.Read.All"],
      ["AppRoleAssignment.ReadWrite.All", "RoleManagement.ReadWrite.Directory", "Domain.Read.All"],
    ],
    [
      "Directory.Read.All",
      ["Application.Read.All", "Domain.Read.All"],
      [
        "Application.ReadWrite.OwnedBy",
        "AppRoleAssignment.ReadWrite.All",
        "RoleManagement.ReadWrite.Directory",
      ],
    ],
    [
      "Directory.ReadWrite.All",
      ["Application.Read.All", "Domain.Read.All"],
      [
        "Application.ReadWrite.OwnedBy",
        "AppRoleAssignment.ReadWrite.All",
        "RoleManagement.ReadWrite.Directory",
      ],
    ],
    [
      "Domain.ReadWrite.All",
      ["Domain.Read.All"],
      [
        "Application.ReadWrite.OwnedBy",
        "Application.Read.All",
        "AppRoleAssignment.ReadWrite.All",
        "RoleManagement.ReadWrite.Directory",
      ],
    ],
    ["User.Read.All", [], least],
  ])("with only %s is covered for %j", (held, covers, missing) => {
    expect(statesOf(application([held]))).toEqual({
      ...Object.fromEntries(covers.map((name) => [name, "covered"])),
      ...Object.fromEntries(missing.map((name) => [name, "missing"])),
    });
  });

  it("is told what is more than needed, and what would do", () => {
    const wide = ["Application.ReadWrite.All", "Directory.ReadWrite.All", "User.Read.All"];
    expect(excessOf(application([...least, ...wide]))).toEqual([
      "Application.ReadWrite.All: more than Application.ReadWrite.OwnedBy and Application.Read.All, which are enough",
      "Directory.ReadWrite.All: more than Application.Read.All and Domain.Read.All, which are enough",
      "User.Read.All: nothing in this stack needs it",
    ]);
    expect(assess(application([...least, ...wide]), stack).ok).toBe(true);
  });

  it("has Domain.Read.All in excess where the organization is configured", () => {
    const configured = { ...stack, organizationConfigured: true };
    expect(excessOf(application(least), configured)).toEqual([
      "Domain.Read.All: nothing in this stack needs it",
    ]);
  });

  it("may do by a directory role what it has no permission for, and that is too much", () => {
    const deployer = application([], [administrators.global.id]);
    expect(new Set(Object.values(statesOf(deployer)))).toEqual(new Set(["covered"]));
    expect(excessOf(deployer)).toEqual([
      "Global Administrator: more than the permissions above, which are enough",
    ]);
  });

  it("has a directory role that nothing needs in excess, by its id where it is unknown", () => {
    expect(excessOf(application(least, ["29232cdf-9323-42fd-ade2-1d097af3e4de"]))).toEqual([
      "29232cdf-9323-42fd-ade2-1d097af3e4de: nothing in this stack needs it",
    ]);
  });

  it("that does not own what it has made is not enough, and one that cannot be read is not a fault", () => {
    const object = { kind: "application", objectId: "app" } as const;
    const okWith = (state: "owner" | "not owner" | "absent" | "unknown") =>
      assess(application(least), stack, [{ ...object, state }]).ok;
    expect([okWith("owner"), okWith("not owner"), okWith("absent"), okWith("unknown")]).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it("has to own its objects only where it may write nothing else", () => {
    const matters = (deployer: Deployer) => ownershipMatters(deployer, stack);
    expect(matters(application(least))).toBe(true);
    expect(matters(application([...least, "Application.ReadWrite.All"]))).toBe(false);
    expect(matters(application(["Application.ReadWrite.All"]))).toBe(false);
    expect(matters(application(least, [administrators.cloudApplication.id]))).toBe(false);
    expect(matters(application([]))).toBe(false);
    expect(matters(user([administrators.global.id]))).toBe(false);
  });

  it("is told what further owners may need, and that is not in excess then", () => {
    const shape = { ...stack, furtherOwners: true };
    expect(assess(application(least), shape)).toMatchObject({
      ok: true,
      possible: [
        { permission: "Directory.Read.All", reason: expect.stringContaining("owner") as string },
        { permission: "AuditLog.Read.All" },
      ],
    });
    const held = assess(application([...least, "Directory.Read.All"]), shape);
    expect(held).toMatchObject({
      ok: true,
      possible: [{ permission: "AuditLog.Read.All" }],
      excess: [],
    });
  });
});

test("reading policies is optional where there are certificates, and not in excess then", () => {
  const shape = { ...stack, certificates: true };
  expect(assess(application(least), shape)).toMatchObject({
    ok: true,
    possible: [
      { permission: "Policy.Read.All" },
      { permission: "Directory.Read.All" },
      { permission: "AuditLog.Read.All" },
    ],
  });
  const held = application([...least, "Policy.Read.All"]);
  expect(assess(held, shape)).toMatchObject({
    ok: true,
    possible: [{ permission: "Directory.Read.All" }, { permission: "AuditLog.Read.All" }],
    excess: [],
  });
  expect(excessOf(held)).toEqual(["Policy.Read.All: nothing in this stack needs it"]);
});

describe("a user", () => {
  const { global, privilegedRole, cloudApplication, application: applications } = administrators;

  it.each([
    [[global.id]],
    [[privilegedRole.id, cloudApplication.id]],
    [[privilegedRole.id, applications.id]],
  ])("with the directory roles %j may do everything", (roles) => {
    const { ok, needs } = assess(user(roles), stack);
    expect(ok).toBe(true);
    expect(new Set(needs.map(({ state }) => state))).toEqual(new Set(["covered"]));
  });

  it("who is Global Administrator is told which roles are enough", () => {
    expect(excessOf(user([global.id]))).toEqual([
      "Global Administrator: more than Privileged Role Administrator with Cloud Application Administrator, which is enough",
    ]);
    expect(excessOf(user([privilegedRole.id, "29232cdf-9323-42fd-ade2-1d097af3e4de"]))).toEqual([]);
  });

  it("who manages only applications cannot assign directory roles", () => {
    expect(statesOf(user([cloudApplication.id]))).toMatchObject({
      "AppRoleAssignment.ReadWrite.All": "covered",
      "RoleManagement.ReadWrite.Directory": "missing",
    });
    expect(assess(user([cloudApplication.id]), stack).ok).toBe(false);
  });

  it("whose token names no directory roles is not judged", () => {
    const { ok, needs } = assess(user(), stack);
    expect(ok).toBe(true);
    expect(needs.filter(({ state }) => state === "unknown")).toHaveLength(3);
  });

  it("without any role is told which are missing, and what the tenant decides", () => {
    expect(statesOf(user([]))).toEqual({
      "Application.ReadWrite.OwnedBy": "unknown",
      "Application.Read.All": "covered",
      "AppRoleAssignment.ReadWrite.All": "missing",
      "RoleManagement.ReadWrite.Directory": "missing",
      "Domain.Read.All": "covered",
    });
  });
});

describe("a token", () => {
  const tokenOf = (claims: object) =>
    `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;

  it("of an application is read by its roles, without those that everybody has", () => {
    const token = tokenOf({
      idtyp: "app",
      tid: "tenant",
      appid: "client",
      oid: "object",
      roles: ["B", "A", "A"],
      wids: ["0997a1d0-0d1d-4acb-b408-d5ca73121e90", administrators.global.id],
    });
    expect(deployerOf(token)).toEqual({
      ...application(["A", "B"], [administrators.global.id]),
    });
  });

  it.each([
    [{ app_displayname: "Rollout" }, "Rollout"],
    [{ idtyp: "user", app_displayname: "Azure CLI", upn: "ada@contoso.org" }, "ada@contoso.org"],
    [{ scp: "User.Read", unique_name: "ada@contoso.org" }, "ada@contoso.org"],
    [{ scp: "User.Read", app_displayname: "Azure CLI" }, undefined],
    [{}, undefined],
  ])("tells whose name people know: %j", (claims, name) => {
    expect(deployerOf(tokenOf({ oid: "object", ...claims })).name).toBe(name);
  });

  it("of a user is read by scopes and directory roles; its roles are not permissions of the app", () => {
    const token = tokenOf({
      tid: "tenant",
      appid: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
      oid: "object",
      scp: "Application.ReadWrite.All Directory.AccessAsUser.All",
      roles: ["Application.ReadWrite.All"],
      wids: ["b79fbf4d-3ef9-4689-8143-76b194e85509"],
    });
    expect(deployerOf(token)).toMatchObject({
      kind: "user",
      permissions: [],
      scopes: ["Application.ReadWrite.All", "Directory.AccessAsUser.All"],
      directoryRoles: [],
    });
  });

  it("that is not valid says nothing, and everything is missing", () => {
    const deployer = deployerOf("not a token");
    expect(deployer).toMatchObject({ kind: "application", permissions: [] });
    expect(deployer).not.toHaveProperty("directoryRoles");
    expect(assess(deployer, stack).ok).toBe(false);
  });
});
