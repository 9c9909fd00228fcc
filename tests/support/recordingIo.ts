import type { Io } from "../../cli/io";
import { Steps } from "../../cli/steps";

/** An io that keeps what is written, as no terminal. */
export interface RecordingIo extends Io {
  /** What standard output has. */
  readonly written: () => string;
  /** What standard error has, progress included. */
  readonly said: () => string;
}

/** @param changed What is otherwise than where there is no terminal. */
export function recordingIo(changed: Partial<Io> = {}): RecordingIo {
  let written = "";
  let said = "";
  const err = (text: string) => void (said += text);
  return {
    out: (content) => {
      written += typeof content === "string" ? content : Buffer.from(content).toString();
      return Promise.resolve();
    },
    err,
    progress: new Steps({ write: err, interactive: false }),
    interactive: false,
    colour: false,
    input: () => Promise.resolve(""),
    ...changed,
    written: () => written,
    said: () => said,
  };
}
