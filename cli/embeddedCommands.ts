import { shellWord } from "../system/shellWord";
import type { Io } from "./io";

/** Commands whose result is a document or files of their own, and no advice. */
const documents = ["export", "pipeline", "init", "record"];

/** A command of ours that names its stack, on however many lines a terminal has put it. */
const stackCommand =
  /(apponly\s+[a-z-]+(?:\s+--[a-z-]+)*\s+--stack\s+[\w/.-]*[\w/-])(?![\w/-])(?!\s+--embedded)/g;

/** A command of ours in front of which nothing starts it; not the name in a sentence. */
const bareCommand =
  /(?<!npx\s+|[\w./-])apponly(?=\s+(?:start|simulator|doctor|toolchain|init|adopt|advise|record|review|preview|up|pull-request|stacks|verify|explain|export|pipeline|certificates|rotate|drift|audit|report|retire|destroy|completion)\b)/g;

/**
 * A text whose commands work as they are typed: on the tenant that was worked on, and by npx where
 * that has started this one, because then nothing of the name need be on the `PATH`.
 *
 * @example asTypedHere("Next: apponly up --stack dev") // "Next: npx apponly up --stack dev --embedded"
 */
export function asTypedHere(text: string): string {
  const { APPONLY_EMBEDDED, npm_lifecycle_event, npm_lifecycle_script = "" } = process.env;
  const told =
    APPONLY_EMBEDDED === "true"
      ? text.replace(stackCommand, (command) => `${command} ${embeddedOptions()}`)
      : text;
  // What npm tells a program that it has started: jest may be one too.
  return npm_lifecycle_event === "npx" && /^["']?apponly\b/.test(npm_lifecycle_script)
    ? told.replace(bareCommand, "npx apponly")
    : told;
}

/** How a command is led to the embedded tenant that is worked on. */
export function embeddedOptions(environment: NodeJS.ProcessEnv = process.env): string {
  const { APPONLY_EMBEDDED_DIRECTORY: directory = "" } = environment;
  return `--embedded${directory === "" ? "" : ` --directory ${shellWord(directory)}`}`;
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
