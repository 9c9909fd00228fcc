import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChangeableStack } from "../../../operations/openStack";
import { destroyStack, hasChanges, previewStack, updateStack } from "../../../operations/stack";
import type { Journey, JourneyStack } from "../journey";
import { withStateAtHand } from "../stateAtHand";
import { type FaultKind, faultOf, pathWithoutIds, type Request } from "./faults";
import type { TestedOperation } from "./operations";
import { Watch, whatIsHeld } from "./watch";

/** The same command again, at most so often after the run with a fault. */
const furtherRuns = 2;

/** A tenant with one stack. */
export interface World {
  readonly journey: Journey;
  readonly stack: JourneyStack;
}

/** One operation without faults: what comes before, what it requests, and what is there in the end. */
export interface Baseline {
  readonly restore: () => void;
  readonly requests: readonly Request[];
  /** What the application holds in the end. */
  readonly held: readonly string[];
  /** The state in the end, see {@link stateIn}; nothing where a preview still has changes. */
  readonly settled: string | undefined;
}

/** A request, and what becomes of it. */
export interface Strike {
  readonly request: Request;
  readonly kind: FaultKind;
}

/** What became of an operation with faults. */
export interface Outcome {
  readonly runs: number;
  /** Whether every fault struck. */
  readonly struck: boolean;
  readonly notes: readonly string[];
  readonly errors?: readonly string[];
  /** What is wrong; empty when all is well. */
  readonly faults: readonly string[];
}

async function run(
  { journey, stack }: World,
  operation: TestedOperation,
  notes: string[],
): Promise<void> {
  const onNote = (sentence: string) => notes.push(sentence);
  // A stack that is opened anew, as the same command run again opens it.
  const opened = Object.create(await stack.opened()) as ChangeableStack;
  const state = () => ({ version: 3, deployment: latestIn(journey) });
  Object.assign(opened, { workspace: withStateAtHand(opened.workspace, state) });
  await (operation.after === undefined ? destroyStack : updateStack)(opened, { onNote });
}

/** Runs an operation without faults, on a stack that is as the operation finds it. */
export async function recordBaseline(world: World, operation: TestedOperation): Promise<Baseline> {
  const { journey, stack } = world;
  await stack.configure(operation.after ?? operation.before ?? {});
  const restore = journey.checkpoint();
  const from = journey.simulator.journal.position;
  await run(world, operation, []);
  const seen = new Map<string, number>();
  // The requests of a batch are struck one by one, and not the batch itself.
  const entries = journey.simulator.journal
    .entries({ after: from })
    .filter(({ path }) => !path.endsWith("/$batch"));
  const requests = entries.map((entry) => {
    const { method } = entry;
    const path = pathWithoutIds(entry.path);
    const occurrence = (seen.get(`${method} ${path}`) ?? 0) + 1;
    seen.set(`${method} ${path}`, occurrence);
    return { method, path, occurrence, ofTenant: entry.tenantId !== undefined };
  });
  const held = whatIsHeld(journey.tenant);
  const settled = hasChanges(await preview(stack)) ? undefined : stateIn(journey).resources;
  return { restore, requests, held, settled };
}

/** Runs an operation whose requests meet with faults, and again until it ends well. */
export async function strike(
  world: World,
  operation: TestedOperation,
  { restore, held, settled }: Baseline,
  strikes: readonly Strike[],
): Promise<Outcome> {
  const { journey, stack } = world;
  const { journal, faults } = journey.simulator;
  restore();
  const watch = new Watch(journey, operation, held);
  const from = journal.position;
  const armed = strikes.map(({ request, kind }) =>
    (request.ofTenant ? journey.tenant.faults : faults).add(faultOf(kind, request)),
  );
  const hits = () => journal.entries({ after: from }).filter(({ fault }) => fault !== undefined);
  const notes: string[] = [];
  const errors: string[] = [];
  let ended = false;
  let runs = 0;
  for (let before = 0, left = furtherRuns; !ended && left >= 0; left -= 1) {
    try {
      await run(world, operation, notes);
      ended = true;
    } catch (error) {
      errors.push(reasonOf(error));
    }
    runs += 1;
    // A run that has met with a further fault may fail by it.
    left += hits().length > before && runs > 1 ? 1 : 0;
    before = hits().length;
    if (strikes.length === 1) {
      armed.forEach((switchOff) => switchOff());
    }
  }
  armed.forEach((switchOff) => switchOff());
  watch.stop();
  const wrong = [
    ...(ended ? [] : [`not converged after ${runs} runs: ${errors.at(-1) ?? ""}`]),
    ...errors.filter((one) => one.includes("could not be found in the stack")),
    ...watch.violations,
    ...(ended ? watch.leftovers(notes) : []),
  ];
  const { resources, pending } = stateIn(journey);
  // A state like that of the run without faults, after which nothing changed, needs no preview.
  const isKnown = resources === settled;
  if (ended && operation.after !== undefined && !isKnown && hasChanges(await preview(stack))) {
    wrong.push("a preview still has changes");
  }
  if (ended && pending > 0) {
    wrong.push("operations are pending in the state");
  }
  return {
    runs,
    struck: strikes.every(({ request }) =>
      hits().some(
        ({ method, path }) => method === request.method && pathWithoutIds(path) === request.path,
      ),
    ),
    notes,
    ...(errors.length > 0 ? { errors } : {}),
    faults: wrong,
  };
}

/** The resources in the backend's file, without what every run makes anew: ids, times and keys. */
function stateIn(journey: Journey): { resources: string; pending: number } {
  const { resources = [], pending_operations: pending = [] } = latestIn(journey);
  const sorted = resources.toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
  const known = JSON.stringify(sorted, (key, value: unknown) =>
    ["created", "modified", "ciphertext"].includes(key)
      ? undefined
      : /[dD]ependencies$/.test(key) && Array.isArray(value)
        ? value.toSorted()
        : value,
  )
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "{id}")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "{time}")
    .replace(/"[A-Za-z0-9+/=_-]{27,}"/g, '"{key}"');
  return { resources: known, pending: pending.length };
}

interface LatestState {
  readonly resources?: readonly { readonly urn: string }[];
  readonly pending_operations?: readonly object[];
}

/** As `pulumi stack export` tells it, without starting the CLI. */
function latestIn({ directory }: Journey): LatestState {
  const file = join(directory, ".pulumi/stacks/apponly/dev.json");
  const kept = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest?: LatestState } };
  return kept.checkpoint.latest ?? {};
}

/** An engine whose port an earlier one had may be taken for that one, once. */
async function preview(journeyStack: JourneyStack) {
  const stack = await journeyStack.opened();
  return previewStack(stack).catch(() => previewStack(stack));
}

/** The engine's own words, of everything that the SDK puts around them. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split("\n").filter((line) => /error:|\* |Error/.test(line));
  return (lines.length > 0 ? lines : text.split("\n")).slice(0, 6).join(" | ").slice(0, 900);
}
