import { StackView, type ViewedResource } from "../../policy/rules/stackView";
import { listOf, propertiesOf, textOf } from "../../policy/rules/values";
import { viewedResource } from "./engineStep";

/**
 * A stack as its state has it: what `pulumi stack export` prints under `deployment`. What an
 * interrupted replacement left to be deleted shares its URN with what took its place, and stands
 * among the deleted.
 *
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
 */
export function viewOfState(deployment: unknown): StackView {
  const resources: ViewedResource[] = [];
  const deleted: ViewedResource[] = [];
  for (const state of listOf(propertiesOf(deployment).resources).map(propertiesOf)) {
    const [urn, type] = [textOf(state.urn), textOf(state.type)];
    if (urn !== undefined && type !== undefined) {
      (state.delete === true ? deleted : resources).push(viewedResource(urn, type, state));
    }
  }
  return new StackView(resources, true, deleted);
}
