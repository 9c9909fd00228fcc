import type { CertificateGenerationArgs } from "../args";
import { type CertificateFacts, readCertificate } from "../certificateFacts";
import { type Fault, faultAt, faultUnless, type Parsed } from "../faults";
import { CertificateMaterialError } from "../material/certificateIn";
import { isSubject, parseSubject } from "../subject";

/** Key sizes that Exchange, Entra and the `.pfx` writer are known to accept. */
const keySizes = [2048, 3072, 4096];

/** Validity of a generated certificate where none is named, in days. */
export const defaultValidityDays = 365;

const longestValidityDays = 730;

/** Faults of what only certificates of another source have. */
export function needlessFaults(
  generation: CertificateGenerationArgs,
  path: string,
  keys: readonly (keyof CertificateGenerationArgs)[],
  rule: string,
): Fault[] {
  return keys.flatMap((key) =>
    faultUnless(generation[key] === undefined, [`${path}.${key}`, String(generation[key])])(
      rule,
      "Remove it.",
    ),
  );
}

/** What is wrong with how a certificate is to be made, wherever that is. */
export function makingFaults(
  {
    subject: subjectText,
    validityDays = defaultValidityDays,
    keyBits = 2048,
  }: CertificateGenerationArgs,
  path: string,
): Fault[] {
  const subject = parseSubject(subjectText ?? "");
  return [
    ...(subjectText === undefined || isSubject(subject)
      ? []
      : faultAt(`${path}.subject`, subjectText)(...subject)),
    ...faultUnless(isWholeFrom1(validityDays, longestValidityDays), [
      `${path}.validityDays`,
      String(validityDays),
    ])(`is not a whole number of days from 1 to ${longestValidityDays}.`, "Use 365 or fewer."),
    ...faultUnless(keySizes.includes(keyBits), [`${path}.keyBits`, String(keyBits)])(
      "is not an RSA key size that Exchange and Microsoft Entra are known to accept.",
      `Use ${keySizes.join(", ")}.`,
    ),
  ];
}

/** Whether a number is whole, from 1 to the longest. */
export function isWholeFrom1(value: number, longest: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= longest;
}

/** A public certificate, and what is wrong with it. */
export function parsePublicCertificate(
  text: string,
  path: string,
  now: Date,
): Parsed<CertificateFacts | undefined> {
  try {
    const facts = readCertificate(text);
    return { value: facts, faults: materialFaults(path, facts, now) };
  } catch (error) {
    if (error instanceof CertificateMaterialError) {
      const { rule, remedy } = error;
      return { value: undefined, faults: [{ path, rule, remedy }] };
    }
    throw error;
  }
}

function materialFaults(path: string, facts: CertificateFacts, now: Date): Fault[] {
  const value = `thumbprint ${facts.thumbprint}`;
  if (facts.keyType !== "rsa") {
    return faultAt(path, value)(
      `has a key of type ${facts.keyType}; Exchange accepts RSA only.`,
      "Request a certificate with an RSA key of 2048 bits or more.",
    );
  }
  return [
    ...faultUnless(facts.keyBits >= 2048, [path, value])(
      `has an RSA key of ${facts.keyBits} bits, fewer than 2048.`,
      "Request a certificate with an RSA key of 2048 bits or more.",
    ),
    ...faultUnless(new Date(facts.notAfter) > now, [path, value])(
      `expired at ${facts.notAfter}.`,
      "Supply a certificate that is valid, or remove the generation.",
    ),
    ...faultUnless(new Date(facts.notBefore) <= now, [path, value])(
      `is not valid before ${facts.notBefore}.`,
      "Wait until then, or supply a certificate that is valid now.",
    ),
  ];
}
