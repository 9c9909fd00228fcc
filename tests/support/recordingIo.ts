import { PassThrough } from "node:stream";
import { type Io, openIo, type ProcessStreams } from "../../cli/io";

/** An io that keeps what is written, as no terminal. */
export interface RecordingIo extends Io {
  /** What standard output has. */
  readonly written: () => string;
  /** What standard error has, progress included. */
  readonly said: () => string;
}

/** @param changed What is otherwise than where there is no terminal. */
export function recordingIo(changed: Partial<Io> = {}): RecordingIo {
  const texts = { stdout: "", stderr: "" };
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
    ...openIo({ ...streams, env: {} } as unknown as ProcessStreams),
    interactive: false,
    ...changed,
    written: () => texts.stdout,
    said: () => texts.stderr,
  };
}
