import { createPrivateKey, X509Certificate } from "node:crypto";
import { type Workload, workloadTitles } from "../../components/catalog/workloads";
import { tokenResourceOf } from "../../microsoft/endpoints";
import { NoAnswer } from "../../microsoft/http";
import { TokenRefused } from "../../microsoft/tokens";
import { isLoopback } from "../../system/loopback";
import { diagnose } from "./diagnosis";
import type { Diagnosis } from "./documentShape";
import { codesOfText } from "./symptoms";
import type { ValidityPeriod, Generation, Target } from "./target";

/** What is wrong with a generation before anything is requested, if anything. */
export function diagnoseCertificate(
  { certificate, privateKeyPem }: Generation,
  now: Date,
): Diagnosis | undefined {
  const { certificatePem } = certificate;
  const invalid = diagnoseValidity(certificate, now);
  return invalid === undefined && !keyFits(certificatePem, privateKeyPem)
    ? diagnose("key-mismatch")
    : invalid;
}

/** Whether a certificate is valid now. */
export function diagnoseValidity(
  { notBefore, notAfter }: ValidityPeriod,
  now: Date,
): Diagnosis | undefined {
  if (new Date(notAfter) <= now) {
    return diagnose("certificate-expired", { notAfter });
  }
  return new Date(notBefore) > now
    ? diagnose("certificate-not-yet-valid", { notBefore })
    : undefined;
}

function keyFits(certificatePem: string, privateKeyPem: string): boolean {
  try {
    return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(privateKeyPem));
  } catch {
    return false;
  }
}

/**
 * Why a token was refused.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function diagnoseRefusal(
  error: unknown,
  target: Target,
  workload: Workload,
  now: Date,
): Diagnosis {
  if (error instanceof NoAnswer) {
    return diagnoseNoAnswer(error);
  }
  if (!(error instanceof TokenRefused)) {
    return diagnose("token-refused", {
      error: error instanceof Error ? error.message.split("\n")[0] : "unknown error",
    });
  }
  const { code, description, status, retryAfterSeconds } = error;
  const { host } = new URL(target.endpoints.authority);
  if (error.foreign) {
    return diagnose("proxy-answered", { host, error: description });
  }
  if (status === 429) {
    return diagnose("throttled", { host }, retryAfterSeconds);
  }
  if (status >= 500) {
    return diagnose("service-unavailable", { host, status }, retryAfterSeconds);
  }
  if (code === 700027) {
    return diagnoseKey(description, target.certificate, now);
  }
  if (code === 700024) {
    return diagnose("clock-skew", { offset: offsetIn(description) });
  }
  const { tenantId, applicationId } = target;
  const facts = {
    tenantId,
    applicationId,
    workload: workloadTitles[workload],
    host,
    status,
    scope: `${tokenResourceOf(target.cloud, workload)}/.default`,
    notAfter: target.certificate?.notAfter,
    error: description,
  };
  const [known = "token-refused"] = codesOfText(`AADSTS${code}: ${description}`);
  return diagnose(known, facts);
}

/**
 * AADSTS700027 covers keys that are unknown, expired, not yet valid, and signatures that do not
 * fit. "Expired" is also what Microsoft Entra ID says of a key that is not valid yet; the dates it
 * found tell which.
 */
function diagnoseKey(text: string, certificate: ValidityPeriod | undefined, now: Date) {
  if (!/expired/i.test(text)) {
    const mismatch = /signature/i.test(text) && !/not found/i.test(text);
    return diagnose(mismatch ? "key-mismatch" : "certificate-not-registered");
  }
  const [, start, end] = /Found key 'Start=([^,']+), End=([^,']+)'/.exec(text) ?? [];
  const notBefore = isoOf(start) ?? certificate?.notBefore;
  const notAfter = isoOf(end) ?? certificate?.notAfter;
  if (notAfter === undefined || new Date(notAfter) <= now) {
    return diagnose("certificate-expired", { notAfter });
  }
  return notBefore !== undefined && new Date(notBefore) > now
    ? diagnose("certificate-not-yet-valid", { notBefore })
    : diagnose("clock-skew", {
        offset: "far off Microsoft's: the certificate is valid here and not there",
      });
}

/** `11/24/2026 10:00:00`, UTC, as an ISO date. */
function isoOf(american: string | undefined): string | undefined {
  const [, month, day, year, time] =
    /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)$/.exec(american ?? "") ?? [];
  return time === undefined ? undefined : `${year}-${month}-${day}T${time}Z`;
}

/** How far this machine's clock is off, from the times AADSTS700024 names. */
function offsetIn(description: string): string {
  const timeAfter = (label: string) =>
    Date.parse(
      new RegExp(`${label} (\\d{4}-\\d\\d-\\d\\dT[\\d:]+)`, "i").exec(description)?.[1] + "Z",
    );
  const minutes = Math.round((timeAfter("valid from") - timeAfter("current time:")) / 60_000);
  if (Number.isNaN(minutes) || minutes === 0) {
    return "more than five minutes off";
  }
  return `${Math.abs(minutes)} minutes ${minutes > 0 ? "ahead of" : "behind"} Microsoft's`;
}

/** Why a host did not answer. */
export function diagnoseNoAnswer(failure: NoAnswer): Diagnosis {
  const diagnosis = networkDiagnosis(failure);
  // Where the embedded tenant was nothing listens, or another program does by now.
  const isStopped =
    isLoopback(failure.host) && /^(ECONNREFUSED$|EPROTO$|ERR_SSL_|HPE_)/.test(failure.code);
  return isStopped
    ? {
        ...diagnosis,
        remedy:
          "The embedded tenant is not running. Start it with `apponly simulator` and read its settings again, or run the command with --embedded.",
      }
    : diagnosis;
}

function networkDiagnosis({ code, host }: NoAnswer): Diagnosis {
  const facts = { host, error: code };
  if (/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ALTNAME/.test(code)) {
    return diagnose("tls-intercepted", facts);
  }
  // Something speaks, but neither TLS nor HTTP as Microsoft does, or the proxy lets nobody through.
  if (/^(EPROTO$|ERR_SSL_|HPE_|ERR_PROXY_TUNNEL)/.test(code)) {
    return diagnose("proxy-answered", facts);
  }
  return /^(ECONNRESET|ETIMEDOUT|EPIPE|EAI_AGAIN|ECONNABORTED)$/.test(code)
    ? diagnose("connection-lost", facts)
    : diagnose("network-refused", facts);
}
