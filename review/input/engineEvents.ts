import {
  type Diagnostic,
  PreviewFormatError,
  type PreviewStep,
  type PreviewSteps,
  type StepState,
} from "./previewSteps";
import { countsOf, isRecord, type Properties, recordOf, textOf, textsOf } from "./shape";
import { detailedPaths, isLeftover, rootKeys, stepStateOf } from "./stepState";

/**
 * Reads engine events: those of the Automation API's `onEvent`, of
 * `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 pulumi preview --json`, and of an event log.
 *
 * Debug messages are passed over: they repeat properties of resources, secrets in plain.
 *
 * @throws {PreviewFormatError} If there is no event at all, or events of several operations.
 * @example
 * const steps = readEvents(events);
 * const steps = await readEvents(stream);
 * @see https://www.pulumi.com/docs/iac/automation-api/
 */
export function readEvents(input: AsyncIterable<unknown>): Promise<PreviewSteps>;
export function readEvents(input: Iterable<unknown>): PreviewSteps;
export function readEvents(
  input: Iterable<unknown> | AsyncIterable<unknown>,
): PreviewSteps | Promise<PreviewSteps> {
  const reader = new EventReader();
  if (Symbol.asyncIterator in input) {
    return readAll(input, reader);
  }
  for (const event of input) {
    reader.read(event);
  }
  return reader.finish();
}

async function readAll(events: AsyncIterable<unknown>, reader: EventReader): Promise<PreviewSteps> {
  for await (const event of events) {
    reader.read(event);
  }
  return reader.finish();
}

/** Whether a value is an engine event. */
export function isEngineEvent(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).some((key) => key.endsWith("Event"));
}

const replacementParts = new Set(["create-replacement", "delete-replaced"]);

class EventReader {
  private readonly steps = new Map<string, PreviewStep>();
  private readonly diagnostics: Diagnostic[] = [];
  private readonly gaps: string[] = [];
  private config: Record<string, string> = {};
  private changeSummary: Record<string, number> | undefined;
  private events = 0;
  private preludes = 0;

  read(event: unknown): void {
    if (!isEngineEvent(event)) {
      this.gaps.push("Something in the stream is no engine event.");
      return;
    }
    this.events += 1;
    const { preludeEvent, resourcePreEvent, resOutputsEvent, ...others } = recordOf(event);
    if (isRecord(preludeEvent)) {
      this.prelude(preludeEvent);
    } else if (isRecord(resourcePreEvent)) {
      this.step(recordOf(resourcePreEvent.metadata));
    } else if (isRecord(resOutputsEvent)) {
      this.step(recordOf(resOutputsEvent.metadata));
    } else {
      this.other(others);
    }
  }

  finish(): PreviewSteps {
    if (this.events === 0) {
      throw new PreviewFormatError(
        "There is no engine event to review. Give the events of one `pulumi preview`.",
      );
    }
    if (this.changeSummary === undefined) {
      this.gaps.push("The events end before the preview does: its summary is missing.");
    }
    return {
      steps: [...this.steps.values()],
      changeSummary: this.changeSummary ?? {},
      config: this.config,
      diagnostics: this.diagnostics,
      showsSames: true,
      gaps: [...new Set(this.gaps)],
    };
  }

