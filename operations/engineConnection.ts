import { AsyncLocalStorage } from "node:async_hooks";
import {
  Channel,
  type Client,
  type ClientOptions,
  connectivityState,
  InterceptingCall,
  type Interceptor,
  status,
  type StatusObject,
} from "@grpc/grpc-js";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as server from "@pulumi/pulumi/automation/server";
import * as callbacks from "@pulumi/pulumi/proto/callback_grpc_pb";
import * as settings from "@pulumi/pulumi/runtime/settings";

/** How long the engine may take to answer, in milliseconds. */
export const answerLimits = {
  /** Calls that wait for a provider or for other resources: Microsoft's directory may take long. */
  slow: 60 * 60_000,
  /** Every other call is answered by the engine itself. */
  quick: 2 * 60_000,
};

const slowCalls = new Set([
  "Call",
  "Invoke",
  "ReadResource",
  "RegisterResource",
  "RegisterResourceOutputs",
  "SignalAndWaitForShutdown",
  "StreamInvoke",
]);

/**
 * Calls that register nothing: a message that is lost changes nothing, and the last call only says
 * that everything has been registered, to an engine that may have gone for a reason of its own.
 */
const dispensable = new Set(["Log", "SignalAndWaitForShutdown"]);

/** One run of an inline program. */
interface Run {
  completed: boolean;
  /** Calls that the engine has yet to answer. */
  pending: number;
  /** Closed when it has ended. */
  readonly connections: Set<Pick<Channel, "close">>;
  /** Ends the run, because a call got no answer from the engine. */
  readonly lose: (call: string) => void;
}

const runs = new AsyncLocalStorage<Run>();
const runsUnderWay = new Set<Run>();

/**
 * Tells errors of this run from those of others in the same process. Outside of every run an error
 * may be anybody's.
 *
 * @returns Whether what is being handled now belongs to the run in which this was called.
 */
export function ownErrors(own = runs.getStore()): () => boolean {
  return () => own === undefined || (runs.getStore() ?? own) === own;
}

/** Says that the program of this run has come to its end. */
export function noteCompletion(): void {
  const run = runs.getStore();
  if (run !== undefined) {
    run.completed = true;
  }
}

/**
 * Makes sure that a run whose connection to the engine failed fails as a whole.
 *
 * The SDK takes `UNAVAILABLE` and `CANCELLED` for the engine's own end, and answers that the program
 * is complete, or waits for ever. Where it was the connection that failed, the engine then deletes
 * whatever was not registered: application, certificates and roles, with exit code 0. So a run that
 * has lost a call, or whose program did not come to its end, is answered with an error, before which
 * the engine deletes nothing; and a call that hangs ends.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/automation/server.ts
 */
export function guardEngineConnection(): void {
  keepFromProxies(process.env);
  if (!interceptors.includes(watch)) {
    interceptors.push(watch);
    // Otherwise an engine whose port an earlier one had is taken for that one, which has ended.
    grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;
    grpcClientOptions.channelFactoryOverride = (...where) => closedAfterRun(new Channel(...where));
    const hooks = callbacks.CallbacksClient.prototype as unknown as HookClient;
    hooks.invoke = closedAfterRunToo(hooks.invoke);
    const { prototype } = (server as unknown as { LanguageServer: { prototype: Server } })
      .LanguageServer;
    prototype.run = guardedRun(prototype.run);
  }
}

/**
 * The engine is on this machine, which no proxy reaches; the SDK has clients without options, too.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/environment_variables.md
 */
function keepFromProxies(environment: NodeJS.ProcessEnv): void {
  const excepted = (environment.no_grpc_proxy || environment.no_proxy || "").split(",");
  environment.no_grpc_proxy = [...new Set([...excepted.filter(Boolean), "127.0.0.1"])].join(",");
}

/** The SDK keeps it out of its types. */
const { grpcClientOptions } = settings as unknown as {
  grpcClientOptions: ClientOptions & { interceptors: Interceptor[] };
};
const { interceptors } = grpcClientOptions;

/**
 * Remembers a connection of the run that goes on. The SDK closes none that an inline program has made,
 * and the timers of each hold the whole run, its program and its resources, for half an hour at least:
 * as long as it takes to preview hundreds of stacks.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/settings.ts
 */
function closedAfterRun<T extends Pick<Channel, "close">>(connection: T): T {
  runs.getStore()?.connections.add(connection);
  return connection;
}

/**
 * Asks whether the SDK's own server of hooks is there, by a client that is made without its options: again
 * every second where it is not, as on a busy machine. By then the run may have ended, and a connection that
 * is closed throws where nobody catches it, which would end the process with all that runs beside.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/callbacks.ts
 */
