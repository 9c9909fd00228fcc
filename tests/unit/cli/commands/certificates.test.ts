/** What `apponly certificates` lists, removes and refuses, with a tenant that is played. */
import {
  certificatesCommand,
  describeGenerations,
  listCertificates,
} from "../../../../cli/commands/certificates";
import type { RegisteredKey, RegisteredSecret } from "../../../../microsoft/graph/applicationKeys";
import type { StackSettings } from "../../../../operations/settings";
import {
  makeGeneration,
  sampleOutputs,
  type SampleGeneration,
} from "../../../support/exportSample";
import { failureOf, openedForReading } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { documentOf } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";

const dateInDays = (days: number) => new Date(Date.now() + days * 86_400_000 + 3_600_000);
const objectId = "11111111-aaaa-4bbb-8ccc-222222222222";
const ownKey = "aaaaaaaa-0000-4000-8000-000000000001";
const otherKey = "bbbbbbbb-0000-4000-8000-000000000002";
let current: SampleGeneration;

beforeAll(() => {
  current = makeGeneration("2026-11", { notAfter: dateInDays(20) });
});

const entry = (keyId: string, thumbprint: string): RegisteredKey => ({
  keyId,
  thumbprint,
  notBefore: "2026-01-01T00:00:00Z",
  notAfter: dateInDays(20).toISOString(),
});

/** @param tenant What the application holds, or why the tenant does not answer. */
async function listed(
  line: string,
  tenant: readonly RegisteredKey[] | Error,
  federatedOnly = false,
  secrets: readonly RegisteredSecret[] = [],
  changed: Parameters<typeof recordingIo>[0] = {},
) {
  const io = recordingIo(changed);
  const removed: string[] = [];
  const ended = listCertificates(
    await parsedOptions(certificatesCommand, `--stack dev ${line}`),
    io,
    {
      openForReading: openedForReading(
        federatedOnly ? withoutCertificates : sampleOutputs([current]),
        federatedOnly
          ? []
          : [
              {
                urn: `urn:pulumi:dev::apponly::azuread:index/applicationCertificate:ApplicationCertificate::a`,
                custom: true,
                type: "azuread:index/applicationCertificate:ApplicationCertificate",
                id: `${objectId}/certificate/${ownKey}`,
              },
            ],
      ),
      openApplicationKeys: () =>
        tenant instanceof Error
          ? Promise.reject(tenant)
          : Promise.resolve({
              list: () => Promise.resolve([...tenant]),
              secrets: () => Promise.resolve([...secrets]),
              remove: (keyId) => Promise.resolve(void removed.push(keyId)),
            }),
      readSettings: () =>
        Promise.resolve({
          generations: () => (federatedOnly ? [] : [{ name: "2026-11" }, { name: "2027-05" }]),
        } as unknown as StackSettings),
    },
  );
  const failure = await failureOf(ended);
  return { out: io.written(), err: io.said(), removed, failure };
}

test("a client secret that somebody has added is named, with or without certificates", async () => {
  const secret = { keyId: otherKey, name: "debug", notAfter: "2028-01-31T00:00:00Z" };
  for (const federatedOnly of [false, true]) {
    const tenant = [entry(ownKey, current.certificate.thumbprint)];
    const { out } = await listed("", federatedOnly ? [] : tenant, federatedOnly, [secret]);
    expect(out).toContain(
      `\n  debug  until 2028-01-31  ${otherKey}  a client secret; who made it, and what removes it: apponly drift --stack dev\n`,
    );
    const json = await listed("--format json", federatedOnly ? [] : tenant, federatedOnly, [
      secret,
    ]);
    expect(documentOf("certificates", json.out)).toMatchObject({ stacks: [{ secrets: [secret] }] });
  }
});

const withoutCertificates = sampleOutputs([], {
  federatedCredentials: [
    {
      name: "main",
      issuer: "https://issuer.contoso.org",
      subject: "job",
      audience: "api://AzureADTokenExchange",
    },
  ],
});

