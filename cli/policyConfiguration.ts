import {
  PolicyConfigurationError,
  readPolicyConfiguration,
} from "../review/policies/configuration";
import { UsageFailure } from "../system/failure";
import { readText } from "../system/readText";
import { isSystemError, systemReason } from "../system/systemErrors";

/** Levels and settings of the policies, by the policy's name. */
export type Policies = ReturnType<typeof readPolicyConfiguration>;

/**
 * Reads the file given by `--policy-pack-config`, the same that `pulumi preview` takes under this
 * name; without a file, every policy has its defaults.
 *
 * @throws {UsageFailure} If the file is missing or at fault.
 */
export async function readPolicies(file: string | undefined): Promise<Policies> {
  if (file === undefined) {
    return {};
  }
  try {
    return readPolicyConfiguration(await readText(file));
  } catch (error) {
    if (error instanceof PolicyConfigurationError) {
      throw new UsageFailure(`--policy-pack-config "${file}" cannot be used: ${error.message}`);
    }
    if (isSystemError(error)) {
      throw new UsageFailure(
        `--policy-pack-config "${file}" ${systemReason(error, "read")}. Name the file of the policies.`,
      );
    }
    throw error;
  }
}