  private prelude(event: Properties): void {
    this.preludes += 1;
    if (this.preludes > 1) {
      throw new PreviewFormatError(
        "The events are those of several operations. Give the events of one preview.",
      );
    }
    this.config = Object.fromEntries(
      Object.entries(recordOf(event.config)).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string",
      ),
    );
  }

  private step(metadata: Properties): void {
    const op = textOf(metadata.op);
    const urn = textOf(metadata.urn);
    if (op === undefined || urn === undefined) {
      this.gaps.push("A step names no operation or no resource.");
      return;
    }
    if (isLeftover(op, metadata.old)) {
      this.steps.set(`${urn} leftover`, stepOf("delete-replaced", urn, metadata));
      return;
    }
    const known = this.steps.get(urn);
    // A replacement has up to three steps; the one called `replace` stands for all.
    if (known !== undefined && replacementParts.has(op) && known.op !== op) {
      if (!replacementParts.has(known.op)) {
        return;
      }
      this.steps.set(urn, joinReplacement(known, stepOf(op, urn, metadata)));
      return;
    }
    this.steps.set(urn, stepOf(op, urn, metadata, known));
  }

  private other(event: Properties): void {
    if (isRecord(event.diagnosticEvent)) {
      this.diagnostic(event.diagnosticEvent);
    } else if (isRecord(event.policyEvent)) {
      this.policy(event.policyEvent);
    } else if (isRecord(event.summaryEvent)) {
      this.summary(event.summaryEvent);
    } else if (isRecord(event.resOpFailedEvent)) {
      const { urn } = recordOf(event.resOpFailedEvent.metadata);
      this.gaps.push(`The preview failed for ${textOf(urn) ?? "a resource"}.`);
    } else if (isRecord(event.errorEvent)) {
      this.gaps.push("The engine reported an error.");
      this.note("error", textOf(event.errorEvent.error) ?? textOf(event.errorEvent.message));
    }
  }

  private diagnostic({ severity, message, ephemeral }: Properties): void {
    if (ephemeral === true) {
      return;
    }
    if (severity === "error") {
      this.gaps.push("The preview reported an error.");
      this.note("error", textOf(message));
    } else if (severity === "warning") {
      this.note("warning", textOf(message));
    }
  }

  private policy(event: Properties): void {
    const name = [textOf(event.policyPackName), textOf(event.policyName)].filter(Boolean).join("/");
    const mandatory = event.enforcementLevel === "mandatory";
    this.note(
      mandatory ? "error" : "warning",
      `Policy ${name} (${textOf(event.enforcementLevel) ?? "advisory"}): ${textOf(event.message) ?? ""}`,
    );
  }

  private summary(event: Properties): void {
    this.changeSummary = countsOf(event.resourceChanges);
    if (event.maybeCorrupt === true) {
      this.gaps.push("The engine says that the stack's state may be corrupt.");
    }
    if (textOf(event.result) === "failed") {
      this.gaps.push("The preview failed.");
    }
  }

  private note(severity: Diagnostic["severity"], message: string | undefined): void {
    const text = message?.trim();
    if (text) {
      this.diagnostics.push({ severity, message: text });
    }
  }
}

function stepOf(op: string, urn: string, metadata: Properties, known?: PreviewStep): PreviewStep {
  const paths = detailedPaths(metadata.detailedDiff);
  const before = stepStateOf(metadata.old) ?? known?.old;
  const after = laterState(stepStateOf(metadata.new), known?.new);
  return {
    op,
    urn,
    type: textOf(metadata.type) ?? "",
    ...(before === undefined ? {} : { old: before }),
    ...(after === undefined ? {} : { new: after }),
    diffKeys: rootKeys([...textsOf(metadata.diffs), ...paths.all]),
    replaceKeys: rootKeys([...textsOf(metadata.keys), ...paths.replacing]),
  };
}

/** Outputs come with a later event; a component's final event repeats no inputs. */
function laterState(
  state: StepState | undefined,
  known: StepState | undefined,
): StepState | undefined {
  if (state === undefined || known === undefined) {
    return state ?? known;
  }
  const pick = (later: Properties, earlier: Properties) =>
    Object.keys(later).length > 0 ? later : earlier;
  return {
    ...state,
    inputs: pick(state.inputs, known.inputs),
    outputs: pick(state.outputs, known.outputs),
  };
}

function joinReplacement(one: PreviewStep, other: PreviewStep): PreviewStep {
  const before = one.old ?? other.old;
  const after = one.new ?? other.new;
  return {
    ...one,
    op: "replace",
    ...(before === undefined ? {} : { old: before }),
    ...(after === undefined ? {} : { new: after }),
    diffKeys: [...new Set([...one.diffKeys, ...other.diffKeys])],
    replaceKeys: [...new Set([...one.replaceKeys, ...other.replaceKeys])],
  };
}
