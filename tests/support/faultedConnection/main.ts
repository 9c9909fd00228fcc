/**
 * Previews and updates one stack again and again in one process, each time with a fault on one call
 * from the SDK to the engine, and prints one line of JSON for each operation.
 *
 * `--every` strikes every call in every way; otherwise the first and the last call of each method are
 * lost, and the last ones of an update are cancelled, hang and come late too. Every other
 * operation runs in a process without a handler of rejections of its own.
 */
import { parseArgs } from "node:util";
import { InterceptingCall, type Interceptor, Metadata, status } from "@grpc/grpc-js";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { answerLimits } from "../../../operations/engineConnection";
import { type OperationResult, updateStack } from "../../../operations/stack";
import { exampleConfiguration, startJourney } from "../journey";

const kinds = ["UNAVAILABLE", "CANCELLED", "hangs", "late"] as const;

/** An operation that takes longer has not ended in bounded time. */
const boundMs = 60_000;

type Kind = (typeof kinds)[number];

/** One call: which of its method's calls, counted from 0. */
interface Call {
  readonly method: string;
  readonly occurrence: number;
}

let wanted: (Call & { readonly kind: Kind }) | undefined;
let seen: Call[] = [];
let struck = false;

const fault: Interceptor = (options, nextCall) => {
  const method = options.method_definition.path.split("/").slice(-2).join("/");
  const occurrence = seen.filter((one) => one.method === method).length;
  seen.push({ method, occurrence });
  const kind =
    wanted?.method === method && wanted.occurrence === occurrence ? wanted.kind : undefined;
  if (kind === undefined) {
    return new InterceptingCall(nextCall(options));
  }
  struck = true;
  if (kind === "late") {
    return new InterceptingCall(nextCall(options), {
      sendMessage: (message, next) => {
        setTimeout(() => next(message), 300);
      },
    });
  }
  // The call never reaches the engine.
  return new InterceptingCall(undefined as never, {
    start: (_metadata, listener) => {
      const code = kind === "hangs" ? status.DEADLINE_EXCEEDED : status[kind];
      const end = () => {
        listener.onReceiveStatus({ code, details: `struck: ${kind}`, metadata: new Metadata() });
      };
      const limit = (options.deadline as number) - Date.now();
      setTimeout(end, kind === "hangs" ? limit : 0);
    },
    sendMessage: () => undefined,
    halfClose: () => undefined,
    cancel: () => undefined,
  });
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { every: { type: "boolean", default: false } } });
  const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const journey = await startJourney();
  const stack = await journey.stack("dev", exampleConfiguration);
  const after = await stack.up();
  const operations: Operations = {
    preview: () => stack.preview(),
    up: async () => updateStack(await stack.opened(), { after }),
  };
  const { interceptors } = (
    settings as unknown as { grpcClientOptions: { interceptors: Interceptor[] } }
  ).grpcClientOptions;
  interceptors.push(fault);
  const restore = journey.checkpoint();
  const holds = () => JSON.stringify(journey.tenant.state());
  const before = holds();
  let wrong = 0;
  let count = 0;
  for (const operation of ["preview", "up"] satisfies Operation[]) {
    seen = [];
    await operations[operation]();
    restore();
    for (const one of casesOf(operation, seen, values.every)) {
      process.off("unhandledRejection", ignore);
      if (count++ % 2 === 0) {
        process.on("unhandledRejection", ignore);
      }
      const outcome = await strike(operations[operation], one);
      const kept = holds() === before;
      // A message that is lost or late changes nothing; everything else must have failed. How many
      // messages there are depends on time, so the last one may not come.
      const good = kept && ("error" in outcome || outcome.unchanged);
      wrong += good ? 0 : 1;
      print({ operation, ...one, ...outcome, kept, struck, good });
      restore();
    }
  }
  print({ wrong });
  await journey.close();
  process.exit(wrong === 0 ? 0 : 1);
}

function ignore(): void {
  // A program whose engine is gone leaves rejected promises behind.
}

type Operation = "preview" | "up";

type Operations = Readonly<Record<Operation, () => Promise<OperationResult>>>;

const usualLimits = { ...answerLimits };

async function strike(operate: Operations[Operation], one: NonNullable<typeof wanted>) {
  [wanted, struck, seen] = [one, false, []];
  Object.assign(answerLimits, one.kind === "hangs" ? { slow: 1_000, quick: 1_000 } : usualLimits);
  const begun = Date.now();
  const seconds = () => (Date.now() - begun) / 1000;
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), boundMs);
  });
  try {
    const result = await Promise.race([operate(), bound]);
    const changes = result?.changes ?? { "no end": 1 };
    const unchanged = Object.keys(changes).every((change) => change === "same");
    return { changes, unchanged, seconds: seconds() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), seconds: seconds() };
  } finally {
    clearTimeout(timer);
    wanted = undefined;
  }
}

function casesOf(operation: Operation, calls: readonly Call[], every: boolean) {
  const last = new Map(calls.map(({ method, occurrence }) => [method, occurrence]));
  return calls.flatMap((call) => {
    const isLast = call.occurrence === last.get(call.method);
    const chosen = kinds.filter(
      (kind) =>
        every ||
        (kind === "UNAVAILABLE" ? isLast || call.occurrence === 0 : isLast && operation === "up"),
    );
    return chosen.map((kind) => ({ ...call, kind }));
  });
}

// The SDK asks for a stack with every promise that it makes.
Error.stackTraceLimit = 0;
void main();
