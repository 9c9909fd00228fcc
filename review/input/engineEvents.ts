import { isObject, type Properties, propertiesOf, textOf } from "../../policy/rules/values";
import { configOf, countsOf, type EngineStep, engineStep, previewFrom } from "./engineStep";
import { type Diagnostic, type Preview, PreviewFormatError } from "./preview";

/**
 * Reads engine events: those of the Automation API's `onEvent`, of
 * `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 pulumi preview --json`, and of an event log.
 *
 * Debug messages are passed over: they repeat properties of resources, secrets in plain.
 *
 * @param gaps What is known to be missing from the events.
 * @throws {PreviewFormatError} If there is no event at all, or events of several operations.
 * @example
 * const preview = readEvents(events);
 * const preview = await readEvents(stream);
 * @see https://www.pulumi.com/docs/iac/automation-api/
 */
export function readEvents(input: AsyncIterable<unknown>): Promise<Preview>;
export function readEvents(input: Iterable<unknown>, gaps?: readonly string[]): Preview;
export function readEvents(
  input: Iterable<unknown> | AsyncIterable<unknown>,
  gaps: readonly string[] = [],
): Preview | Promise<Preview> {
  const reader = new EventReader();
  if (Symbol.asyncIterator in input) {
    return foldEvents(input, reader);
  }
  for (const event of input) {
    reader.read(event);
  }
  return reader.finish(gaps);
}

async function foldEvents(events: AsyncIterable<unknown>, reader: EventReader): Promise<Preview> {
  for await (const event of events) {
    reader.read(event);
  }
  return reader.finish();
}

/** Whether a value is an engine event. */
export function isEngineEvent(value: unknown): boolean {
  return isObject(value) && Object.keys(value).some((key) => key.endsWith("Event"));
}

const replacementParts = new Set(["create-replacement", "delete-replaced"]);

class EventReader {
  private readonly steps = new Map<string, EngineStep>();
  private readonly diagnostics: Diagnostic[] = [];
  private readonly gaps: string[] = [];
  private config: Record<string, string> = {};
  private changeSummary: Record<string, number> | undefined;
  private events = 0;
  private preludes = 0;

  read(event: unknown): void {
    if (!isEngineEvent(event)) {
      this.gaps.push("Something in the stream is not an engine event.");
      return;
    }
    this.events += 1;
    const { preludeEvent, resourcePreEvent, resOutputsEvent, ...others } = propertiesOf(event);
    if (isObject(preludeEvent)) {
      this.prelude(preludeEvent);
    } else if (isObject(resourcePreEvent)) {
      this.step(propertiesOf(resourcePreEvent.metadata));
    } else if (isObject(resOutputsEvent)) {
      this.step(propertiesOf(resOutputsEvent.metadata));
    } else {
      this.noteOther(others);
    }
  }

  finish(furtherGaps: readonly string[] = []): Preview {
    if (this.events === 0) {
      throw new PreviewFormatError(
        "There is not an engine event to review. Give the events of one `pulumi preview`.",
      );
    }
    if (this.changeSummary === undefined) {
      this.gaps.push("The events end before the preview does: its summary is missing.");
    }
    return previewFrom([...this.steps.values()], {
      changeSummary: this.changeSummary ?? {},
      config: this.config,
      diagnostics: this.diagnostics,
      showsSames: true,
      gaps: [...new Set([...this.gaps, ...furtherGaps])],
    });
  }

  private prelude(event: Properties): void {
    this.preludes += 1;
    if (this.preludes > 1) {
      throw new PreviewFormatError(
        "The events are those of several operations. Give the events of one preview.",
      );
    }
    this.config = configOf(event.config);
  }

  private step(metadata: Properties): void {
    const op = textOf(metadata.op);
    const urn = textOf(metadata.urn);
    if (op === undefined || urn === undefined) {
      this.gaps.push("A step names no operation or no resource.");
      return;
    }
    const step = eventStep(op, urn, metadata);
    if (step.leftover) {
      this.steps.set(`${urn} leftover`, step);
      return;
    }
    const known = this.steps.get(urn);
    // A replacement has up to three steps; the one called `replace` stands for all.
    if (known !== undefined && replacementParts.has(op) && known.op !== op) {
      if (!replacementParts.has(known.op)) {
        return;
      }
      this.steps.set(urn, joinReplacement(known, step));
      return;
    }
    this.steps.set(urn, known === undefined ? step : joinStates(known, step));
  }

  private noteOther(event: Properties): void {
    if (isObject(event.diagnosticEvent)) {
      this.diagnostic(event.diagnosticEvent);
    } else if (isObject(event.policyEvent)) {
      this.policy(event.policyEvent);
    } else if (isObject(event.summaryEvent)) {
      this.summary(event.summaryEvent);
    } else if (isObject(event.resOpFailedEvent)) {
      const { urn } = propertiesOf(event.resOpFailedEvent.metadata);
      this.gaps.push(`The preview failed for ${textOf(urn) ?? "a resource"}.`);
    } else if (isObject(event.errorEvent)) {
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

function eventStep(op: string, urn: string, metadata: Properties): EngineStep {
  const { old, new: later, diffs, keys, detailedDiff } = metadata;
  return engineStep(op, urn, {
    type: textOf(metadata.type),
    old,
    new: later,
    diffs,
    keys,
    detailedDiff,
  });
}

/** Outputs come with a later event; a component's final event repeats no inputs. */
function joinStates(known: EngineStep, step: EngineStep): EngineStep {
  const before = step.old ?? known.old;
  const pick = (key: string) => {
    const later = propertiesOf(step.new?.[key]);
    return Object.keys(later).length > 0 ? later : known.new?.[key];
  };
  const after =
    step.new === undefined || known.new === undefined
      ? (step.new ?? known.new)
      : { ...step.new, inputs: pick("inputs"), outputs: pick("outputs") };
  return {
    ...step,
    ...(before === undefined ? {} : { old: before }),
    ...(after === undefined ? {} : { new: after }),
  };
}

function joinReplacement(one: EngineStep, other: EngineStep): EngineStep {
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
