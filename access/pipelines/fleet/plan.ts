import { pipelineYaml } from "../titles";
import { PipelineError, type PipelineFile } from "../types";

/** The engines that carry a fleet's runs. */
export const fleetKinds = ["fleet-github-actions", "fleet-azure-devops", "fleet-gitlab"] as const;

/** One of {@link fleetKinds}. */
export type FleetKind = (typeof fleetKinds)[number];

/** The stacks of a project, in the order in which they are rolled out. */
export interface Waves {
  readonly canary: readonly string[];
  /** A tenth of the others. */
  readonly tenth: readonly string[];
  readonly rest: readonly string[];
}

/** What is generated for a project. */
export interface FleetPlan {
  readonly kind: FleetKind;
  readonly waves: Waves;
  /** Parts in which the stacks are read. */
  readonly shards: number;
  /** Whether a read keeps a ticket for each tenant and finding. */
  readonly tickets: boolean;
}

/** The waves by name, in order. */
export const waveNames = ["canary", "tenth", "rest"] as const;

/** Failures of one class at which the next wave does not begin. */
export const stopAt: Readonly<Record<(typeof waveNames)[number], number>> = {
  canary: 1,
  tenth: 3,
  rest: 3,
};

/** Options by which the last report of a run tells people. */
export function toldTo(tickets: boolean): string {
  return tickets ? "--notify --tickets" : "--notify";
}

/** A generated file, with what somebody has to know who opens it. */
export function fleetFile(
  path: string,
  comment: readonly string[],
  content: Record<string, unknown>,
): PipelineFile {
  const head = comment.map((line) => `# ${line}\n`).join("");
  return { path, content: `${head}${pipelineYaml(content)}`, executable: false };
}

/**
 * Makes sure that an engine can run a wave as jobs.
 *
 * @throws {PipelineError} If it has too many stacks.
 */
export function requireRoom({ waves }: FleetPlan, most: number, engine: string): void {
  const [name] = [...waveNames].sort((a, b) => waves[b].length - waves[a].length);
  const size = name === undefined ? 0 : waves[name].length;
  if (size > most) {
    // By a hash, parts differ in size: by this much in none of thousands.
    const mean = ((Math.sqrt(4 * most + 16) - 4) / 2) ** 2;
    throw new PipelineError(
      `The wave "${name}" has ${size} stacks, and ${engine} runs at most ${most} jobs of one kind. Generate one pipeline for each part: --shard 1/${Math.ceil(size / mean)}, and so on.`,
    );
  }
}
