import { parseAction } from "@actions/workflow-parser/actions/action-parser";
import { NoOperationTraceWriter } from "@actions/workflow-parser/templates/trace-writer";
import { parseWorkflow } from "@actions/workflow-parser/workflows/workflow-parser";

/** What GitHub's own parser finds wrong in an action or a workflow: expressions and the file's shape. */
export function workflowFaults(name: string, content: string): string[] {
  const parse = /(^|\/)action\.ya?ml$/.test(name) ? parseAction : parseWorkflow;
  const { context } = parse({ name, content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map((error) => `${name}: ${error.message}`);
}
