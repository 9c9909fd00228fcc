import { exitCodes } from "../system/failure";
import type { FailureClass } from "./record";

/** What tells the classes apart, by what Microsoft, Pulumi and the commands say; the first that fits. */
const signs: readonly (readonly [FailureClass, RegExp])[] = [
  ["locked", /is (?:currently )?locked by/i],
  ["throttled", /\b429\b|too ?many ?requests|throttl|AADSTS(?:50196|90009|90055)\b/i],
  // The directory is not there, or the application is not known in it.
  ["tenant-gone", /AADSTS(?:90002|900021|500011|5000224)\b|invalid_tenant/i],
  [
    "consent",
    /AADSTS(?:65001|650051|650052|650056|90094|700016)\b|Authorization_RequestDenied|insufficient privileges|deployer may not do everything/i,
  ],
  ["sign-in", /AADSTS\d+|cannot sign in|could not configure|no credential|invalid_client/i],
  [
    "stack-missing",
    /(the backend|embedded tenant) has no stack|no stack named|has no Pulumi\.|has no outputs yet/i,
  ],
  [
    "unreachable",
    /cannot be reached|embedded tenant (?:\S+ ){0,6}is not running|could not be reached|gave no answer|The connection to \S+ broke off|ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ECONNRESET|no such host|connection refused/i,
  ],
];

/** Exit codes that say what failed by themselves. */
const byExitCode: Readonly<Record<number, FailureClass>> = {
  [exitCodes.gate]: "policy",
  [exitCodes.expiring]: "expiring",
  [exitCodes.usage]: "settings",
  [exitCodes.verification]: "verification",
  [exitCodes.propagating]: "verification",
};

/**
 * Why a stack failed, as far as that decides what to do: failures of one class are told together, and
 * a wave of updates stops when they repeat.
 *
 * @param message What the command said.
 */
export function classOfFailure(message: string, exitCode: number): FailureClass {
  // What a review or a certificate says may hold any text, and its code says enough.
  const coded = byExitCode[exitCode];
  if (coded === "policy" || coded === "expiring") {
    return coded;
  }
  return signs.find(([, sign]) => sign.test(message))?.[0] ?? coded ?? "other";
}
