import type { CertificateGenerationArgs } from "../args";
import {
  type CertificateFacts,
  CertificateMaterialError,
  readCertificate,
} from "../certificateFacts";
import { type Fault, faultAt, type Parsed } from "../faults";
import { PfxEncryption } from "../pkcs12/options";
import { parseSubject, type Subject } from "../subject";

/** A generation whose key and certificate the stack makes. */
export interface GeneratedCertificate {
  readonly kind: "generated";
  readonly name: string;
  /** Where it is configured, for what errors say: `certificates[0]`. */
  readonly path: string;
  readonly subject: Subject;
  readonly validityDays: number;
  readonly keyBits: number;
  readonly pfxEncryption: PfxEncryption;
}

/** A generation whose certificate was made elsewhere; its key never comes near the stack. */
export interface SuppliedCertificate {
  readonly kind: "supplied";
  readonly name: string;
  readonly path: string;
  readonly facts: CertificateFacts;
}

/** A generation as its arguments describe it. */
export type ResolvedCertificate = GeneratedCertificate | SuppliedCertificate;

/** Key sizes that Exchange, Entra and the `.pfx` writer are known to accept. */
const keySizes = [2048, 3072, 4096];

/** Source of a generation whose key is made by the stack. */
const generatedSource = "generated";

/** Validity of a generated certificate where none is named, in days. */
export const defaultValidityDays = 365;

const longestValidityDays = 730;

/** What one generation registers; `undefined` where that is at fault. Its name is judged elsewhere. */
export function parseCertificate(
  generation: CertificateGenerationArgs,
  path: string,
  now: Date,
): Parsed<ResolvedCertificate | undefined> {
  return (generation.source ?? generatedSource) === generatedSource
    ? parseGenerated(generation, path)
    : parseSupplied(generation, path, now);
}

function parseGenerated(
  generation: CertificateGenerationArgs,
  path: string,
): Parsed<GeneratedCertificate | undefined> {
  const faults: Fault[] = [];
  const { name, subject: subjectText, validityDays = defaultValidityDays } = generation;
  const { keyBits = 2048, pfxEncryption = PfxEncryption.Modern } = generation;
  const subject = parseSubject(subjectText ?? "");
  if (subjectText === undefined) {
    faults.push({
      path: `${path}.subject`,
      rule: "is missing: a generated certificate needs a subject.",
      remedy: "Give a DNS name such as contoso.org.",
    });
  } else if (subject === undefined) {
    faults.push({
      path: `${path}.subject`,
      value: subjectText,
      rule: "is neither a DNS name nor a distinguished name with a CN.",
      remedy: "Write contoso.org, or CN=contoso.org, O=Contoso.",
    });
  }
  if (!(
    Number.isInteger(validityDays) &&
    validityDays >= 1 &&
    validityDays <= longestValidityDays
  )) {
    faults.push({
      path: `${path}.validityDays`,
      value: String(validityDays),
      rule: `is not a whole number of days from 1 to ${longestValidityDays}.`,
      remedy: "Use 365 or fewer.",
    });
  }
  if (!keySizes.includes(keyBits)) {
    faults.push({
      path: `${path}.keyBits`,
      value: String(keyBits),
      rule: "is not an RSA key size that Exchange and Microsoft Entra are known to accept.",
      remedy: `Use ${keySizes.join(", ")}.`,
    });
  }
  if (!isPfxEncryption(pfxEncryption)) {
    faults.push({
      path: `${path}.pfxEncryption`,
      value: pfxEncryption,
      rule: "is not an encryption of a .pfx.",
      remedy: "Use modern, or legacy for Windows Server 2016 and older.",
    });
  }
  return {
    faults,
    value:
      subject === undefined || !isPfxEncryption(pfxEncryption)
        ? undefined
        : { kind: "generated", name, path, subject, validityDays, keyBits, pfxEncryption },
  };
}

function isPfxEncryption(text: string): text is PfxEncryption {
  return (Object.values(PfxEncryption) as string[]).includes(text);
}

function parseSupplied(
  generation: CertificateGenerationArgs,
  path: string,
  now: Date,
): Parsed<SuppliedCertificate | undefined> {
  const ignored = (["subject", "validityDays", "keyBits", "pfxEncryption"] as const)
    .filter((key) => generation[key] !== undefined)
    .map((key): Fault => ({
      path: `${path}.${key}`,
      value: String(generation[key]),
      rule: "has no meaning for a supplied certificate: it says so itself.",
      remedy: "Remove it.",
    }));
  try {
    const facts = readCertificate(generation.source ?? "");
    return {
      value: { kind: "supplied", name: generation.name, path, facts },
      faults: [...ignored, ...materialFaults(`${path}.source`, facts, now)],
    };
  } catch (error) {
    if (error instanceof CertificateMaterialError) {
      const { rule, remedy } = error;
      return { value: undefined, faults: [...ignored, { path: `${path}.source`, rule, remedy }] };
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
  const faults: Fault[] = [];
  if (facts.keyBits < 2048) {
    faults.push({
      path,
      value,
      rule: `has an RSA key of ${facts.keyBits} bits, fewer than 2048.`,
      remedy: "Request a certificate with an RSA key of 2048 bits or more.",
    });
  }
  if (new Date(facts.notAfter) <= now) {
    faults.push({
      path,
      value,
      rule: `expired at ${facts.notAfter}.`,
      remedy: "Supply a certificate that is valid, or remove the generation.",
    });
  }
  if (new Date(facts.notBefore) > now) {
    faults.push({
      path,
      value,
      rule: `is not valid before ${facts.notBefore}.`,
      remedy: "Wait until then, or supply a certificate that is valid now.",
    });
  }
  return faults;
}
