import type { Io } from "./io";

/** Commands whose result is a document or files of their own, and no advice. */
const documents = ["export", "pipeline", "init", "record"];

/** A command of ours that names its stack, on however many lines a terminal has put it. */
const stackCommand =
  /(apponly\s+[a-z-]+(?:\s+--[a-z-]+)*\s+--stack\s+[\w/.-]*[\w/-])(?![\w/-])(?!\s+--embedded)/g;

/**
 * A text whose commands work as they are typed, on the tenant that was worked on.
 *
 * @example asTypedHere("Next: apponly up --stack dev") // "Next: apponly up --stack dev --embedded"
 */
export function asTypedHere(text: string): string {
  return process.env.APPONLY_EMBEDDED === "true"
    ? text.replace(stackCommand, "$1 --embedded")
    : text;
}

/** An io in whose texts commands work as they are typed. */
export function typedIo(io: Io, command: string): Io {
  return {
    ...io,
    err: (text) => io.err(asTypedHere(text)),
    out: (content) =>
      io.out(
        typeof content === "string" && !documents.includes(command)
          ? asTypedHere(content)
          : content,
      ),
  };
}