interface HookClient {
  invoke: (this: Client, ...request: unknown[]) => unknown;
}

function closedAfterRunToo(invoke: HookClient["invoke"]): HookClient["invoke"] {
  return function (this: Client, ...request) {
    const isClosed = this.getChannel().getConnectivityState(false) === connectivityState.SHUTDOWN;
    return isClosed ? undefined : invoke.apply(closedAfterRun(this), request);
  };
}

type Answer = (error: Error | null | undefined, response: unknown) => void;

interface Server {
  readonly program: PulumiFn;
  run: (this: Server, call: unknown, answer: Answer) => unknown;
}

function guardedRun(run: Server["run"]): Server["run"] {
  return function (this: Server, call, answer) {
    let answered = false;
    const before = strayEvents.map((event) => process.listeners(event as "uncaughtException"));
    const once: Answer = (error, response) => {
      runsUnderWay.delete(state);
      // The SDK answers an error twice; the second time as if there were none.
      if (!answered) {
        answered = true;
        const failure = error ?? incompleteness(state);
        answer(failure, failure === undefined ? response : undefined);
      }
    };
    const state: Run = {
      completed: false,
      pending: 0,
      connections: new Set(),
      lose: (lost) => once(connectionFailure(lost), undefined),
    };
    let forget = () => undefined as void;
    runsUnderWay.add(state);
    // A run that was given up may still fail in many places, until the SDK has ended it.
    const ended: Answer = (error, response) => {
      forget();
      once(error, response);
      state.connections.forEach((connection) => connection.close());
      state.connections.clear();
    };
    return runs.run(state, () => {
      const running = run.call(this, call, ended);
      forget = listenToOwnErrors(state, before);
      return running;
    });
  };
}

/** What nobody has handled: the SDK listens to it for as long as a program runs. */
const strayEvents = ["uncaughtException", "unhandledRejection"] as const;

type Listener = (error: Error, origin: NodeJS.UncaughtExceptionOrigin) => void;

/**
 * Lets the SDK's listeners of one run hear only of that run: they take every error of the process for
 * their own, so that of programs that run side by side one that fails would fail all.
 *
 * @param before What listened before the run began.
 * @returns Takes the listeners away.
 */
function listenToOwnErrors(state: Run, before: readonly (readonly unknown[])[]): () => void {
  const isOwn = ownErrors(state);
  const taken = strayEvents.map((name, at) => {
    const event = name as "uncaughtException";
    const own = process
      .listeners(event)
      .filter((listener) => before[at]?.includes(listener) !== true);
    const listener: Listener = (error, origin) => {
      if (isOwn()) {
        own.forEach((one) => one(error, origin));
      }
    };
    own.forEach((one) => process.off(event, one));
    process.on(event, listener);
    return { event, listener };
  });
  return () => taken.forEach(({ event, listener }) => process.off(event, listener));
}

/** A program that is complete has come to its end, and everything it asked for has been answered. */
function incompleteness({ completed, pending }: Run): Error | undefined {
  if (!completed) {
    return connectionFailure("the program broke off");
  }
  return pending === 0 ? undefined : connectionFailure(`${pending} calls have no answer`);
}

function connectionFailure(why: string): Error {
  return new Error(
    `The connection to the Pulumi engine failed: ${why}. Nothing was deleted. Run the same command again.`,
  );
}

/** Ends calls that hang, and the runs of those that got no answer. */
const watch: Interceptor = (options, nextCall) => {
  const name = options.method_definition.path.split("/").pop() ?? "";
  const limit = slowCalls.has(name) ? answerLimits.slow : answerLimits.quick;
  const call = nextCall({ ...options, deadline: options.deadline ?? Date.now() + limit });
  if (dispensable.has(name)) {
    return new InterceptingCall(call);
  }
  const run = runs.getStore();
  if (run !== undefined) {
    run.pending += 1;
  }
  return new InterceptingCall(call, {
    start: (metadata, _listener, next) => {
      next(metadata, {
        onReceiveStatus: (answer: StatusObject, pass) => {
          if (run !== undefined) {
            run.pending -= 1;
          }
          if (unanswered.has(answer.code)) {
            const text = `${name}: ${status[answer.code]} ${answer.details}`.trim();
            // Outside of a run, in a hook that the engine calls, it may be any run's.
            (run === undefined ? [...runsUnderWay] : [run]).forEach(({ lose }) => lose(text));
          }
          pass(answer);
        },
      });
    },
  });
};

const unanswered: ReadonlySet<status> = new Set([
  status.UNAVAILABLE,
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
]);
