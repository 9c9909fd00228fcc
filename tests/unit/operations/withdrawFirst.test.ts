import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { childNames } from "../../../components/names";
import { rightsToWithdraw } from "../../../operations/withdrawFirst";
import { types } from "../../../policy/rules/types";

const name = childNames.role(childNames.grants("access"), "Exchange Administrator");
const right = {
  urn: `urn:pulumi:dev::apponly::${types.directoryRoleAssignment}::${name}`,
  type: types.directoryRoleAssignment,
};

/** A stack of which only the settings are there. */
function stackWith(directoryRoles: string, file = "Pulumi.dev.yaml"): Stack {
  const workDir = mkdtempSync(join(tmpdir(), "withdraw-"));
  writeFileSync(
    join(workDir, file),
    `config:
  apponly:displayName: ExO
  apponly:workloads: [exchange]
  apponly:directoryRoles: [${directoryRoles}]
  apponly:certificates:
    - name: 2026-11
      subject: contoso.org
      retireAfter: 2026-12-24
    - name: 2026-12
      subject: contoso.org
  apponly:activeCertificate: 2026-12
`,
  );
  return { name: "organization/apponly/dev", workspace: { workDir } } as unknown as Stack;
}

test.each(["Pulumi.dev.yaml", "Pulumi.dev.yml"])(
  "needs no preview where %s declares every right, also in the overlap of a rotation",
  async (file) => {
    const preview = jest.fn();
    const rights = await rightsToWithdraw(
      stackWith("Exchange Administrator", file),
      [right],
      preview,
    );
    expect(rights).toEqual({ first: [], last: [] });
    expect(preview).not.toHaveBeenCalled();
  },
);

test("withdraws first what a preview deletes of the rights that the settings do not declare", async () => {
  const metadata = { ...right, op: "delete" };
  const events = [{ resourcePreEvent: { metadata } }] as unknown as EngineEvent[];
  const stack = stackWith("Compliance Administrator");
  const rights = await rightsToWithdraw(stack, [right], () => Promise.resolve({ events }));
  expect(rights).toEqual({ first: [right.urn], last: [] });
});
