/**
 * Reads action and workflow files with GitHub's own parser, which is published as ES modules alone.
 * Arguments: files. Prints a JSON list of what is wrong.
 */
import { readFileSync } from "node:fs";
import { parseAction } from "@actions/workflow-parser/actions/action-parser";
import { parseWorkflow } from "@actions/workflow-parser/workflows/workflow-parser";
import { NoOperationTraceWriter } from "@actions/workflow-parser/templates/trace-writer";

const found = [];
for (const name of process.argv.slice(2)) {
  const content = readFileSync(name, "utf8");
  const parse = /(^|\/)action\.ya?ml$/.test(name) ? parseAction : parseWorkflow;
  const { context } = parse({ name, content }, new NoOperationTraceWriter());
  found.push(...context.errors.getErrors().map((error) => `${name}: ${error.message}`));
}
process.stdout.write(JSON.stringify(found));
