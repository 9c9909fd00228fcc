import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Json } from "../json";

/** The body of a request, read and parsed once for everybody who looks at it. */
export interface RequestBody {
  readonly text: string;
  /** Media type in lower case, without parameters; empty where none was sent. */
  readonly mediaType: string;
  /** Undefined: it is a form, or not JSON. */
  readonly json?: Json;
  readonly form: URLSearchParams;
  /** Why nothing was read. */
  readonly refused?: "tooLarge" | "encoding" | "damaged" | "nesting";
}

/** What the services take at most, in bytes. */
const largestBody = 4 * 1024 * 1024;
/** How deep JSON may be nested. */
const deepestNesting = 100;

const empty = { text: "", mediaType: "", form: new URLSearchParams() };

/**
 * Reads the body of a request; compressed ones too, as Kiota's Go client sends them.
 *
 * @see https://github.com/microsoft/kiota-http-go/blob/main/compression_handler.go
 */
export async function readBody(request: Request): Promise<RequestBody> {
  if (["GET", "HEAD"].includes(request.method)) {
    return empty;
  }
  const mediaType = (request.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
  const encoding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  const sent = Buffer.from(await request.arrayBuffer());
  if (sent.length > largestBody) {
    return { ...empty, mediaType, refused: "tooLarge" };
  }
  if (!["gzip", "identity"].includes(encoding)) {
    return { ...empty, mediaType, refused: "encoding" };
  }
  let bytes = sent;
  try {
    if (encoding === "gzip") {
      bytes = await promisify(gunzip)(sent, { maxOutputLength: largestBody });
    }
  } catch (problem) {
    const tooLarge = (problem as { code?: string }).code === "ERR_BUFFER_TOO_LARGE";
    return { ...empty, mediaType, refused: tooLarge ? "tooLarge" : "damaged" };
  }
  const text = bytes.toString().replace(/^\uFEFF/, "");
  const form = new URLSearchParams(
    mediaType === "application/x-www-form-urlencoded" ? text : undefined,
  );
  if (form.size > 0) {
    return { text, mediaType, form };
  }
  if (isNestedTooDeep(text)) {
    return { ...empty, mediaType, refused: "nesting" };
  }
  try {
    return { text, mediaType, form, json: JSON.parse(text) as Json };
  } catch {
    return { text, mediaType, form };
  }
}

function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  for (const [character] of text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/g, "").matchAll(/[[{}\]]/g)) {
    depth += character === "[" || character === "{" ? 1 : -1;
    if (depth > deepestNesting) {
      return true;
    }
  }
  return false;
}
