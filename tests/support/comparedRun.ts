import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { destroyStack, type OperationResult, previewStack } from "../../operations/stack";
import { exampleConfiguration, type Journey, startJourney } from "./journey";
import { pathWithoutIds } from "./pathsOfRequests";

/** What one operation asked of the tenant, and planned, in a form that two runs can be compared in. */
export interface ComparedOperation {
  /** Number of resources by operation. */
  changes: Record<string, number>;
  /** Requests with how often each was sent, sorted: method, path, query, status, keys of the body. */
  requests: Record<string, number>;
  /** Resources of the azuread plugin that change: operation, type and name, changed and replacing properties. */
  plan: string[];
}

/** The operations of the run by name, in order. */
export type ComparedRun = Record<string, ComparedOperation>;

const example = { ...exampleConfiguration, redirectUri: "https://contoso.org/signin" };
const renamed = { ...example, displayName: "Renamed" };

const configurations = {
  create: example,
  rename: renamed,
  widen: {
    ...renamed,
    workloads: ["exchange", "compliance"],
    directoryRoles: ["Global Reader"],
    redirectUri: "https://contoso.org/other",
  },
  swap: {
    ...renamed,
    certificates: [{ name: "2026-11", subject: "contoso.org", validityDays: 100 }],
  },
};

/**
 * One stack through create, rename, a wider permission, another certificate and destroy, each with
 * its preview before and an empty one after it.
 */
export async function comparedRun(): Promise<{ run: ComparedRun; plugins: string[] }> {
  const journey = await startJourney();
  const run: ComparedRun = {};
  const record = async (name: string, operate: () => Promise<OperationResult>) => {
    journey.simulator.journal.clear();
    const result = await operate();
    run[name] = {
      changes: { ...result.changes },
      requests: requestsOf(journey),
      plan: planOf(result),
    };
  };
  const opened = await journey.stack("dev", example);
  for (const [name, configuration] of Object.entries(configurations)) {
    await opened.configure(configuration);
    await record(`${name}, preview`, async () => previewStack(await opened.opened()));
    await record(name, async () => plainUpdate(await opened.opened()));
    await record(`${name}, preview again`, async () => previewStack(await opened.opened()));
  }
  await record("destroy", async () => destroyStack(await opened.opened()));
  const plugins = journey.toolchain.plugins.map((one) => `${one.name} ${one.version} ${one.kind}`);
  await journey.close();
  return { run, plugins };
}

/** As `pulumi up` updates: the command withdraws rights in a run of its own, and looks up what was lost. */
async function plainUpdate(stack: Stack): Promise<OperationResult> {
  const events: EngineEvent[] = [];
  await stack.up({ color: "never", suppressOutputs: true, onEvent: (one) => events.push(one) });
  const changes = events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent
    ?.resourceChanges;
  return { changes: { ...changes }, events };
}

function requestsOf({ simulator }: Journey): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { method, path, query, status, requestBody } of simulator.journal.entries()) {
    // How often a process signs in depends on how many of its first calls come at once.
    if (/\/metadata\/|\/oauth2\//.test(path)) {
      continue;
    }
    // The tenant's policy of certificates is read by the program itself, whatever the plugins.
    const own =
      /policies|\$batch/i.test(path) ||
      query.$select === "createdDateTime" ||
      query.$filter?.startsWith("displayName eq ");
    if (own) {
      continue;
    }
    const line = [
      method,
      pathWithoutIds(path),
      withoutIds(new URLSearchParams(query).toString()),
      status,
      bodyKeys(requestBody),
    ].join(" ");
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Microsoft's own application ids stay, all others are different in every run. */
function withoutIds(text: string): string {
  return text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) =>
    id.startsWith("0000000") ? id : "{id}",
  );
}

function bodyKeys(body: unknown): string {
  return typeof body === "object" && body !== null ? Object.keys(body).sort().join(",") : "";
}

function planOf({ events }: OperationResult): string[] {
  return events
    .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
    .filter(({ op, type }) => op !== "same" && type.startsWith("azuread:"))
    .map(({ op, urn, diffs, keys }) =>
      [
        op,
        urn.split("::").slice(-1)[0],
        `changes ${[...(diffs ?? [])].sort().join(",")}`,
        `replaces ${[...(keys ?? [])].sort().join(",")}`,
      ].join(" "),
    )
    .sort();
}
