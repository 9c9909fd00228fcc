import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Phase } from "../../../operations/rotation";
import type { FaultedRotation } from "./cases";
import { type BaselineRequest, faultOf, type Segment } from "./faultKinds";
import { Invariant } from "./invariant";
import type { World } from "./world";

/** A rotation without faults: its requests, and the places where its parts begin. */
export interface Baseline {
  readonly requests: readonly BaselineRequest[];
  /** Puts the world to where a part begins. */
  readonly restore: Readonly<Record<Segment, () => void>>;
  /** Where each part begins, as {@link World.fingerprint} tells it. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** Places from which a rotation that had failed there came to a good end, without a fault on its way. */
  readonly healed: Set<string>;
  /** Thumbprint of the certificate that is rotated away. */
  readonly before: string;
  readonly violations: readonly string[];
}

/** What became of one rotation with a fault. */
export interface Outcome {
  /** Runs that were needed, the first included. */
  readonly runs: number;
  /** Whether the fault struck, without which nothing is shown. */
  readonly struck: boolean;
  /** Requests at which the invariant was looked at. */
  readonly requests: number;
  /** What is wrong; empty when all is well. */
  readonly faults: readonly string[];
}

/** Ends a run that is where the rotation without faults has been: what follows is known. */
class KnownPlace extends Error {}

/** Rotates once without faults, and keeps the places where the parts begin. */
export async function recordBaseline(world: World): Promise<Baseline> {
  await world.update();
  const before = world.receivedNow() ?? "";
  const { journal } = world.journey.simulator;
  const starts: { segment: Segment; position: number; restore: () => void; place: string }[] = [];
  const begin = (segment: Segment) => {
    const [restore, place] = [world.checkpoint(), world.fingerprint()];
    starts.push({ segment, position: journal.position, restore, place });
  };
  const invariant = new Invariant(world);
  const stop = invariant.watch();
  begin("start");
  await world.rotate({ onPhase: ({ kind }) => begin(kind as Segment) });
  stop();
  const seen = new Map<string, number>();
  const requests = journal.entries({ after: starts[0]?.position ?? 0 }).map((entry) => {
    const segment = starts.findLast(({ position }) => position < entry.seq)?.segment ?? "start";
    const key = `${segment} ${entry.method} ${entry.path}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return {
      segment,
      method: entry.method,
      path: entry.path,
      occurrence: seen.get(key) ?? 1,
      ofTenant: entry.tenantId !== undefined,
    };
  });
  const valueBySegment = <T>(value: (start: (typeof starts)[number]) => T) =>
    Object.fromEntries(starts.map((start) => [start.segment, value(start)])) as Record<Segment, T>;
  return {
    requests,
    before,
    restore: valueBySegment(({ restore }) => restore),
    fingerprints: valueBySegment(({ place }) => place),
    healed: new Set(),
    violations: invariant.violations,
  };
}

/**
 * Rotates with faults at some requests of one part, again and again until each has been struck and
 * the rotation is complete.
 */
export async function rotateWithFaults(
  world: World,
  baseline: Omit<Baseline, "requests" | "violations">,
  strikes: readonly FaultedRotation[],
): Promise<Outcome> {
  const segment = strikes[0]?.request.segment ?? "start";
  const { simulator, tenant } = world.journey;
  baseline.restore[segment]();
  const invariant = new Invariant(world);
  const missing = new Set(strikes);
  const armed: (() => void)[] = [];
  const stopWatching = invariant.watch();
  const stopListening = simulator.journal.subscribe(({ fault, method, path }) => {
    const struck = [...missing].find(
      ({ request }) => fault !== undefined && request.method === method && request.path === path,
    );
    if (struck === undefined) {
      return;
    }
    missing.delete(struck);
    if (struck.kind === "the first that is cut off, with all after it") {
      for (const all of [tenant.faults, simulator.faults]) {
        armed.push(all.add({ kind: "dropConnection", phase: "before" }));
      }
    }
  });
  const arm = () => {
    for (const { request, kind } of missing) {
      const faults = request.ofTenant ? tenant.faults : simulator.faults;
      armed.push(faults.add(faultOf(kind, request)));
    }
  };
  const disarm = () => armed.splice(0).forEach((switchOff) => switchOff());
  const onPhase = ({ kind: phase }: Phase) => {
    if (phase === segment && missing.size > 0) {
      disarm();
      arm();
    } else if (missing.size === 0 && world.fingerprint() === baseline.fingerprints[phase]) {
      throw new KnownPlace();
    }
  };
  const faults: string[] = [];
  const most = strikes.length + 3;
  let runs = 0;
  let end: "complete" | "known place" | undefined;
  const failedAt: string[] = [];
  for (; end === undefined && runs < most; runs += 1) {
    const before = missing.size;
    if (segment === "start") {
      arm();
    }
    try {
      await world.rotate({ onPhase });
      end = "complete";
    } catch (error) {
      const place = missing.size === 0 ? world.fingerprint() : undefined;
      const isKnown = error instanceof KnownPlace || (place && baseline.healed.has(place));
      end = isKnown ? "known place" : undefined;
      failedAt.push(...(place === undefined || isKnown ? [] : [place]));
      if (end === undefined && missing.size === before && runs > 0) {
        faults.push(`run ${runs + 1} failed without a fault: ${(error as Error).message}`);
      }
    }
    disarm();
    if (end !== undefined && missing.size > 0 && missing.size < strikes.length) {
      // It went on from behind the request that is left.
      faults.push(...(end === "complete" ? faultsAtTheEnd(world, baseline) : []));
      baseline.restore[segment]();
      invariant.forget();
      end = undefined;
    }
  }
  stopListening();
  stopWatching();
  if (end === undefined) {
    faults.push(`the rotation is not complete after ${most} runs`);
  } else if (end === "complete") {
    faults.push(...faultsAtTheEnd(world, baseline));
  }
  faults.push(...invariant.violations);
  if (faults.length === 0) {
    failedAt.forEach((place) => baseline.healed.add(place));
  }
  return { runs, struck: missing.size === 0, requests: invariant.requests, faults };
}

/** After a rotation the new certificate is the only one left, once, and the only one that the settings name. */
function faultsAtTheEnd(world: World, { before }: Pick<Baseline, "before">): string[] {
  const active = world.receivedNow() ?? "nothing";
  const valid = world.validThumbprints();
  const settings = parse(readFileSync(join(world.workDirectory, "Pulumi.dev.yaml"), "utf8")) as {
    config: { "apponly:certificates": unknown[] };
  };
  const configured = settings.config["apponly:certificates"].length;
  return [
    ...(active === before ? ["the old certificate is still active"] : []),
    ...(valid.length === 1 && valid[0] === active
      ? []
      : [`the application holds ${valid.join(", ")}, and ${active} is active`]),
    ...(configured === 1 ? [] : [`the settings have ${configured} generations`]),
  ];
}
