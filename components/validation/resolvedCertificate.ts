import type { CertificateGenerationArgs } from "../args";
import { type CertificateFacts, readCertificate } from "../certificateFacts";
import { CertificateMaterialError } from "../material/certificateIn";
import { type Fault, faultAt, faultUnless, type Parsed } from "../faults";
import { PfxEncryption } from "../pkcs12/options";
import { isSubject, parseSubject, type Subject } from "../subject";

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
  const { name, subject: subjectText, validityDays = defaultValidityDays } = generation;
  const { keyBits = 2048, pfxEncryption = PfxEncryption.Modern } = generation;
  const subject = parseSubject(subjectText ?? "");
  const validityFits =
    Number.isInteger(validityDays) && validityDays >= 1 && validityDays <= longestValidityDays;
  return {
    faults: [
      ...faultUnless(subjectText !== undefined, [`${path}.subject`])(
        "is missing: a generated certificate needs a subject.",
        "Give a DNS name such as contoso.org.",
      ),
      ...(subjectText === undefined || isSubject(subject)
        ? []
        : faultAt(`${path}.subject`, subjectText)(...subject)),
      ...faultUnless(validityFits, [`${path}.validityDays`, String(validityDays)])(
        `is not a whole number of days from 1 to ${longestValidityDays}.`,
        "Use 365 or fewer.",
      ),
      ...faultUnless(keySizes.includes(keyBits), [`${path}.keyBits`, String(keyBits)])(
        "is not an RSA key size that Exchange and Microsoft Entra are known to accept.",
        `Use ${keySizes.join(", ")}.`,
      ),
      ...faultUnless(isPfxEncryption(pfxEncryption), [`${path}.pfxEncryption`, pfxEncryption])(
        "is not an encryption of a .pfx.",
        "Use modern, or legacy for Windows Server 2016 and older.",
      ),
    ],
    value:
      !isSubject(subject) || !isPfxEncryption(pfxEncryption)
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
  const ignored = (["subject", "validityDays", "keyBits", "pfxEncryption"] as const).flatMap(
    (key) =>
      faultUnless(generation[key] === undefined, [`${path}.${key}`, String(generation[key])])(
        "has no meaning for a supplied certificate: it says so itself.",
        "Remove it.",
      ),
  );
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
