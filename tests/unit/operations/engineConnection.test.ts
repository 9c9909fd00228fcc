/**
 * An engine is not taken for an earlier one that had its port and has ended; and a run that has ended
 * leaves nothing behind that ends the process.
 */
import * as grpc from "@grpc/grpc-js";
import * as callbacks from "@pulumi/pulumi/proto/callback_grpc_pb";
import { CallbackInvokeRequest } from "@pulumi/pulumi/proto/callback_pb";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { guardEngineConnection } from "../../../operations/engineConnection";

const name = "/pulumirpc.Engine/GetRootResource";
const bytes = (value: Buffer) => value;

async function startEngine(port: number): Promise<{ port: number; stop: () => void }> {
  const server = new grpc.Server();
  const method = { path: name, requestStream: false, responseStream: false } as const;
  server.addService(
    {
      ask: {
        ...method,
        requestSerialize: bytes,
        requestDeserialize: bytes,
        responseSerialize: bytes,
        responseDeserialize: bytes,
      },
    },
    {
      ask: (_call: unknown, answer: (error: null, value: Buffer) => void) =>
        answer(null, Buffer.alloc(0)),
    },
  );
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, at) =>
      error === null ? resolve(at) : reject(error),
    );
  });
  return { port: bound, stop: () => server.forceShutdown() };
}

const { grpcClientOptions } = settings as unknown as { grpcClientOptions: grpc.ClientOptions };
const clients: grpc.Client[] = [];

afterAll(() => clients.forEach((client) => client.close()));

/** Asks as the SDK does, by a client of its own for each run, which stays. */
function ask(port: number, options = grpcClientOptions): Promise<number> {
  const credentials = grpc.credentials.createInsecure();
  const client = new grpc.Client(`127.0.0.1:${port}`, credentials, options);
  clients.push(client);
  return new Promise((resolve) => {
    client.makeUnaryRequest(name, bytes, bytes, Buffer.alloc(0), (error) => {
      resolve(error === null ? grpc.status.OK : error.code);
    });
  });
}

test.each(["grpc_proxy", "https_proxy", "http_proxy"])(
  "what is meant for the engine does not go to the proxy of %s",
  async (name) => {
    guardEngineConnection();
    const before = process.env[name];
    process.env[name] = "http://127.0.0.1:9";
    try {
      const engine = await startEngine(0);
      expect(await ask(engine.port)).toBe(grpc.status.OK);
      // As the SDK asks whether its own server of hooks is there.
      expect(await ask(engine.port, {})).toBe(grpc.status.OK);
      engine.stop();
    } finally {
      if (before === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = before;
      }
    }
  },
);

test("a port that comes again is connected to anew", async () => {
  guardEngineConnection();
  const first = await startEngine(0);
  expect(await ask(first.port)).toBe(grpc.status.OK);
  first.stop();
  expect(await ask(first.port)).toBe(grpc.status.UNAVAILABLE);
  const second = await startEngine(first.port);
  expect(await ask(first.port)).toBe(grpc.status.OK);
  second.stop();
});

test("the server of a run's hooks is asked for until the run has ended, and then no more", async () => {
  guardEngineConnection();
  const client = new callbacks.CallbacksClient("127.0.0.1:9", grpc.credentials.createInsecure());
  const ask = (answer: (error: grpc.ServiceError | null) => void) =>
    client.invoke(new CallbackInvokeRequest(), answer);
  const code = new Promise((resolve) => ask((error) => resolve(error?.code)));
  expect(await code).toBe(grpc.status.UNAVAILABLE);
  client.close();
  // The SDK asks again in a timer, where what is thrown would end the process.
  expect(() => ask(() => undefined)).not.toThrow();
});
