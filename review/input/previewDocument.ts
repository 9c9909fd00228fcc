import { isEngineEvent } from "./engineEvents";
import { isObject, listOf, type Properties, propertiesOf, textOf } from "../../policy/rules/values";
import { configOf, countsOf, type EngineStep, engineStep, previewFrom } from "./engineStep";
import { type Diagnostic, type Preview, PreviewFormatError } from "./preview";
import { parseUrn } from "./urn";

/**
 * Reads the document that `pulumi preview --json` prints, of CLI 3.150 and newer.
 *
 * The document leaves out unchanged resources and policy results; where a judgement depends on
 * them, the review says so.
 *
 * @throws {PreviewFormatError} If the value is not such a document.
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/
 */
export function readPreviewDocument(json: unknown): Preview {
  if (!isObject(json)) {
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
  const steps = listOf(json.steps).flatMap((step) => readStep(propertiesOf(step), gaps));
  const diagnostics = listOf(json.diagnostics).flatMap((one) => readDiagnostic(propertiesOf(one)));
  if (json.maybeCorrupt === true) {
    gaps.push("The engine says that the stack's state may be corrupt.");
  }
  if (diagnostics.some(({ severity }) => severity === "error")) {
    gaps.push("The preview reported an error.");
  }
  return previewFrom(withoutParts(steps), {
    changeSummary: countsOf(json.changeSummary),
    config: configOf(json.config),
    diagnostics,
    showsSames: false,
    gaps: [...new Set(gaps)],
  });
}

/** Whether a value looks like the document; an empty one has no steps. */
export function isPreviewDocument(json: unknown): json is Properties {
  return (
    isObject(json) &&
    (Array.isArray(json.steps) ||
      isObject(json.changeSummary) ||
      (Array.isArray(json.diagnostics) && typeof json.duration === "number"))
  );
}

function keysOf(json: Properties): string {
  const keys = Object.keys(json).slice(0, 5);
  return keys.length === 0 ? "nothing" : keys.map((key) => JSON.stringify(key)).join(", ");
}

function readStep(step: Properties, gaps: string[]): EngineStep[] {
  const op = textOf(step.op);
  const urn = textOf(step.urn);
  if (op === undefined || urn === undefined) {
    gaps.push("A step names no operation or no resource.");
    return [];
  }
  const { oldState, newState, diffReasons, replaceReasons, detailedDiff } = step;
  const stated = propertiesOf(newState ?? oldState).type;
  return [
    engineStep(op, urn, {
      type: textOf(stated) ?? parseUrn(urn)?.type,
      old: oldState,
      new: newState,
      diffs: diffReasons,
      keys: replaceReasons,
      detailedDiff,
    }),
  ];
}

/** With `--show-replacement-steps` a replacement is there three times, as one step and its parts. */
function withoutParts(steps: readonly EngineStep[]): EngineStep[] {
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
