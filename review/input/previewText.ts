import { isEngineEvent, readEvents } from "./engineEvents";
import { isPreviewDocument, readPreviewDocument } from "./previewDocument";
import { type Preview, PreviewFormatError } from "./preview";

/**
 * Reads what was saved of a preview, whichever form it has: the document of
 * `pulumi preview --json`, a stream of engine events with one event a line, or a list of events.
 *
 * Text before and after it is passed over: the CLI prints there what it installs.
 *
 * @throws {PreviewFormatError} If there is no preview in the text, or the document is cut off.
 * @see https://github.com/pulumi/pulumi/issues/19775
 */
export function parsePreviewText(text: string): Preview {
  const clean = text.replace(/^\uFEFF/, "");
  if (clean.trim() === "") {
    throw new PreviewFormatError(
      "The preview is empty. Give the output of `pulumi preview --json`; its error output says why nothing was printed.",
    );
  }
  const whole = parseJson(clean);
  if (whole !== undefined) {
    return readWhole(whole);
  }
  return readEventLines(clean) ?? readEmbedded(clean);
}

function readWhole(json: unknown): Preview {
  if (Array.isArray(json)) {
    return readEvents(json);
  }
  return isEngineEvent(json) ? readEvents([json]) : readPreviewDocument(json);
}

/** The value that a text is JSON of; `undefined` where it is none. */
export function parseJson(text = ""): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function readEventLines(text: string): Preview | undefined {
  const events: unknown[] = [];
  const damaged: number[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    // A document's own lines begin with nothing but a brace.
    if (!line.startsWith('{"')) {
      continue;
    }
    const event = parseJson(line);
    if (isEngineEvent(event)) {
      events.push(event);
    } else if (event === undefined) {
      damaged.push(index + 1);
    }
  }
  if (events.length === 0) {
    return undefined;
  }
  return readEvents(
    events,
    damaged.length === 0 ? [] : [`Damaged lines of events: ${fewLines(damaged)}.`],
  );
}

function fewLines(lines: readonly number[]): string {
  return lines.length > 5 ? `${lines.slice(0, 5).join(", ")} and others` : lines.join(", ");
}

/** Limits the work on a text that has many lines which only look like the document's first. */
const candidates = 50;

function readEmbedded(text: string): Preview {
  let from = 0;
  for (let attempt = 0; attempt < candidates; attempt += 1) {
    const start = nextObject(text, from);
    if (start === undefined) {
      break;
    }
    const end = endOfObject(text, start);
    const json = end === undefined ? undefined : parseJson(text.slice(start, end));
    if (isPreviewDocument(json)) {
      return readPreviewDocument(json);
    }
    from = start + 1;
  }
  throw new PreviewFormatError(
    /^\{\s*$/m.test(text)
      ? "The text holds no whole preview document; it may be cut off. Save the output of `pulumi preview --json` as it is."
      : "The text holds no preview document and no engine events. Run the preview with --json.",
  );
}

/** Where the next line begins with a brace. */
function nextObject(text: string, from: number): number | undefined {
  if (from === 0 && text.startsWith("{")) {
    return 0;
  }
  const found = text.indexOf("\n{", Math.max(0, from - 1));
  return found < 0 ? undefined : found + 1;
}

/** Position after the brace that closes the one at `start`. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let inText = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (inText) {
      if (character === "\\") {
        at += 1;
      } else if (character === '"') {
        inText = false;
      }
    } else if (character === '"') {
      inText = true;
    } else if (character === "{") {
      depth += 1;
    } else if (character === "}") {
      depth -= 1;
      if (depth === 0) {
        return at + 1;
      }
    }
  }
  return undefined;
}
