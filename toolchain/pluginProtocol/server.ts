import * as grpc from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { CheckFailure } from "./check";
import type { PropertyChange } from "./diff";
import { serviceErrorOf } from "./failures";
import { fromStruct, type Properties, structOf } from "./values";

/** What a resource is after an operation. */
export interface ResourceState {
  readonly id: string;
  readonly state: Properties;
}

/** A plugin as this server sees it. Properties have neither secrets nor outputs around them. */
export interface Plugin {
  readonly name: string;
  readonly version: string;
  /** Whether differences are told path by path, or only by names of properties. @default true */
  readonly detailedDiff?: boolean;
  /** The package's schema as JSON. Default: none is told. */
  readonly schema?: string;
  /** Whether what is replaced goes before its successor comes: where names are unique. */
  readonly deleteBeforeReplace?: boolean;
  configure(configuration: Properties): Promise<void>;
  check(
    token: string,
    inputs: Properties,
    /** Those of the resource as it is; empty where there is none. */
    olds?: Properties,
  ): { inputs: Properties; failures: CheckFailure[] };
  diff(token: string, state: Properties, inputs: Properties): PropertyChange[];
  create(token: string, inputs: Properties, preview: boolean): Promise<ResourceState>;
  read(
    token: string,
    id: string,
    state: Properties,
    inputs: Properties,
  ): Promise<(ResourceState & { inputs: Properties }) | undefined>;
  update(
    token: string,
    id: string,
    state: Properties,
    inputs: Properties,
    preview: boolean,
  ): Promise<Properties>;
  delete(token: string, id: string, state: Properties): Promise<void>;
  invoke(token: string, args: Properties): Promise<Properties>;
}

const differenceKinds = {
  add: [messages.PropertyDiff.Kind.ADD, messages.PropertyDiff.Kind.ADD_REPLACE],
  delete: [messages.PropertyDiff.Kind.DELETE, messages.PropertyDiff.Kind.DELETE_REPLACE],
  update: [messages.PropertyDiff.Kind.UPDATE, messages.PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

/** Serves a plugin on a loopback port and says which, as the engine expects it of a plugin. */
export async function serve(implementation: Plugin): Promise<void> {
  const engine = process.ppid;
  setInterval(() => {
    // An engine that was killed ends nothing; the credentials are in this process's environment.
    if (process.ppid !== engine) {
      process.exit(0);
    }
  }, 1000).unref();
  process.stdout.write(`${(await listen(implementation)).port}\n`);
}

/** A plugin that is served. */
export interface ListeningPlugin {
  readonly port: number;
  readonly close: () => void;
}

/**
 * Serves a plugin on a loopback port.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto
 */
export async function listen(implementation: Plugin): Promise<ListeningPlugin> {
  // The service's own file has no types and loads more than the messages need.
  // oxlint-disable-next-line typescript/no-require-imports
  const services = require("@pulumi/pulumi/proto/provider_grpc_pb") as {
    ResourceProviderService: grpc.ServiceDefinition;
  };
  const server = new grpc.Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  server.addService(services.ResourceProviderService, handlers(implementation));
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) {
        reject(error);
      } else {
        resolve({ port: bound, close: () => server.forceShutdown() });
      }
    });
  });
}

type Handler<Request, Response> = (
  call: ServerUnaryCall<Request, Response>,
  reply: sendUnaryData<Response>,
) => void;

/** Turns an operation into a handler; what it throws becomes the call's error. */
function unary<Request, Response>(
  run: (request: Request) => Response | Promise<Response>,
): Handler<Request, Response> {
  return (call, reply) => {
    Promise.resolve()
      .then(() => run(call.request))
      .then(
        (response) => {
          reply(null, response);
        },
        (error: unknown) => {
          reply(serviceErrorOf(error));
        },
      );
  };
}