test("a stack without certificates names what it signs in with, and what else the application holds", async () => {
  const { out, err, failure } = await listed("--fail-within 30d", [entry(otherKey, "AA")], true);
  expect([err, failure]).toEqual(["", undefined]);
  expect(out).toBe(
    [
      "  No certificates.",
      "",
      "  Federated credential  Issuer                      Subject",
      "  main                  https://issuer.contoso.org  job",
      "",
      "  The application also holds, apart from this stack:",
      `  AA  20 days left  ${otherKey}  of no generation; if nobody needs it: apponly certificates --stack dev --remove ${otherKey}`,
      "",
    ].join("\n"),
  );
});

const own = () => entry(ownKey, current.certificate.thumbprint);

test("the options are read, a length of time among them", async () => {
  expect(
    await parsedOptions(certificatesCommand, `-s dev --fail-within 36h --remove ${otherKey}`),
  ).toEqual({
    stack: "dev",
    failWithin: { text: "36h", ms: 129_600_000 },
    remove: otherKey,
    format: "terminal",
  });
});

test("each generation is a row, registered or not yet", async () => {
  const { out, err, failure } = await listed("", [own()]);
  expect([err, failure]).toEqual(["", undefined]);
  const { thumbprint, notAfter } = current.certificate;
  expect(out).toBe(
    [
      `  Generation  ${"Thumbprint".padEnd(40)}  Expires     Days left  Active  Registered`,
      `  2026-11     ${thumbprint}  ${String(notAfter).slice(0, 10)}  20         yes     yes`,
      `  2027-05     ${" ".repeat(40)}                                 no`,
      "",
    ].join("\n"),
  );
});

test("over several stacks what expires first comes first, and what has no date last", () => {
  const stackOf = (stack: string, days: readonly (number | undefined)[]) => ({
    stack,
    tenant: `${stack}.onmicrosoft.com`,
    generations: days.map((daysLeft) => ({
      ...{
        name: `${stack}-${daysLeft ?? "none"}`,
        thumbprint: "AB",
        registered: true,
        active: true,
      },
      daysLeft,
      notAfter: daysLeft === undefined ? undefined : dateInDays(daysLeft).toISOString(),
    })),
    ...{ federated: [], further: [], secrets: [] },
  });
  const stacks = [stackOf("contoso", [300, 40]), stackOf("fabrikam", [undefined, -3, 5])];
  const order = (several: boolean) =>
    [...describeGenerations(stacks, several).matchAll(/(?:contoso|fabrikam)-(?:-?\d+|none)/g)].map(
      String,
    );
  expect(order(true)).toEqual([
    "fabrikam--3",
    "fabrikam-5",
    "contoso-40",
    "contoso-300",
    "fabrikam-none",
  ]);
  // Those of one stand in the order of its settings.
  expect(order(false)[0]).toBe("contoso-300");
});

test("the document has the date of each, and what else the application holds", async () => {
  const { out } = await listed("--format json", [own(), entry(otherKey, "")]);
  expect(documentOf("certificates", out)).toMatchObject({
    version: 1,
    stacks: [
      {
        stack: "dev",
        generations: [
          {
            name: "2026-11",
            notAfter: current.certificate.notAfter,
            active: true,
            registered: true,
          },
          { name: "2027-05", registered: false },
        ],
        further: [{ keyId: otherKey }],
      },
    ],
  });
});

test("what the application holds besides is told apart: a duplicate, and what is foreign", async () => {
  const duplicate = entry("cccccccc-0000-4000-8000-000000000003", current.certificate.thumbprint);
  const { out } = await listed("", [own(), duplicate, entry(otherKey, "")]);
  expect(out).toContain("\n  The application also holds, apart from this stack:\n");
  expect(out).toContain(
    "2026-11 once more, left behind by an interrupted update; what removes it: apponly rotate --stack dev",
  );
  expect(out).toMatch(
    /unknown thumbprint +20 days left +bbbbbbbb.*apponly certificates --stack dev --remove bbbbbbbb/,
  );
});

