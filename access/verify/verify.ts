import type { Workload } from "../../components/catalog/workloads";
import { followChain, requestToken } from "./chain";
import { isDiagnosis } from "./diagnosis";
import { brokenLink, type ChainResult, type VerifyReport } from "./report";
import type { LinkName } from "./documentShape";
import { credentialOf, type Identity, targetOf, type VerifyInput } from "./target";
import { dayMs } from "../../system/durations";
import { type Pause, pauseByClock } from "../../system/retry";

/** Time, and how long to wait for what was granted to arrive. */
export interface VerifyOptions extends Time {
  /** Milliseconds to wait at most. @default 0 */
  readonly waitMs?: number;
  /** Told before each pause which chains are late, and how long the pause is. */
  readonly onLate?: (late: readonly ChainResult[], pauseMs: number) => void;
}

/**
 * Proves that every identity can connect to every workload: certificate or assertion, token,
 * organization, permission, directory role, and a read-only cmdlet that the workload really
 * answers.
 *
 * What was granted a moment ago is late, not broken: late chains are followed again, each time with
 * a fresh token, because an older one has the permissions and roles of its issue. A chain that is
 * broken for good ends the waiting at once.
 *
 * @example
 * const report = await verify(input, { waitMs: 30 * 60_000 });
 * process.exitCode = report.ok ? 0 : report.propagating ? 6 : 4;
 */
export async function verify(
  input: VerifyInput,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const { now = () => new Date() } = options;
  const begun = now().getTime();
  const followed = identitiesOf(input).flatMap((identity) =>
    input.workloads.map((workload) => new ChainOverTime(input, identity, workload)),
  );
  const { waitedMs } = await tryWhilePropagating(
    async () => {
      for (const one of followed.filter(({ holds }) => !holds)) {
        await one.follow(now(), now().getTime() - begun);
      }
      return followed.map(({ result }) => result);
    },
    (results) => {
      const broken = results.flatMap(({ diagnosis }) => diagnosis ?? []);
      if (broken.length === 0 || broken.some(({ propagating }) => !propagating)) {
        return undefined;
      }
      const seconds = Math.max(...broken.map(({ retryAfterSeconds }) => retryAfterSeconds ?? 0));
      return { retryAfterSeconds: seconds };
    },
    {
      ...options,
      deadline: begun + (options.waitMs ?? 0),
      firstPauseMs: 2000,
      onPause: (results, pauseMs) =>
        options.onLate?.(
          results.filter(({ diagnosis }) => diagnosis !== undefined),
          pauseMs,
        ),
    },
  );
  const chains = followed.map((one) => one.result);
  const broken = chains.flatMap(({ diagnosis }) => diagnosis ?? []);
  return {
    ok: chains.length > 0 && broken.length === 0,
    propagating: broken.length > 0 && broken.every(({ propagating }) => propagating),
    waitedMs,
    chains,
  };
}

/** Everything an input can sign in with. */
export function identitiesOf(input: VerifyInput): Identity[] {
  return [...input.generations, ...(input.federated ?? [])];
}

/** One chain over all attempts, with how long each link was seen to be late. */
class ChainOverTime {
  private attempts = 0;
  private last: ChainResult | undefined;
  /** Milliseconds at which a link was first seen missing, and at which it was last. */
  private readonly late = new Map<LinkName, { since: number; until: number }>();

  constructor(
    private readonly input: VerifyInput,
    private readonly identity: Identity,
    private readonly workload: Workload,
  ) {}

  get holds(): boolean {
    return this.last !== undefined && this.last.diagnosis === undefined;
  }

  async follow(now: Date, elapsedMs: number): Promise<void> {
    const before = this.last && brokenLink(this.last);
    this.last = await settleDiagnosis(
      this.input,
      await followChain(this.input, this.identity, this.workload, now),
      now,
    );
    this.attempts += 1;
    const seen = before && this.late.get(before);
    if (seen !== undefined) {
      seen.until = elapsedMs;
    }
    const missing = brokenLink(this.last);
    if (missing !== undefined && !this.late.has(missing)) {
      this.late.set(missing, { since: elapsedMs, until: elapsedMs });
    }
  }

