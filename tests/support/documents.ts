import { failureShape } from "../../cli/documents/failure";
import { severalStacksShape } from "../../cli/documents/severalStacks";
import { commandTable } from "../../cli/commandTable";
import { publishedShapes } from "./publishedShapes";

/**
 * The document that a command has printed with `--json`, or has answered, which has to be as its
 * published schema says.
 *
 * @param printed All of standard output, or the document.
 * @throws {ZodError} If the schema does not take it.
 */
export function documentOf(command: string, printed: string | object): unknown {
  const document: unknown = typeof printed === "string" ? JSON.parse(printed) : printed;
  const schema = commandTable[command]?.answers.schema ?? "";
  publishedShapes[schema]!.parse(JSON.parse(JSON.stringify(document)));
  return document;
}

/** The failure that is the last line of standard error, as its published schema says. */
export function documentOfFailure(said: string): unknown {
  return failureShape.parse(JSON.parse(said.trimEnd().split("\n").pop() ?? ""));
}

/** The same of a command that has worked on several stacks: each document has to be as of one stack. */
export function documentsOf(command: string, printed: string): unknown {
  const outcomes = severalStacksShape.parse(JSON.parse(printed));
  for (const { document } of outcomes) {
    if (document !== undefined) {
      documentOf(command, document as object);
    }
  }
  return outcomes;
}
