import { join, resolve } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";
import type { PulumiCli } from "./pulumiCli";

/**
 * What the Automation API runs a CLI with. `PulumiCommand.get` would start the CLI once more to ask
 * for the version that is known, which takes as long as reading a stack.
 *
 * @example const stack = await openStack({ ...target, pulumi: pulumiCommandOf(toolchain.pulumi) });
 * @see https://www.pulumi.com/docs/reference/pkg/nodejs/pulumi/pulumi/classes/automation.PulumiCommand.html
 */
export function pulumiCommandOf({ root, version }: PulumiCli): PulumiCommand {
  const command = Object.create(PulumiCommand.prototype) as PulumiCommand;
  return Object.assign(command, {
    command: resolve(join(root, "bin", "pulumi")),
    version: new SemVer(version),
  });
}
