import { PulumiCommand } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";

/**
 * Installs the CLI by the official installer, with the SDK, which takes long to load.
 *
 * @see https://www.pulumi.com/docs/iac/download-install/
 */
export async function installPulumi(root: string, version: string): Promise<void> {
  await PulumiCommand.install({ root, version: new SemVer(version) });
}
