/**
 * The pack as the engine meets it: started as a process by the SDK's own runner, asked over gRPC
 * with unknown values on the wire. Not proven here: how the engine reacts, which the journey shows.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import messages from "@pulumi/pulumi/proto/analyzer_pb";
import { rules } from "../rules/rules";
import { types } from "../rules/types";
import { type Declared, unknown, urnOf } from "./support/judge";
import {
  application,
  certificate,
  consent,
  firstPreview,
  globalAdministrator,
  key,
  role,
  servicePrincipal,
  withOne,
} from "./support/stacks";

const { ADVISORY, MANDATORY } = messages.EnforcementLevel;
const folder = join(__dirname, "..");
const runner = join(dirname(require.resolve("@pulumi/pulumi")), "cmd/run-policy-pack");

let pack: ChildProcess;
let client: AnalyzerClient;

beforeAll(async () => {
  pack = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise<string>((resolve, reject) => {
    pack.stdout?.once("data", (data: Buffer) => resolve(data.toString().trim()));
    pack.once("exit", (code) => reject(new Error(`The pack ended with ${code}.`)));
  });
  client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
});

afterAll(() => {
  client.close();
  pack.kill();
});

type Diagnostic = InstanceType<typeof messages.AnalyzeDiagnostic>;
type AnalyzerInfo = InstanceType<typeof messages.AnalyzerInfo>;
type Response = InstanceType<typeof messages.AnalyzeResponse>;

/** A message of the protobuf library that the SDK itself uses. */
function messageOf(module: string, name: string): new () => unknown {
  return jest.requireActual<Record<string, new () => unknown>>(module)[name] as new () => unknown;
}

function call(send: (done: (error: Error | null, response: Response) => void) => void) {
  return new Promise<Diagnostic[]>((resolve, reject) => {
    send((error, response) =>
      error === null ? resolve(response.getDiagnosticsList()) : reject(error),
    );
  });
}

type AnalyzeRequest = InstanceType<typeof messages.AnalyzeRequest>;
type AnalyzerResource = InstanceType<typeof messages.AnalyzerResource>;

function common<T extends AnalyzeRequest | AnalyzerResource>(
  message: T,
  declared: Declared,
  properties: Record<string, unknown>,
): T {
  message.setType(declared.type);
  message.setName(declared.name);
  message.setUrn(urnOf(declared));
  message.setOptions(new messages.AnalyzerResourceOptions());
  message.setProperties(Struct.fromJavaScript(properties as never));
  return message;
}

const analyze = (declared: Declared) =>
  call((done) =>
    client.analyze(common(new messages.AnalyzeRequest(), declared, declared.inputs ?? {}), done),
  );

function analyzeStack(stack: readonly Declared[]) {
  const request = new messages.AnalyzeStackRequest();
  for (const declared of stack) {
    const { inputs, outputs, on = {} } = declared;
    const resource = common(new messages.AnalyzerResource(), declared, { ...inputs, ...outputs });
    for (const [input, names] of Object.entries(on)) {
      const urns = stack.filter(({ name }) => names.includes(name)).map(urnOf);
      const dependencies = new messages.AnalyzerPropertyDependencies();
      dependencies.setUrnsList(urns);
      resource.getPropertydependenciesMap().set(input, dependencies);
    }
    request.addResources(resource);
  }
  return call((done) => client.analyzeStack(request, done));
}

async function preview(stack: readonly Declared[]): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const declared of stack) {
    found.push(...(await analyze(declared)));
  }
  return [...found, ...(await analyzeStack(stack))];
}

