/** What `apponly doctor` says of the machine and of a deployer; what it asks is replaced. */
import { doctorCommand, inspectAll } from "../../../../cli/commands/doctor/doctor";
import { run } from "../../../../cli/command";
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
) {
  const io = recordingIo();
  const failure = await failureOf(
    inspectAll({ format: "terminal", ...options }, io, {
      inspectToolchain: () => Promise.resolve(tools),
      openForReading: openedForReading({}),
      inspectDeployer: inspect,
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
