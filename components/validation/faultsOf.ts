import type { ExchangeAppOnlyArgs } from "../args";
import type { Fault } from "../faults";
import { certificateFaults } from "./certificates";
import { federatedFaults } from "./federated";
import { identityFaults } from "./identity";
import { exceptionFaults, roleFaults, workloadFaults } from "./roles";

/**
 * Everything wrong with the arguments, as far as they are known: values that another resource
 * still has to produce are not judged.
 *
 * @param now Decides which exceptions and certificates are live.
 */
export function faultsOf(args: ExchangeAppOnlyArgs, now: Date): Fault[] {
  const certificates = args.certificates ?? [];
  const federated = args.federatedCredentials ?? [];
  return [
    ...identityFaults({
      displayName: typeof args.displayName === "string" ? args.displayName : "unknown as yet",
      ...(typeof args.redirectUri === "string" ? { redirectUri: args.redirectUri } : {}),
      ...(typeof args.notes === "string" ? { notes: args.notes } : {}),
      owners: (args.owners ?? []).filter((owner) => typeof owner === "string"),
    }),
    ...workloadFaults(args.workloads),
    ...roleFaults(args.directoryRoles, args.workloads),
    ...exceptionFaults(args.exceptions ?? [], args.directoryRoles, now),
    ...certificateFaults(certificates, args.activeCertificate, now),
    ...federatedFaults(federated),
    ...(certificates.length + federated.length === 0 ? [noCredential] : []),
  ];
}

const noCredential: Fault = {
  path: "certificates",
  rule: "is empty, and so is federatedCredentials: nothing could sign in.",
  remedy:
    "Add a certificate, for example { name: 2026-11, subject: contoso.org }, or a federated credential.",
};
