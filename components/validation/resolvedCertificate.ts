import type { CertificateGenerationArgs } from "../args";
import { didYouMean } from "../../system/didYouMean";
import { vaultSources } from "../catalog/vaults";
import type { CertificateFacts } from "../certificateFacts";
import { faultAt, faultUnless, type Parsed } from "../faults";
import { PfxEncryption } from "../pkcs12/options";
import { isSubject, parseSubject, type Subject } from "../subject";
import {
  defaultValidityDays,
  makingFaults,
  needlessFaults,
  parsePublicCertificate,
} from "./certificateParts";
import { isVaultSource, parseVersionInVault, type VaultKey } from "./vaultCertificate";

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
  /** Where its key is, and stays; absent where nobody said. */
  readonly vault?: VaultKey;
}

/** A generation as its arguments describe it. */
export type ResolvedCertificate = GeneratedCertificate | SuppliedCertificate;

/** Source of a generation whose key is made by the stack. */
const generatedSource = "generated";

/** Where a key can be made. */
const certificateSources = [generatedSource, ...vaultSources];

/** What one generation registers; `undefined` where that is at fault. Its name is judged elsewhere. */
export function parseCertificate(
  generation: CertificateGenerationArgs,
  path: string,
  now: Date,
): Parsed<ResolvedCertificate | undefined> {
  const { source = generatedSource } = generation;
  if (isVaultSource(source)) {
    const { name } = generation;
    const { value, faults } = parseVersionInVault(generation, source, path, now);
    return { value: value && { kind: "supplied", name, path, ...value }, faults };
  }
  return source === generatedSource
    ? parseGenerated(generation, path)
    : parseSupplied(generation, path, now);
}

/** Keys that only a key in a vault has. */
const vaultKeys = [
  "vault",
  "certificate",
  "validityMonths",
  "exportable",
  "version",
  "cer",
] as const;

const notInVault = `has no meaning without source: ${vaultSources.join(" or ")}.`;

function parseGenerated(
  generation: CertificateGenerationArgs,
  path: string,
): Parsed<GeneratedCertificate | undefined> {
  const { name, subject: subjectText, validityDays = defaultValidityDays } = generation;
  const { keyBits = 2048, pfxEncryption = PfxEncryption.Modern } = generation;
  const subject = parseSubject(subjectText ?? "");
  return {
    faults: [
      ...needlessFaults(generation, path, vaultKeys, notInVault),
      ...faultUnless(subjectText !== undefined, [`${path}.subject`])(
        "is missing: a generated certificate needs a subject.",
        "Give a DNS name such as contoso.org.",
      ),
      ...makingFaults(generation, path),
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
  const ignored = [
    ...needlessFaults(
      generation,
      path,
      ["subject", "validityDays", "keyBits", "pfxEncryption"],
      "has no meaning for a supplied certificate: it says so itself.",
    ),
    ...needlessFaults(generation, path, vaultKeys, notInVault),
  ];
  const source = generation.source ?? "";
  // Whoever writes a single word means one of ours; it is not repeated, because it may be a password.
  if (/^[a-z]+([ _-][a-z]+)*$/i.test(source) && source.length <= 24) {
    const fault = faultAt(`${path}.source`)(
      "is not a certificate, and not one of the words for where the key is made.",
      `${didYouMean(source, certificateSources)}Use ${certificateSources.join(", ")}, or the public certificate itself.`,
    );
    return { value: undefined, faults: [...ignored, ...fault] };
  }
  const { value: facts, faults } = parsePublicCertificate(source, `${path}.source`, now);
  return {
    value: facts && { kind: "supplied", name: generation.name, path, facts },
    faults: [...ignored, ...faults],
  };
}
