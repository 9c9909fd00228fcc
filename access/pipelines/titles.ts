import { stringify } from "yaml";
import { workloadTitles } from "../../components/catalog/workloads";
import { shellWord } from "../../system/shellWord";
import { visibleText } from "../../system/visibleText";
import type { PipelineFile, PipelinePlan } from "./types";

/** Name of a pipeline's files, without an ending. */
export function baseName({ target }: PipelinePlan): string {
  return `apponly-${target.stack}`;
}

/** What the pipeline does, in a few words. */
export function pipelineTitle({ target, workloads }: PipelinePlan): string {
  return `${workloads.map((workload) => workloadTitles[workload]).join(" and ")} (${target.stack})`;
}

/** Comments that say what the file is and which command wrote it. */
export function headComment(plan: PipelinePlan, sign: "#" | "//" = "#"): string[] {
  return [
    `Connects to ${pipelineTitle(plan)} without a person.`,
    `Generated: apponly pipeline ${optionsOf(plan).map(shellWord).join(" ")}`,
    // Whatever comes: what followed a line break would not be a comment.
  ].map((line) => `${sign} ${visibleText(line)}`);
}

/** A pipeline in YAML as people write it: long lines stay, and `key:` stands for nothing. */
export function yamlFile(plan: PipelinePlan, path: string, pipeline: object): PipelineFile {
  const yaml = stringify(pipeline, { lineWidth: 0, nullStr: "" });
  return { path, content: [...headComment(plan), yaml].join("\n"), executable: false };
}

/** Images of the machines that GitHub and Azure DevOps run jobs on. */
export const machineImages = { linux: "ubuntu-latest", windows: "windows-latest" } as const;

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
    ...(plan.script === undefined ? [] : ["--script", plan.script.path]),
    ...(plan.schedule === undefined ? [] : ["--schedule", plan.schedule]),
    ...(plan.moduleVersion === undefined ? [] : ["--module-version", plan.moduleVersion]),
  ];
}
