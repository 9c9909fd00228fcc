/**
 * Of a run that has ended nothing stays in memory, so that one command previews any number of stacks.
 * The SDK runs the program; the engine is played. How much stays of many stacks is measured by
 * `npm run bench`.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as server from "@pulumi/pulumi/automation/server";
import * as engineService from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as monitorService from "@pulumi/pulumi/proto/resource_grpc_pb";
import { ResourceMonitorFeature } from "@pulumi/pulumi/proto/resource_pb";
import * as runtimeState from "@pulumi/pulumi/runtime/state";
import { wholeProgram } from "../../../operations/wholeProgram";

interface Message {
  setUrn?(urn: string): void;
  setSupportedfeaturesList?(features: readonly number[]): void;
}

type Service = Readonly<Record<string, { readonly responseType: new () => Message }>>;
type Answer = (error: null, answer: Message) => void;

/** The SDK keeps these out of its types. */
const { EngineService } = engineService as unknown as { EngineService: Service };
const { ResourceMonitorService } = monitorService as unknown as { ResourceMonitorService: Service };
const { LanguageServer } = server as unknown as {
  LanguageServer: new (program: PulumiFn) => {
    run(call: object, answer: (error: Error | null | undefined, answer: unknown) => void): void;
  };
};
const programState = runtimeState as unknown as { getStore(): object };

/** An engine that accepts everything, and knows hooks. */
const features = [
  ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_SECRETS,
  ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
];
const engine = new grpc.Server();
let address = "";
/** What the program called, so that a test that proves nothing is noticed. */
const called = new Set<string>();

beforeAll(async () => {
  for (const service of [EngineService, ResourceMonitorService]) {
    const answers = Object.entries(service).map(([name, { responseType: Response }]) => [
      name,
      (_call: unknown, answer: Answer) => {
        called.add(name);
        const response = new Response();
        response.setUrn?.("urn:pulumi:dev::apponly::pulumi:pulumi:Stack::apponly-dev");
        response.setSupportedfeaturesList?.(features);
        answer(null, response);
      },
    ]);
    engine.addService(
      service as unknown as grpc.ServiceDefinition,
      Object.fromEntries(answers) as grpc.UntypedServiceImplementation,
    );
  }
  const insecure = grpc.ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) => {
    engine.bindAsync("127.0.0.1:0", insecure, (error, at) =>
      error === null ? resolve(at) : reject(error),
    );
  });
  address = `127.0.0.1:${port}`;
});

afterAll(() => engine.forceShutdown());

/** Runs a program as the engine asks for it. */
function run(program: PulumiFn): Promise<unknown> {
  const request = {
    getArgsList: () => [address],
    getMonitorAddress: () => address,
    getProject: () => "apponly",
    getStack: () => "dev",
    getOrganization: () => "organization",
    getParallel: () => 16,
    getDryrun: () => true,
    getConfigMap: () => new Map(),
    getConfigsecretkeysList: () => [],
  };
  return new Promise((resolve) => {
    new LanguageServer(wholeProgram(program)).run({ request }, (error) => resolve(error));
  });
}

/** What was collected, by the number of its run. */
const collected = new Set<number>();
const registry = new FinalizationRegistry<number>((number) => collected.add(number));

async function isCollected(number: number): Promise<boolean> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let turn = 0; turn < 20 && !collected.has(number); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    collect();
  }
  return collected.has(number);
}

test("a run that has ended leaves no connection that holds it", async () => {
  let runs = 0;
  const program = async () => {
    registry.register(programState.getStore(), (runs += 1));
    const hook = new pulumi.ResourceHook("hook", () => undefined);
    const options = { hooks: { beforeCreate: [hook] } };
    const resource = new pulumi.ComponentResource("apponly:index:Some", "some", {}, options);
    await pulumi.log.info("The engine is told this.");
    await new Promise((resolve) => resource.urn.apply(resolve));
  };
  // The SDK keeps the state of the first run of a process, and the root resource of the last.
  for (let at = 0; at < 3; at += 1) {
    expect(await run(program)).toBeUndefined();
  }
  expect([...called]).toEqual(
    expect.arrayContaining(["log", "registerResource", "registerResourceHook"]),
  );
  expect(await isCollected(2)).toBe(true);
});
