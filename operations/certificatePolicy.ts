import { readCertificateLimit } from "../microsoft/graph/managementPolicy";
import type { StackOutputs } from "../components/outputs";
import { formatFault } from "../components/faults";
import { lifetimeFault } from "../components/validation/certificateLifetime";
import { defaultValidityDays } from "../components/validation/certificateParts";
import { defaultValidityMonths } from "../components/validation/vaultCertificate";
import { connectStackDeployer } from "./deployer";
import type { ConfiguredGeneration } from "./settings";
import type { ChangeableStack } from "./openStack";

/** Whether a tenant would register a generation, as far as that can be told before. */
export interface LifetimeJudgement {
  /** Why the tenant would refuse it: where, what, which rule, and the way out. */
  readonly refused?: string;
  /** Why it could not be told, as a full sentence. */
  readonly unknown?: string;
}

/**
 * Asks the tenant's app management policy, as the stack's deployer, whether a generation that the
 * stack, or a vault for it, makes may live as long as it would. Never fails: what goes wrong is the reason why it is not known.
 *
 * @param index Place of the generation in `certificates`.
 */
export async function judgeLifetime(
  stack: ChangeableStack,
  generation: ConfiguredGeneration,
  index: number,
  { applicationObjectId }: Pick<StackOutputs, "applicationObjectId">,
): Promise<LifetimeJudgement> {
  try {
    const deployer = await connectStackDeployer(stack);
    const answer = await readCertificateLimit(
      await deployer.graph(),
      applicationObjectId,
      new Date(),
    );
    if (!answer.known) {
      return { unknown: answer.why };
    }
    const { validityDays = defaultValidityDays, validityMonths = defaultValidityMonths } =
      generation;
    const path = `certificates[${index}]`;
    const lifetime =
      generation.source === "key-vault"
        ? ({ kind: "months", path, validityMonths, from: new Date() } as const)
        : ({ kind: "generated", path, validityDays } as const);
    const fault = answer.limit && lifetimeFault(lifetime, answer.limit);
    return fault === undefined ? {} : { refused: formatFault(fault, "apponly:") };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { unknown: `The tenant's app management policy could not be read: ${why}` };
  }
}
