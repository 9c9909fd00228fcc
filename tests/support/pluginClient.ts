import { spawn } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** The properties of a resource as they travel to and from a plugin. */
export type PluginProperties = Record<string, unknown>;

/** What a plugin says of a difference. */
export interface PluginDiff {
  readonly changes: boolean;
  readonly diffs: string[];
  readonly replaces: string[];
  readonly detailed: boolean;
}

/** A plugin that runs on its own, asked as the engine asks it. */
export interface PluginClient {
  /** Reasons why inputs are refused; empty when they are not. */
  check(token: string, inputs: PluginProperties): Promise<string[]>;
  preview(token: string, inputs: PluginProperties): Promise<PluginProperties>;
  create(
    token: string,
    inputs: PluginProperties,
  ): Promise<{ id: string; properties: PluginProperties }>;
  diff(
    token: string,
    id: string,
    state: PluginProperties,
    oldInputs: PluginProperties,
    inputs: PluginProperties,
  ): Promise<PluginDiff>;
  close(): void;
}

type Calls = Record<
  string,
  (
    request: unknown,
    done: (error: grpc.ServiceError | null, response: unknown) => void,
  ) => grpc.ClientUnaryCall
>;

/** Starts a plugin. Secrets come out of it in plain. */
export async function startPlugin(command: string): Promise<PluginClient> {
  // The address is that of an engine to log to; there is none.
  const child = spawn(command, ["127.0.0.1:1"], { stdio: ["ignore", "pipe", "ignore"] });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${command} ended with ${String(code)}`)));
  });
  const Client = (services as unknown as { ResourceProviderClient: grpc.ServiceClientConstructor })
    .ResourceProviderClient;
  const client = new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const call = <Response>(name: string, request: unknown): Promise<Response> =>
    new Promise((resolve, reject) => {
      (client as unknown as Calls)[name]?.call(client, request, (error, response) => {
        if (error === null) {
          resolve(response as Response);
        } else {
          reject(error);
        }
      });
    });
  const urn = (token: string) => `urn:pulumi:dev::apponly::${token}::name`;
  const create = (token: string, inputs: PluginProperties, preview: boolean) =>
    call<messages.CreateResponse>(
      "create",
      new messages.CreateRequest()
        .setUrn(urn(token))
        .setProperties(structOf(inputs))
        .setPreview(preview),
    );
  await call("configure", new messages.ConfigureRequest().setArgs(structOf({})));
  return {
    async check(token, inputs) {
      const request = new messages.CheckRequest().setUrn(urn(token)).setNews(structOf(inputs));
      const response = await call<messages.CheckResponse>("check", request);
      return response.getFailuresList().map((failure) => failure.getReason());
    },
    preview: async (token, inputs) => propertiesOf(await create(token, inputs, true)),
    async create(token, inputs) {
      const response = await create(token, inputs, false);
      return { id: response.getId(), properties: propertiesOf(response) };
    },
    async diff(token, id, state, oldInputs, inputs) {
      const request = new messages.DiffRequest()
        .setUrn(urn(token))
        .setId(id)
        .setOlds(structOf(state))
        .setOldInputs(structOf(oldInputs))
        .setNews(structOf(inputs));
      const response = await call<messages.DiffResponse>("diff", request);
      return {
        changes: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
        diffs: response.getDiffsList().sort(),
        replaces: response.getReplacesList().sort(),
        detailed: response.getHasdetaileddiff(),
      };
    },
    close() {
      client.close();
      child.kill();
    },
  };
}

function structOf(properties: PluginProperties): Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}

function propertiesOf(response: { getProperties(): Struct | undefined }): PluginProperties {
  const properties = response.getProperties()?.toJavaScript() ?? {};
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, value]) => [key, plain(value)]),
  );
}

/** A value out of the envelope of a secret. */
function plain(value: unknown): unknown {
  return typeof value === "object" && value !== null && "value" in value ? value.value : value;
}