test("a tenant that does not answer is said on standard error, and the state decides", async () => {
  const { out, err } = await listed("", new Error("no route"));
  expect(err).toContain("The tenant could not be asked, so what is registered is told by");
  expect(out).toMatch(/2026-11 .* yes {5}not read\n/);
  expect(
    documentOf("certificates", (await listed("--format json", new Error("no route"))).out),
  ).toMatchObject({
    stacks: [{ unread: "no route" }],
  });
});

test("of an application that is not in the tenant any more no certificate is registered", async () => {
  const { out, err } = await listed("", Object.assign(new Error("gone"), { statusCode: 404 }));
  expect(err).toContain(
    "is not in the tenant any more. See who deleted it, and how to restore it: apponly drift --stack dev",
  );
  expect(out).toMatch(/2026-11 .* yes {5}no\n/);
});

test("a generation that expires in time does not fail, one that does not is exit code 5", async () => {
  expect((await listed("--fail-within 10d", [own()])).failure).toBeUndefined();
  expect((await listed("--fail-within 30d", [own()])).failure).toMatchObject({
    exitCode: 5,
    message: "Within 30d: 2026-11. Rotate: apponly rotate --stack dev",
  });
});

test("the active generation that is registered no more is exit code 5", async () => {
  const { failure } = await listed("--fail-within 10d", [entry(otherKey, "F".repeat(40))]);
  expect(failure).toMatchObject({
    exitCode: 5,
    message: expect.stringContaining("Not registered any more: 2026-11"),
  });
});

test("an entry that no generation has is removed", async () => {
  const { out, removed } = await listed(`--yes --remove ${otherKey.toUpperCase()}`, [
    own(),
    entry(otherKey, "F".repeat(40)),
  ]);
  expect(removed).toEqual([otherKey]);
  expect(out).toBe(`  Removed: ${"F".repeat(40)} (key id ${otherKey}).\n`);
});

test("where nobody can be asked, an entry is removed only with --yes", async () => {
  const { failure, removed } = await listed(`--remove ${otherKey}`, [
    own(),
    entry(otherKey, "F".repeat(40)),
  ]);
  expect(removed).toEqual([]);
  expect(failure).toMatchObject({ exitCode: 2, message: expect.stringContaining("--yes") });
});

test("what is removed is told with how long it is valid, before it is asked for", async () => {
  const questions: string[] = [];
  const ask = (question: string) => {
    questions.push(question);
    return Promise.resolve("no");
  };
  const tenant = [own(), entry(otherKey, "F".repeat(40))];
  const { failure, removed } = await listed(`--remove ${otherKey}`, tenant, false, [], { ask });
  expect([failure?.message, removed]).toEqual(["Nothing was changed.", []]);
  expect(questions).toEqual([
    `\nRemove ${"F".repeat(40)} (key id ${otherKey}, of no generation, 20 days left) from the application? (yes or no) `,
  ]);
});

test("the last valid certificate is not removed, as apponly drift does not", async () => {
  const expired = { ...own(), notAfter: dateInDays(-1).toISOString() };
  const { failure, removed } = await listed(`--yes --remove ${otherKey}`, [
    expired,
    entry(otherKey, "F".repeat(40)),
  ]);
  expect(removed).toEqual([]);
  expect(failure).toMatchObject({ exitCode: 2 });
  expect(failure?.message).toMatch(/last valid certificate.*apponly up --refresh --stack dev$/);
});

test.each([
  ["the entry of a generation", ownKey, 2, "is the entry of a generation of this stack"],
  ["an entry that is not there", "unknown", 2, "is not a key id of an entry"],
])("%s is not removed", async (_, keyId, exitCode, message) => {
  const { failure, removed } = await listed(`--remove ${keyId}`, [own()]);
  expect(removed).toEqual([]);
  expect(failure).toMatchObject({ exitCode, message: expect.stringContaining(message) });
});

test("without the tenant nothing is removed", async () => {
  const { failure } = await listed(`--remove ${otherKey}`, new Error("no route"));
  expect(failure).toMatchObject({
    exitCode: 1,
    message: "Without asking the tenant nothing can be removed.",
  });
});
