import { workloadTitles } from "../../components/catalog/workloads";
import { visibleText } from "../../system/visibleText";
import type { PipelinePlan } from "./types";

/** Name of a pipeline's files, without an ending. */
export function baseName({ target }: PipelinePlan): string {
  return `apponly-${target.stack}`;
}

/** What the pipeline does, in a few words. */
export function titleOf({ target, workloads }: PipelinePlan): string {
  return `${workloads.map((workload) => workloadTitles[workload]).join(" and ")} (${target.stack})`;
}

/** Lines that say what the file is and which command wrote it, without comment signs. */
export function originOf(plan: PipelinePlan): string[] {
  return [
    `Connects to ${titleOf(plan)} without a person.`,
    `Generated: apponly pipeline ${optionsOf(plan).map(shellWord).join(" ")}`,
    // Whatever comes: what followed a line break would not be a comment.
  ].map(visibleText);
}

function optionsOf(plan: PipelinePlan): string[] {
  const { kind, platform, credential, workloads, target, federation, identity } = plan;
  return [
    ...["--stack", target.stack, "--kind", kind, "--platform", platform],
    ...["--credential", credential],
    ...(workloads.length === target.workloads.length ? [] : ["--workload", ...workloads]),
    ...(federation === undefined ? [] : ["--federation", federation.name]),
    ...(credential === "managed-identity" ? ["--identity", identity] : []),
    ...(kind === "github-actions" && federation === undefined
      ? ["--environment", plan.environment]
      : []),
  ];
}

function shellWord(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** When scheduled pipelines run: daily, at a minute that is not everybody's. */
export const dailySchedule = "17 5 * * *";
