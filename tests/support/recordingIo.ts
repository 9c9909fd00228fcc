import { PassThrough } from "node:stream";
import { type Io, openIo, type Preferences, type ProcessStreams } from "../../cli/io";

/** An io that keeps what is written, as no terminal. */
export interface RecordingIo extends Io {
  /** What standard output has. */
  readonly written: () => string;
  /** What standard error has, progress included. */
  readonly said: () => string;
  /** What the command has answered last, for who asks for JSON. */
  readonly answered: () => object | undefined;
}

/**
 * @param changed What is otherwise than where there is no terminal.
 * @param preferences What the command line says of everything that is written.
 */
export function recordingIo(changed: Partial<Io> = {}, preferences: Preferences = {}): RecordingIo {
  const texts = { stdout: "", stderr: "" };
  let document: object | undefined;
  const keep = (name: keyof typeof texts) =>
    Object.assign(new PassThrough(), {
      write: (content: string | Uint8Array, done?: () => void) => {
        texts[name] += typeof content === "string" ? content : Buffer.from(content).toString();
        done?.();
        return true;
      },
    });
  const streams = {
    stdin: new PassThrough().end(),
    stdout: Object.assign(keep("stdout"), { isTTY: changed.colour === true }),
    stderr: keep("stderr"),
  };
  return {
    ...openIo({ ...streams, env: {} } as unknown as ProcessStreams, preferences),
    interactive: false,
    answer: (answer) => {
      document = answer;
      return Promise.resolve();
    },
    ...changed,
    written: () => texts.stdout,
    said: () => texts.stderr,
    answered: () => document,
  };
}
