import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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

/**
 * What `pulumi stack export` prints of a stack whose state is in files: as it is there, encrypted.
 *
 * @param backend Its address, `file://…`.
 * @param name The stack's; nothing is given where there is not exactly one of this name.
 */
export function exportedState(backend: string, name: string): string | undefined {
  if (!backend.startsWith("file:///")) {
    return undefined;
  }
  const [file, ...others] = globSync(
    join(fileURLToPath(backend), ".pulumi/stacks/*", `${name}.json`),
  );
  if (file === undefined || others.length > 0) {
    return undefined;
  }
  const { checkpoint, ...rest } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly checkpoint: { readonly latest?: object };
  };
  return JSON.stringify({ ...rest, deployment: checkpoint.latest });
}
