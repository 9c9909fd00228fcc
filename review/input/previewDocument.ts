import { isEngineEvent } from "./engineEvents";
import {
  type Diagnostic,
  PreviewFormatError,
  type PreviewStep,
  type PreviewSteps,
} from "./previewSteps";
import { countsOf, isRecord, listOf, type Properties, recordOf, textOf, textsOf } from "./shape";
import { detailedPaths, isLeftover, rootKeys, stepStateOf } from "./stepState";
import { parseUrn } from "./urn";

/**
 * Reads the document that `pulumi preview --json` prints, of CLI 3.150 and newer.
 *
 * The document leaves out unchanged resources and policy results; where a judgement depends on
 * them, the review says so.
 *
 * @throws {PreviewFormatError} If the value is no such document.
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/
 */
export function readPreviewDocument(json: unknown): PreviewSteps {
  if (!isRecord(json)) {
    throw new PreviewFormatError(
      "A preview document is a JSON object. Give the output of `pulumi preview --json`.",
    );
  }
  if (isEngineEvent(json)) {
    throw new PreviewFormatError(
      "This is one engine event, not a preview document. Give all events of the preview.",
    );
  }
  if (textOf(json.error) !== undefined && json.steps === undefined) {
    throw new PreviewFormatError(
      "The document holds an error instead of a preview. Run `pulumi preview` and mend what it reports.",
    );
  }
  if (!isPreviewDocument(json)) {
    throw new PreviewFormatError(
      `A preview document has "steps" or "changeSummary"; this one has ${keysOf(json)}. Give the output of \`pulumi preview --json\`.`,
    );
  }
  const gaps: string[] = [];
  const steps = listOf(json.steps).flatMap((step) => readStep(recordOf(step), gaps));
  const diagnostics = listOf(json.diagnostics).flatMap((one) => readDiagnostic(recordOf(one)));
  if (json.maybeCorrupt === true) {
    gaps.push("The engine says that the stack's state may be corrupt.");
  }
  if (diagnostics.some(({ severity }) => severity === "error")) {
    gaps.push("The preview reported an error.");
  }
  return {
    steps: withoutParts(steps),
    changeSummary: countsOf(json.changeSummary),
    config: readConfig(json.config),
    diagnostics,
    showsSames: false,
    gaps: [...new Set(gaps)],
  };
}

/** Whether a value looks like the document; an empty one has no steps. */
export function isPreviewDocument(json: unknown): json is Properties {
  return (
    isRecord(json) &&
    (Array.isArray(json.steps) ||
      isRecord(json.changeSummary) ||
      (Array.isArray(json.diagnostics) && typeof json.duration === "number"))
  );
}

function keysOf(json: Properties): string {
  const keys = Object.keys(json).slice(0, 5);
  return keys.length === 0 ? "nothing" : keys.map((key) => JSON.stringify(key)).join(", ");
}

function readStep(step: Properties, gaps: string[]): PreviewStep[] {
  const op = textOf(step.op);
  const urn = textOf(step.urn);
  if (op === undefined || urn === undefined) {
    gaps.push("A step names no operation or no resource.");
    return [];
  }
  const paths = detailedPaths(step.detailedDiff);
  const before = stepStateOf(step.oldState);
  const after = stepStateOf(step.newState);
  const stated = recordOf(step.newState ?? step.oldState).type;
  return [
    {
      op: isLeftover(op, step.oldState) ? "delete-replaced" : op,
      urn,
      type: textOf(stated) ?? parseUrn(urn)?.type ?? "",
      ...(before === undefined ? {} : { old: before }),
      ...(after === undefined ? {} : { new: after }),
      diffKeys: rootKeys([...textsOf(step.diffReasons), ...paths.all]),
      replaceKeys: rootKeys([...textsOf(step.replaceReasons), ...paths.replacing]),
    },
  ];
}

/** With `--show-replacement-steps` a replacement is there three times, as one step and its parts. */
function withoutParts(steps: readonly PreviewStep[]): PreviewStep[] {
  const replaced = new Set(steps.filter(({ op }) => op === "replace").map(({ urn }) => urn));
  return steps.filter(
    ({ op, urn }) =>
      !replaced.has(urn) || (op !== "create-replacement" && op !== "delete-replaced"),
  );
}

function readDiagnostic({ severity, message }: Properties): Diagnostic[] {
  // The document has the severity in front of the message too.
  const text = textOf(message)
    ?.replace(/^(warning|error): /, "")
    .trim();
  return text && (severity === "error" || severity === "warning")
    ? [{ severity, message: text }]
    : [];
}

function readConfig(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(recordOf(value)).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}
