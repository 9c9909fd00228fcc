/** What `apponly doctor` says of the machine and of a deployer; what it asks is replaced. */
import { doctorCommand, inspectAll } from "../../../../cli/commands/doctor/doctor";
import { inspectVaults, type VaultReport } from "../../../../cli/commands/doctor/vaultReport";
import { run } from "../../../../cli/command";
import { vaultFailure } from "../../../../microsoft/keyVault/failures";
import { makeGeneration, sampleOutputs } from "../../../support/exportSample";
import { TokenRefused } from "../../../../microsoft/tokens";
import type { DeployerReport } from "../../../../operations/deployer";
import { failureOf, openedForReading } from "../../../support/openedForReading";
import { documentOf } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";

const granted = {
  permission: { id: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", name: "Application.Read.All" },
  reason: "reads the registration",
  source: "https://learn.microsoft.com",
  state: "granted",
  leastRole: "Cloud Application Administrator",
};

const reportWith = (state: string) =>
  ({
    stack: "dev",
    method: "client secret",
    graph: "https://graph.microsoft.com",
    deployer: { kind: "application", tenantId: "t", applicationId: "a", objectId: "o" },
    needs: [{ ...granted, state }],
    ownership: [],
    excess: [{ name: "Mail.Read", kind: "permission", why: "the stack does not need it" }],
    possible: [],
    ok: state !== "missing",
  }) as unknown as DeployerReport;

const tools = [
  { tool: "Node", ready: true, version: "24.0.0", detail: "/usr/bin/node" },
  { tool: "Go", ready: false, detail: "not on the PATH" },
];

async function inspected(
  options: { stack?: string; format?: "terminal" | "json" },
  inspect: () => Promise<DeployerReport> = () => Promise.resolve(reportWith("granted")),
  vaults: readonly VaultReport[] = [],
  columns?: number,
) {
  const io = recordingIo(columns === undefined ? {} : { columns });
  const failure = await failureOf(
    inspectAll({ format: "terminal", ...options }, io, {
      inspectToolchain: () => Promise.resolve(tools),
      openForReading: openedForReading({}),
      inspectDeployer: inspect,
      inspectVaults: () => Promise.resolve([...vaults]),
    }),
  );
  return { failure, out: io.written() };
}

test("without a stack it is about the machine", async () => {
  const { failure, out } = await inspected({});
  expect(failure).toBeUndefined();
  expect(out).toMatch(/^✓ Node +24\.0\.0 +\/usr\/bin\/node$/m);
  expect(out).toMatch(/^· Go +not on the PATH$/m);
  expect(out).not.toContain("Deployer");
});

test("with a stack it is also about its deployer, what is in excess too", async () => {
  const { failure, out } = await inspected({ stack: "dev" });
  expect(failure).toBeUndefined();
  expect(out).toContain("Deployer of the stack dev: application a, tenant t");
  expect(out).toMatch(/✓ Application\.Read\.All +reads the registration/);
  expect(out).toMatch(/! Mail\.Read +in excess/);
});

test("what is missing ends with 4, after it was said how to grant it", async () => {
  const { failure, out } = await inspected({ stack: "dev" }, () =>
    Promise.resolve(reportWith("missing")),
  );
  expect(failure?.exitCode).toBe(4);
  expect(out).toContain("az ad app permission add --id a");
});

test("as JSON it is one document, with the deployer where there is a stack", async () => {
  expect(documentOf("doctor", (await inspected({ format: "json" })).out)).toEqual({
    version: 1,
    tools,
  });
  expect(
    documentOf("doctor", (await inspected({ format: "json", stack: "dev" })).out),
  ).toMatchObject({
    deployer: { stack: "dev", ok: true, signIn: "client secret", needs: [{ state: "granted" }] },
  });
});

test("a deployer that cannot sign in ends with 4 and Microsoft's reason", async () => {
  const refused = new TokenRefused(7000215, "AADSTS7000215: Invalid client secret.", 401);
  const { failure } = await inspected({ stack: "dev" }, () => Promise.reject(refused));
  expect(failure).toMatchObject({
    exitCode: 4,
    message: expect.stringContaining("The deployer cannot sign in: AADSTS7000215"),
  });
});

test("APPONLY_STACK names the stack where the command line does not", async () => {
  const asked: unknown[] = [];
  const parse = async (...line: string[]) =>
    doctorCommand(recordingIo(), (options) => {
      asked.push(options.stack);
      return Promise.resolve();
    }).parseAsync(line, { from: "user" });
  process.env.APPONLY_STACK = "prod";
  try {
    await parse();
    await parse("-s", "dev");
  } finally {
    delete process.env.APPONLY_STACK;
  }
  await parse();
  expect(asked).toEqual(["prod", "dev", undefined]);
});

test("another form is a usage error", async () => {
  expect(await run(["doctor", "-f", "html"], recordingIo())).toBe(2);
});

describe("keys in vaults", () => {
  const key = `https://contoso.vault.azure.net/keys/exo/${"0".repeat(32)}`;
  const { certificate, ...own } = makeGeneration("own", { generated: false });
  const outputs = sampleOutputs([
    {
      ...own,
      certificate: { ...certificate, source: "key-vault", vault: { key, exportable: false } },
    },
  ]);

  test("are asked to sign, and the role that is missing is told", async () => {
    const asked: unknown[] = [];
    const signs = (...request: unknown[]) => {
      asked.push(request[0]);
      return Promise.resolve(Buffer.alloc(256));
    };
    expect(await inspectVaults(outputs, "dev", signs)).toEqual([
      { generation: "own", key, signs: true },
    ]);
    expect(asked).toEqual([{ source: "key-vault", key }]);
    const error = Object.assign(new Error("Caller is not authorized"), { statusCode: 403 });
    const request = {
      operation: "sign",
      source: "key-vault",
      vault: "https://contoso.vault.azure.net",
      name: "exo",
    } as const;
    const refuses = () => Promise.reject(vaultFailure(error, request));
    expect(await inspectVaults(outputs, "dev", refuses)).toMatchObject([
      { signs: false, problem: expect.stringContaining('"Key Vault Crypto User"') },
    ]);
    expect(await inspectVaults(sampleOutputs([]), "dev", refuses)).toEqual([]);
  });

  test("that do not sign here are told, which is not a failure: the job may be somebody else", async () => {
    const vaults = [{ generation: "own", key, signs: false, problem: "It needs a role." }];
    const told = await inspected({ stack: "dev" }, undefined, vaults);
    expect(told.failure).toBeUndefined();
    expect(told.out).toContain("does not sign for whoever runs this. It needs a role.");
    const { out } = await inspected({ stack: "dev", format: "json" }, undefined, vaults);
    expect(documentOf("doctor", out)).toMatchObject({ vaults });
  });
});

test("on a narrow terminal what is told of a row stays in its column", async () => {
  const { out } = await inspected({ stack: "dev" }, undefined, [], 60);
  expect(out).toContain(
    `\n! Mail.Read                          in excess: the stack\n${" ".repeat(37)}does not need it\n`,
  );
  expect(out.split("\n").filter((line) => line.length > 60)).toEqual([]);
});
