import { PulumiCommand } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";
import { withoutCredentials } from "../system/process";

/**
 * Installs the CLI by the official installer, with the SDK, which takes long to load.
 *
 * @see https://www.pulumi.com/docs/iac/download-install/
 */
export async function installPulumi(root: string, version: string): Promise<void> {
  // The SDK gives the installer the environment of this process.
  const whole = { ...process.env };
  const plain = withoutCredentials(whole);
  Object.keys(whole)
    .filter((name) => !(name in plain))
    .forEach((name) => delete process.env[name]);
  try {
    await PulumiCommand.install({ root, version: new SemVer(version) });
  } finally {
    Object.assign(process.env, whole);
  }
}
