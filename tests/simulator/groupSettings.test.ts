/**
 * Settings of the tenant and of groups.
 *
 * Does not prove that Graph offers no further settings, nor the texts of what it refuses.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { Graph } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({
  deployer: { permissions: ["GroupSettings.ReadWrite.All", "Group.ReadWrite.All"] },
});
const unified = "62375ab9-6b52-47ed-826b-58e47e0e304b";
const guests = "08d542b9-071f-4e16-94b0-74abb372e3d9";
let graph: Graph;
beforeEach(async () => {
  graph = await Graph.connect(context);
});

describe("the templates", () => {
  it("are the same under both names, with types and defaults", async () => {
    const { value } = await graph.must("GET", "/groupSettingTemplates");
    expect(value.map(({ displayName }: { displayName: string }) => displayName)).toEqual(
      expect.arrayContaining([
        "Group.Unified",
        "Password Rule Settings",
        "Consent Policy Settings",
      ]),
    );
    const beta = await graph.must("GET", `/beta/directorySettingTemplates/${unified}`);
    expect(beta.values).toContainEqual(
      expect.objectContaining({
        name: "EnableGroupCreation",
        type: "System.Boolean",
        defaultValue: "true",
      }),
    );
  });
});

describe("a setting", () => {
  const values = [{ name: "EnableGroupCreation", value: "false" }];
  const valueOf = (setting: { values: { name: string; value: string }[] }, name: string) =>
    setting.values.find((one) => one.name === name)?.value;

  it("has the defaults of its template but for what was sent, and can be changed", async () => {
    const made = await graph.must("POST", "/groupSettings", { templateId: unified, values });
    expect(made).toMatchObject({ displayName: "Group.Unified", templateId: unified });
    expect([valueOf(made, "EnableGroupCreation"), valueOf(made, "AllowToAddGuests")]).toEqual([
      "false",
      "true",
    ]);
    const path = `/beta/settings/${made.id}`;
    const guestsRefused = [{ name: "AllowToAddGuests", value: "false" }];
    await graph.must("PATCH", path, { templateId: unified, values: guestsRefused });
    const changed = await graph.must("GET", path);
    expect([valueOf(changed, "EnableGroupCreation"), valueOf(changed, "AllowToAddGuests")]).toEqual(
      ["false", "false"],
    );
    expect((await graph.must("GET", "/groupSettings?$select=displayName")).value).toEqual([
      { displayName: "Group.Unified" },
    ]);
    await graph.must("DELETE", `/groupSettings/${made.id}`);
    expect((await graph.must("GET", "/beta/settings")).value).toEqual([]);
  });

  it("of a group is the group's own", async () => {
    const { id } = await graph.must("POST", "/groups", {
      displayName: "g",
      mailEnabled: false,
      mailNickname: "g",
      securityEnabled: true,
    });
    const made = await graph.must("POST", `/groups/${id}/settings`, { templateId: guests });
    expect(valueOf(made, "AllowToAddGuests")).toBe("true");
    expect((await graph.must("GET", `/groups/${id}/settings`)).value).toHaveLength(1);
    expect((await graph.must("GET", "/groupSettings")).value).toEqual([]);
  });

  it.each([
    [{ values }, "templateId"],
    [{ templateId: "00000000-0000-4000-8000-000000000000" }, "templateId"],
    [{ templateId: unified, values: [{ name: "Nope", value: "x" }] }, "values"],
    [{ templateId: unified, values: [{ name: "EnableGroupCreation", value: true }] }, "values"],
    [{ templateId: unified, values: "x" }, "values"],
  ])("is refused with %j", async (sent, named) => {
    const { status, body } = await graph.call("POST", "/groupSettings", sent);
    expect([status, body.error.message]).toEqual([400, expect.stringContaining(named)]);
    expect((await graph.must("GET", "/groupSettings")).value).toEqual([]);
  });

  it("is there once for each template, which it keeps", async () => {
    const { id } = await graph.must("POST", "/groupSettings", { templateId: unified });
    const again = await graph.call("POST", "/groupSettings", { templateId: unified });
    expect([again.status, again.body.error.message]).toEqual([
      400,
      expect.stringContaining("conflicting object"),
    ]);
    const moved = await graph.call("PATCH", `/groupSettings/${id}`, { templateId: guests });
    expect(moved.status).toBe(400);
  });
});
