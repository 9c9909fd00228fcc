/**
 * Installs the Pulumi CLI by Pulumi's own installer: `node officialInstaller.ts <root> <version>`.
 * A program of its own, because only a program can be ended when it takes too long, and because
 * Node takes its proxy from the environment only when it is started so.
 *
 * @see https://www.pulumi.com/docs/iac/download-install/
 */
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";

const [, , root, version] = process.argv;
if (root === undefined || version === undefined) {
  process.stderr.write("Usage: officialInstaller <root> <version>\n");
  process.exitCode = 2;
} else {
  PulumiCommand.install({ root, version: new SemVer(version) }).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
