import { text } from "node:stream/consumers";
import { Steps } from "./steps";

/** What a command reads and writes, made once and handed to each: no command knows the process. */
export interface Io {
  /** Writes to standard output, which holds the result and nothing else; resolves once written. */
  readonly out: (content: string | Uint8Array) => Promise<void>;
  /** Writes to standard error what somebody should know beside the result. */
  readonly err: (text: string) => void;
  /** Shows on standard error how far the command is. */
  readonly progress: Steps;
  /** Whether standard output is a terminal: what is secret does not belong there. */
  readonly interactive: boolean;
  /** Whether the result may be coloured. */
  readonly colour: boolean;
  /** Width of standard output now; `undefined` where it is not a terminal. */
  readonly columns?: number | undefined;
  /** All of standard input. */
  readonly input: () => Promise<string>;
}

/** How a result looks. */
export type Look = Pick<Io, "colour" | "columns">;

/** The streams of a process. */
export function openIo({ stdin, stdout, stderr, env }: NodeJS.Process): Io {
  const err = (line: string) => void stderr.write(line);
  return {
    out: (content) =>
      new Promise((resolve, reject) => {
        stdout.write(content, (error) => (error ? reject(error) : resolve()));
      }),
    err,
    progress: new Steps({
      write: err,
      interactive: isInteractive(stderr, env),
      get columns() {
        return stderr.isTTY ? stderr.columns : undefined;
      },
    }),
    // Always a plain boolean: `isTTY` is undefined on a pipe, which picocolors reads as "decide".
    interactive: stdout.isTTY === true,
    colour: isInteractive(stdout, env),
    get columns() {
      return stdout.isTTY ? stdout.columns : undefined;
    },
    input: () => text(stdin),
  };
}

/** Whether a stream is a terminal whose lines may be rewritten and coloured. */
function isInteractive(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && environment.TERM !== "dumb" && !environment.NO_COLOR;
}
