import type { Workspace } from "@pulumi/pulumi/automation";
import type { CliWorkspace } from "../../operations/stateEdit";
import type { RunCli } from "../../toolchain/pulumiCommand";

/** A workspace whose CLI is not started for `stack export`. */
export function withStateAtHand(workspace: Workspace, state: () => object): Workspace {
  const { pulumiCommand } = workspace as unknown as CliWorkspace;
  const run: RunCli = async (...given) => {
    const [[area, action] = []] = given;
    return area === "stack" && action === "export"
      ? { stdout: JSON.stringify(state()), stderr: "" }
      : pulumiCommand.run(...given);
  };
  const command = Object.assign(Object.create(pulumiCommand) as object, { run });
  return Object.create(workspace, { pulumiCommand: { value: command } }) as Workspace;
}
