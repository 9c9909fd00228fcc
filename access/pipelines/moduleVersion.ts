import gte from "semver/functions/gte";
import { workloadTitles } from "../../components/catalog/workloads";
import { jsonText } from "../../system/visibleText";
import type { ConnectMethod } from "../connect/credentials";
import { isReleasedVersion, moduleVersions, oldestModule } from "../connect/requirements";
import { type PipelineCredential, PipelineError, type PipelinePlan } from "./types";

/**
 * Checks the version of the module that is asked for by what the job connects to, and how.
 *
 * @throws {PipelineError} If it is no release, or older than what can connect.
 */
export function checkModuleVersion({ moduleVersion, workloads, credential }: PipelinePlan): void {
  if (moduleVersion === undefined) {
    return;
  }
  if (!isReleasedVersion(moduleVersion)) {
    throw new PipelineError(
      `--module-version ${jsonText(moduleVersion, 0)} has to be the number of a release, as ${moduleVersions.current}.`,
    );
  }
  for (const workload of workloads) {
    const method = connectMethodOf[credential];
    const oldest = oldestModule(workload, method);
    if (!gte(moduleVersion, oldest)) {
      throw new PipelineError(
        `--module-version ${moduleVersion}: ${workloadTitles[workload]} with --credential ${credential} needs ${oldest} or newer.`,
      );
    }
  }
}

/** How the ways that a job signs in connect, where it matters for the module's version. */
const connectMethodOf = {
  certificate: "certificate-object",
  "managed-identity": "managed-identity",
  federated: "access-token",
  "key-vault": "access-token",
} as const satisfies Record<PipelineCredential, ConnectMethod>;
