import type { CertificateFacts, Target } from "./target";
import { type Diagnosis, diagnose, titleOf } from "./diagnosis";
import type { Workload } from "../../components/catalog";
import { NoAnswer } from "../http";
import { TokenRefused } from "../tokens";

/** What is wrong with the certificate itself, if anything. */
export function diagnoseCertificate(
  { notBefore, notAfter }: CertificateFacts,
  now: Date,
): Diagnosis | undefined {
  if (new Date(notAfter) <= now) {
    return diagnose("certificate-expired", { notAfter });
  }
  return new Date(notBefore) > now
    ? diagnose("certificate-not-yet-valid", { notBefore })
    : undefined;
}

/**
 * Why a token was refused.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function diagnoseRefusal(error: unknown, target: Target, workload: Workload): Diagnosis {
  if (error instanceof NoAnswer) {
    return diagnoseNoAnswer(error);
  }
  if (!(error instanceof TokenRefused)) {
    return diagnose("token-refused", {
      error: error instanceof Error ? error.message.split("\n")[0] : "unknown error",
    });
  }
  const { tenantId, applicationId } = target;
  const host = new URL(target.endpoints.authority).host;
  switch (error.code) {
    case 90002:
    case 90019:
    case 900023:
      return diagnose("wrong-tenant", { tenantId });
    case 700016:
      return diagnose("application-not-found", { tenantId, applicationId });
    case 700027:
      return diagnoseUnknownKey(error.description, target);
    case 700024:
      return diagnose("clock-skew");
    case 7000112:
      return diagnose("app-disabled");
    case 501051:
      return diagnose("assignment-required");
    case 53003:
    case 530004:
      return diagnose("conditional-access");
    case 500011:
    case 650052:
      return diagnose("resource-missing", { workload: titleOf(workload) });
    case 70021:
    case 700211:
    case 700212:
    case 700213:
      return diagnose("federated-subject");
    default:
      if (error.status === 429) {
        return diagnose("throttled", { host });
      }
      return error.status >= 500
        ? diagnose("service-unavailable", { host, status: error.status })
        : diagnose("token-refused", { error: error.description });
  }
}

/** AADSTS700027 covers unknown, expired and not yet valid keys; the text tells which. */
function diagnoseUnknownKey(description: string, target: Target): Diagnosis {
  const { notBefore, notAfter } = target.certificate;
  if (/expired/i.test(description)) {
    return diagnose("certificate-expired", { notAfter });
  }
  return /not yet valid|not valid before|notBefore/i.test(description)
    ? diagnose("certificate-not-yet-valid", { notBefore })
    : diagnose("certificate-not-registered");
}

/** Why a host did not answer. */
export function diagnoseNoAnswer({ code, host }: NoAnswer): Diagnosis {
  return /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ALTNAME/.test(code)
    ? diagnose("tls-intercepted", { host })
    : diagnose("network-refused", { host, error: code });
}