test("the pack tells Pulumi its name, its version, and each policy's own description", async () => {
  const request = new (messageOf("google-protobuf/google/protobuf/empty_pb", "Empty"))();
  const info = await new Promise<AnalyzerInfo>((resolve, reject) => {
    client.getAnalyzerInfo(request as never, (error, response) =>
      error === null ? resolve(response) : reject(error),
    );
  });
  expect([info.getName(), info.getVersion()]).toEqual(["apponly", "0.1.0"]);
  expect(
    info.getPoliciesList().map((one) => ({
      name: one.getName(),
      url: one.getUrl(),
      level: one.getEnforcementlevel(),
      severity: one.getSeverity(),
      steps: one.getRemediationSteps(),
    })),
  ).toEqual(
    rules.map((rule) => ({
      name: rule.name,
      url: rule.url,
      level: MANDATORY,
      severity: { low: 1, medium: 2, high: 3, critical: 4 }[rule.severity],
      steps: rule.remediationSteps,
    })),
  );
});

test("a stack in order passes its first preview, in which most ids are unknown", async () => {
  const found = await preview(firstPreview());
  expect(found.map((one) => one.getMessage())).toEqual([]);
});

const previewWithout = (...names: string[]) =>
  firstPreview().filter(({ name }) => !names.includes(name));

/** For every policy, a stack in which what it judges by is unknown. */
const unknowns: Readonly<Record<string, readonly Declared[]>> = {
  "entra-permissions-disallow-unlisted": withOne(
    application({ requiredResourceAccesses: unknown.list }),
  ),
  "entra-directory-role-disallow-privileged-without-exception": withOne({
    ...role({ roleId: unknown.text }),
    on: {},
  }),
  "entra-certificate-require-strong-key-and-short-life": withOne(key({ rsaBits: unknown.number })),
  "entra-application-require-single-tenant": withOne(application({ signInAudience: unknown.text })),
  "entra-application-disallow-password": withOne(application({ passwords: unknown.list })),
  "entra-owner-disallow-unknown": withOne(application({ owners: unknown.list })),
  "entra-consent-require-manifest-entry": withOne({ ...consent(), on: {} }),
  "entra-manifest-require-consent": withOne({ ...consent(), on: {} }),
  "entra-service-principal-disallow-microsoft-owned": withOne({ ...servicePrincipal(), on: {} }),
  "entra-application-require-valid-generation": withOne({
    ...certificate(),
    on: { applicationId: ["app"] },
  }),
  "exchange-role-disallow-void-scope": withOne({
    type: types.exchangeAssignment,
    name: "narrow",
    inputs: { objectId: unknown.text, customRole: unknown.text },
    on: { objectId: ["principal"] },
  }),
};

test.each(rules)("$name stays mandatory where what it judges by is unknown", async ({ name }) => {
  const found = await preview(unknowns[name] ?? []);
  const own = found.filter((one) => one.getPolicyname() === name);
  expect(own.length).toBeGreaterThan(0);
  for (const diagnostic of found) {
    expect(diagnostic.getEnforcementlevel()).toBe(MANDATORY);
    expect(diagnostic.getMessage()).not.toContain("can't run policy");
  }
});

test("a violation names its resource and starts with what must hold", async () => {
  const [diagnostic, ...others] = await preview(withOne(role({ roleId: globalAdministrator })));
  expect(others).toEqual([]);
  expect(diagnostic?.getUrn()).toBe(urnOf({ type: types.directoryRoleAssignment, name: "role" }));
  expect(diagnostic?.getMessage()).toBe(
    "A directory role that Microsoft labels privileged is assigned only while an exception with a reason and a last day covers it.\nThe directory role Global Administrator is privileged, and no exception covers it.",
  );
});

test("a policy can be configured and made advisory, as by --policy-pack-config", async () => {
  const name = "entra-application-require-single-tenant";
  const request = new messages.ConfigureAnalyzerRequest();
  const config = new messages.PolicyConfig();
  config.setEnforcementlevel(ADVISORY);
  config.setProperties(Struct.fromJavaScript({ allowedAudiences: ["AzureADMultipleOrgs"] }));
  request.getPolicyconfigMap().set(name, config);
  await new Promise<void>((resolve, reject) => {
    client.configure(request, (error) => (error === null ? resolve() : reject(error)));
  });
  const found = await preview(previewWithout());
  expect(found.map((one) => [one.getPolicyname(), one.getEnforcementlevel()])).toEqual([
    [name, ADVISORY],
  ]);
});
