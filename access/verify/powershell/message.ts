import { roleNamesFor } from "../../../components/catalog/directoryRoles";
import { type Workload, workloadTitles } from "../../../components/catalog/workloads";
import { TokenRefused } from "../../../microsoft/tokens";
import { diagnose } from "../diagnosis";
import type { Diagnosis } from "../documentShape";
import { diagnoseRefusal } from "../signIn";
import type { Target } from "../target";
import { codesOfText } from "../symptoms";
import { diagnoseText } from "../workloadAnswer";

/**
 * The cause behind a message of the module, where the message is a known one.
 *
 * @example
 * diagnoseMessage("AADSTS700016: Application with identifier …", target, "exchange")?.code
 * // "application-not-found"
 */
export function diagnoseMessage(
  message: string,
  target: Target,
  workload: Workload,
): Diagnosis | undefined {
  const number = /AADSTS(\d+)/.exec(message)?.[1];
  if (number !== undefined) {
    return diagnoseRefusal(
      new TokenRefused(Number(number), message, 401),
      target,
      workload,
      new Date(),
    );
  }
  const facts = {
    workload: workloadTitles[workload],
    roles: roleNamesFor(workload).join(", "),
    host: new URL(target.endpoints.workloads[workload]).host,
    cmdlet: "the cmdlet",
    tenantId: target.tenantId,
    error: message,
  };
  // What the workload itself says is known better there: with a token, a missing role is none.
  const [code] = codesOfText(message);
  return diagnoseText(message, facts) ?? (code === undefined ? undefined : diagnose(code, facts));
}
