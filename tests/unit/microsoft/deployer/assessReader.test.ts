/** What a reader of a tenant may read, by its token; and that code, pages and `doctor` say the same. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspectReader } from "../../../../cli/commands/doctor/doctor";
import {
  assessReader,
  type ReadingCommand,
  readingNeeds,
} from "../../../../microsoft/deployer/assessReader";
import type { Deployer } from "../../../../microsoft/deployer/deployer";
import { graphPermission } from "../../../../policy/rules/data/graphPermissions";
import { failureOf } from "../../../support/openedForReading";
import { recordingIo } from "../../../support/recordingIo";

const root = join(__dirname, "../../../..");
const reader = (...permissions: string[]): Deployer => ({
  kind: "application",
  tenantId: "tenant",
  applicationId: "client",
  objectId: "object",
  permissions,
  scopes: [],
});
const least = readingNeeds.map(({ permission }) => permission);

test("the least permissions are enough, and each is needed unless a wider one includes it", () => {
  expect(assessReader(reader(...least))).toMatchObject({ ok: true, excess: [] });
  for (const { permission, includedIn } of readingNeeds) {
    const others = least.filter((one) => one !== permission && !includedIn.includes(one));
    const { needs, ok } = assessReader(reader(...others));
    expect(ok).toBe(false);
    expect(needs.find((one) => one.permission === permission)?.state).toBe("missing");
    for (const wider of includedIn) {
      const covered = assessReader(reader(...others, wider)).needs;
      expect(covered.find((one) => one.permission === permission)?.state).toBe("covered");
    }
  }
});

test("a deployer reads too, and has more than reading takes", () => {
  expect(assessReader(reader(...least, "Application.ReadWrite.All")).excess).toEqual([
    "Application.ReadWrite.All",
  ]);
  const user = { ...reader(), kind: "user" as const };
  expect(assessReader(user)).toMatchObject({ ok: true });
  expect(new Set(assessReader(user).needs.map(({ state }) => state))).toEqual(new Set(["unknown"]));
});

test("every permission exists, and every one that a reader of the tenant names is in the table", () => {
  for (const { permission, includedIn } of readingNeeds) {
    for (const name of [permission, ...includedIn]) {
      expect(graphPermission(name).value).toBe(name);
    }
  }
  const folder = join(root, "microsoft/graph/tenant");
  const named = readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/permission: "([^"]+)"/g)].map(
      ([, name]) => name,
    ),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !least.includes(name ?? ""))).toEqual([]);
});

test.each([
  ["drift", "drift"],
  ["audit", "audit"],
] as const)("the page on %s has the same table", (page, command: ReadingCommand) => {
  const text = readFileSync(join(root, `docs/how-to/${page}.md`), "utf8");
  const table = [...text.matchAll(/^\| `([A-Z]\w+(?:\.\w+)+)` +\|/gm)].map(([, name]) => name);
  const wanted = readingNeeds
    .filter(({ commands }) => commands.includes(command))
    .map(({ permission }) => permission);
  expect([...table].sort()).toEqual([...wanted].sort());
});

test("doctor tells what is missing and in excess, and ends with 4 where something is", async () => {
  const payload = { roles: ["Application.Read.All", "Mail.Send"], tid: "t", appid: "a", oid: "o" };
  const encoded = Buffer.from(JSON.stringify({ ...payload, idtyp: "app" })).toString("base64url");
  const inspect = async (format: "terminal" | "json") => {
    const io = recordingIo();
    const failure = await failureOf(
      inspectReader(undefined, format, io, () =>
        Promise.resolve({ token: () => Promise.resolve(`e30.${encoded}.e30`) }),
      ),
    );
    return { failure, text: io.written() };
  };
  const { failure, text } = await inspect("terminal");
  expect(failure?.exitCode).toBe(4);
  expect(text).toMatch(/✓ Application\.Read\.All /);
  expect(text).toMatch(/✗ AuditLog\.Read\.All +missing: who changed something/);
  expect(text).toMatch(/! Mail\.Send +in excess/);
  expect(JSON.parse((await inspect("json")).text)).toMatchObject({
    version: 1,
    reader: { ok: false, excess: ["Mail.Send"] },
  });
});
