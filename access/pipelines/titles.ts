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

/** A pipeline in YAML as people write it. */
export function yamlFile(plan: PipelinePlan, path: string, pipeline: object): PipelineFile {
  const content = [...headComment(plan), pipelineYaml(pipeline)].join("\n");
  return { path, content, executable: false };
}

/**
 * YAML in which long lines stay, and `key:` stands for nothing. GitLab reads the older version of YAML, in
 * which a stack named `yes` would be a truth and one named `2026-11-01` a day; GitHub knows no aliases,
 * which the library makes of what stands there twice.
 *
 * @see https://yaml.org/type/
 */
export function pipelineYaml(pipeline: object): string {
  const text = stringify(pipeline, {
    lineWidth: 0,
    nullStr: "",
    aliasDuplicateObjects: false,
    compat: "yaml-1.1",
  });
  // A key, of which every reader of workflows knows what it is.
  return text.replace(/^"on":/m, "on:");
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