  get result(): ChainResult {
    const result = this.last!;
    return {
      ...result,
      attempts: this.attempts,
      links: result.links.map((one) => {
        const { since = 0, until = 0 } = this.late.get(one.link) ?? {};
        return until > since ? { ...one, lateSeconds: Math.round((until - since) / 1000) } : one;
      }),
    };
  }
}

/** No grant of Microsoft 365 is on its way for longer. */
const arrivalMs = dayMs;

/** Failures of a moment, whenever the stack was changed. */
const transient: ReadonlySet<string> = new Set([
  "throttled",
  "service-unavailable",
  "connection-lost",
]);

/** A result with the stack's name in its remedy, and without blaming a propagation that is over. */
async function settleDiagnosis(
  input: VerifyInput,
  chain: ChainResult,
  now: Date,
): Promise<ChainResult> {
  const { diagnosis } = chain;
  if (diagnosis === undefined) {
    return chain;
  }
  const remedy =
    input.stack === undefined
      ? diagnosis.remedy
      : diagnosis.remedy.replaceAll("--stack NAME", `--stack ${input.stack}`);
  const changed =
    diagnosis.propagating && !transient.has(diagnosis.code)
      ? await input.lastChange?.().catch(() => undefined)
      : undefined;
  const isOver = changed !== undefined && now.getTime() - changed.getTime() > arrivalMs;
  return {
    ...chain,
    diagnosis: isOver
      ? {
          ...diagnosis,
          cause: `${diagnosis.cause} The stack was last changed on ${changed.toISOString().slice(0, 10)}, so nothing is on its way: it was taken away since.`,
          remedy,
          propagating: false,
        }
      : { ...diagnosis, remedy },
  };
}

/**
 * Proves that a token is issued with every identity, for the first workload. Waits for a
 * certificate that was registered a moment ago.
 *
 * @returns Why no token is issued, or `undefined`.
 */
export async function proveSignIn(
  input: VerifyInput,
  waitMs: number,
  options: Time = {},
): Promise<string | undefined> {
  const now = options.now ?? (() => new Date());
  const deadline = now().getTime() + waitMs;
  const workload = input.workloads[0] ?? "exchange";
  for (const identity of identitiesOf(input)) {
    const { result } = await tryWhilePropagating(
      async () =>
        requestToken(targetOf(input, identity), await credentialOf(identity), workload, now()),
      (token) => (isDiagnosis(token) && token.propagating ? token : undefined),
      { ...options, deadline, firstPauseMs: 1000 },
    );
    if (isDiagnosis(result)) {
      return `${result.cause} ${result.remedy}`;
    }
  }
  return undefined;
}

/** Time, which tests replace. */
export interface Time {
  readonly now?: () => Date;
  readonly sleep?: Pause;
}

const longestPause = 30_000;

/**
 * Tries until the result no longer is late or the time is up. Pauses double up to 30 seconds; a
 * service that asks for a longer pause gets it.
 *
 * @param late Tells whether a result is late, and how many seconds its service asks to wait.
 */
async function tryWhilePropagating<T>(
  attempt: () => Promise<T>,
  late: (result: T) => { readonly retryAfterSeconds?: number } | undefined,
  options: Time & {
    /** Instant after which nothing is tried again, in milliseconds since the epoch. */
    readonly deadline: number;
    readonly firstPauseMs: number;
    /** Told before each pause. */
    readonly onPause?: (result: T, milliseconds: number) => void;
  },
): Promise<{ readonly result: T; readonly waitedMs: number }> {
  const { now = () => new Date(), sleep = pauseByClock } = options;
  const start = now().getTime();
  let pause = options.firstPauseMs;
  for (;;) {
    const result = await attempt();
    const asked = late(result);
    const wait = Math.max(pause, (asked?.retryAfterSeconds ?? 0) * 1000);
    if (asked === undefined || now().getTime() + wait > options.deadline) {
      return { result, waitedMs: now().getTime() - start };
    }
    options.onPause?.(result, wait);
    await sleep(wait);
    pause = Math.min(pause * 2, longestPause);
  }
}