function handlers(implementation: Plugin): grpc.UntypedServiceImplementation {
  return {
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(implementation.version)),
    ...(implementation.schema === undefined
      ? {}
      : {
          getSchema: unary(() =>
            new messages.GetSchemaResponse().setSchema(implementation.schema ?? ""),
          ),
        }),
    attach: unary(() => new Empty()),
    cancel: unary(() => new Empty()),
    handshake: unary(() => new messages.ProviderHandshakeResponse()),
    checkConfig: unary((request: messages.CheckRequest) =>
      new messages.CheckResponse().setInputs(request.getNews()),
    ),
    diffConfig: unary(() =>
      new messages.DiffResponse().setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE),
    ),
    configure: unary(async (request: messages.ConfigureRequest) => {
      await implementation.configure(fromStruct(request.getArgs()));
      return new messages.ConfigureResponse().setSupportspreview(true);
    }),
    check: unary((request: messages.CheckRequest) => {
      const result = implementation.check(
        tokenOf(request),
        fromStruct(request.getNews()),
        fromStruct(request.getOlds()),
      );
      return new messages.CheckResponse()
        .setInputs(structOf(result.inputs))
        .setFailuresList(
          result.failures.map(({ property, reason }) =>
            new messages.CheckFailure().setProperty(property).setReason(reason),
          ),
        );
    }),
    diff: unary((request: messages.DiffRequest) => diffResponse(implementation, request)),
    create: unary(async (request: messages.CreateRequest) => {
      const inputs = fromStruct(request.getProperties());
      const created = await implementation.create(tokenOf(request), inputs, request.getPreview());
      return new messages.CreateResponse().setId(created.id).setProperties(structOf(created.state));
    }),
    read: unary(async (request: messages.ReadRequest) => {
      const read = await implementation.read(
        tokenOf(request),
        request.getId(),
        fromStruct(request.getProperties()),
        fromStruct(request.getInputs()),
      );
      const response = new messages.ReadResponse();
      return read === undefined
        ? response
        : response
            .setId(read.id)
            .setProperties(structOf(read.state))
            .setInputs(structOf(read.inputs));
    }),
    update: unary(async (request: messages.UpdateRequest) => {
      const state = await implementation.update(
        tokenOf(request),
        request.getId(),
        fromStruct(request.getOlds()),
        fromStruct(request.getNews()),
        request.getPreview(),
      );
      return new messages.UpdateResponse().setProperties(structOf(state));
    }),
    delete: unary(async (request: messages.DeleteRequest) => {
      await implementation.delete(
        tokenOf(request),
        request.getId(),
        fromStruct(request.getProperties()),
      );
      return new Empty();
    }),
    invoke: unary(async (request: messages.InvokeRequest) => {
      const result = await implementation.invoke(request.getTok(), fromStruct(request.getArgs()));
      return new messages.InvokeResponse().setReturn(structOf(result));
    }),
  };
}

function diffResponse(
  implementation: Plugin,
  request: messages.DiffRequest,
): messages.DiffResponse {
  const ignored = new Set(request.getIgnorechangesList());
  const changes = implementation
    .diff(tokenOf(request), fromStruct(request.getOlds()), fromStruct(request.getNews()))
    .filter(({ path }) => !ignored.has(topOf(path)));
  const response = new messages.DiffResponse()
    .setHasdetaileddiff(implementation.detailedDiff !== false)
    .setDeletebeforereplace(implementation.deleteBeforeReplace === true)
    .setDiffsList([...new Set(changes.map(({ path }) => topOf(path)))])
    .setReplacesList([
      ...new Set(changes.filter(({ replace }) => replace).map(({ path }) => topOf(path))),
    ])
    .setChanges(
      changes.length > 0
        ? messages.DiffResponse.DiffChanges.DIFF_SOME
        : messages.DiffResponse.DiffChanges.DIFF_NONE,
    );
  for (const { path, kind, replace } of implementation.detailedDiff === false ? [] : changes) {
    response
      .getDetaileddiffMap()
      .set(path, new messages.PropertyDiff().setKind(differenceKinds[kind][replace ? 1 : 0]));
  }
  return response;
}

function topOf(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}

/** Type of the resource that a request is about; older engines give it only in the urn. */
function tokenOf(request: { getUrn(): string }): string {
  return (request.getUrn().split("::")[2] ?? "").split("$").pop() ?? "";
}
