import type { Io } from "./io";

/**
 * The io of a command that tells people what it does on the way, where JSON was asked for: its text
 * goes to standard error, where the question is asked too, and its answer to standard output.
 *
 * @param isPlain Whether the command writes JSON as one of its formats, and keeps its output.
 */
export function answeringIo(io: Io, isPlain: () => boolean): Io {
  return {
    ...io,
    out: async (content) => {
      if (isPlain()) {
        await io.out(content);
      } else {
        io.err(typeof content === "string" ? content : Buffer.from(content).toString());
      }
    },
    answer: io.document,
  };
}
