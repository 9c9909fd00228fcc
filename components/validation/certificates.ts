import type { CertificateGenerationArgs } from "../args";
import { CertificateMaterialError, readCertificate } from "../certificateFacts";
import type { Fault } from "../faults";
import { isDate } from "./dates";
import { parseSubject } from "../subject";

/** Key sizes that Exchange, Entra and the `.pfx` writer are known to accept. */
export const keyBits = [2048, 3072, 4096] as const;

/** Encryptions of the `.pfx`. */
export const pfxEncryptions = ["modern", "legacy"] as const;

/** Source of a generation whose key is made by the stack. */
export const generatedSource = "generated";

/** Whether the stack makes the key and the certificate of a generation. */
export function isGenerated(generation: CertificateGenerationArgs): boolean {
  return (generation.source ?? generatedSource) === generatedSource;
}

const longestValidityDays = 730;

/** Faults of `certificates` and `activeCertificate`. `now` decides what has expired. */
export function certificateFaults(
  generations: readonly CertificateGenerationArgs[],
  activeCertificate: string | undefined,
  now: Date,
): Fault[] {
  return [
    ...generations.flatMap((generation, index) => [
      ...nameFaults(generation, index, generations),
      ...(isGenerated(generation)
        ? generatedFaults(generation, index)
        : broughtFaults(generation, index, now)),
    ]),
    ...generations.flatMap((generation, index) =>
      retirementFaults(generation, index, activeCertificate ?? generations[0]?.name),
    ),
    ...activeFaults(generations, activeCertificate),
  ];
}

function nameFaults(
  { name }: CertificateGenerationArgs,
  index: number,
  all: readonly CertificateGenerationArgs[],
): Fault[] {
  const path = `certificates[${index}].name`;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(name)) {
    return [
      {
        path,
        value: name,
        rule: "is not a name of 1 to 32 letters, digits, dots, dashes and underscores.",
        remedy: "Name a generation after its month, for example 2026-11.",
      },
    ];
  }
  // Resource names are compared without case on some backends' file systems.
  const first = all.findIndex((other) => other.name.toLowerCase() === name.toLowerCase());
  return first < index
    ? [
        {
          path,
          value: name,
          rule: `is already the name of certificates[${first}].`,
          remedy: "Give each generation a name of its own.",
        },
      ]
    : [];
}

function retirementFaults(
  { name, retireAfter }: CertificateGenerationArgs,
  index: number,
  active: string | undefined,
): Fault[] {
  if (retireAfter === undefined) {
    return [];
  }
  const fault = { path: `certificates[${index}].retireAfter`, value: retireAfter };
  if (!isDate(retireAfter)) {
    return [{ ...fault, rule: "is not a date.", remedy: "Write it as YYYY-MM-DD." }];
  }
  return name === active
    ? [
        {
          ...fault,
          rule: "stands at the active generation.",
          remedy: "Remove it, or activate another.",
        },
      ]
    : [];
}

function generatedFaults(generation: CertificateGenerationArgs, index: number): Fault[] {
  const path = `certificates[${index}]`;
  const faults: Fault[] = [];
  const { subject, validityDays, keyBits: bits, pfxEncryption } = generation;
  if (subject === undefined) {
    faults.push({
      path: `${path}.subject`,
      rule: "is missing: a generated certificate needs a subject.",
      remedy: "Give a DNS name such as contoso.org.",
    });
  } else if (parseSubject(subject) === undefined) {
    faults.push({
      path: `${path}.subject`,
      value: subject,
      rule: "is neither a DNS name nor a distinguished name with a CN.",
      remedy: "Write contoso.org, or CN=contoso.org, O=Contoso.",
    });
  }
  if (
    validityDays !== undefined &&
    !(Number.isInteger(validityDays) && validityDays >= 1 && validityDays <= longestValidityDays)
  ) {
    faults.push({
      path: `${path}.validityDays`,
      value: String(validityDays),
      rule: `is not a whole number of days from 1 to ${longestValidityDays}.`,
      remedy: "Use 365 or fewer.",
    });
  }
  if (bits !== undefined && !(keyBits as readonly number[]).includes(bits)) {
    faults.push({
      path: `${path}.keyBits`,
      value: String(bits),
      rule: "is not an RSA key size that Exchange and Microsoft Entra are known to accept.",
      remedy: `Use ${keyBits.join(", ")}.`,
    });
  }
  if (
    pfxEncryption !== undefined &&
    !(pfxEncryptions as readonly string[]).includes(pfxEncryption)
  ) {
    faults.push({
      path: `${path}.pfxEncryption`,
      value: pfxEncryption,
      rule: "is not an encryption of a .pfx.",
      remedy: "Use modern, or legacy for Windows Server 2016 and older.",
    });
  }
  return faults;
}

function broughtFaults(generation: CertificateGenerationArgs, index: number, now: Date): Fault[] {
  const path = `certificates[${index}]`;
  const ignored = (["subject", "validityDays", "keyBits", "pfxEncryption"] as const)
    .filter((key) => generation[key] !== undefined)
    .map((key): Fault => ({
      path: `${path}.${key}`,
      value: String(generation[key]),
      rule: "has no meaning for a certificate that is brought: it says so itself.",
      remedy: "Remove it.",
    }));
  try {
    return [...ignored, ...materialFaults(`${path}.source`, generation.source ?? "", now)];
  } catch (error) {
    if (error instanceof CertificateMaterialError) {
      return [...ignored, { path: `${path}.source`, rule: error.rule, remedy: error.remedy }];
    }
    throw error;
  }
}

function materialFaults(path: string, source: string, now: Date): Fault[] {
  const facts = readCertificate(source);
  const value = `thumbprint ${facts.thumbprint}`;
  if (facts.keyType !== "rsa") {
    return [
      {
        path,
        value,
        rule: `has a key of type ${facts.keyType}; Exchange accepts RSA only.`,
        remedy: "Request a certificate with an RSA key of 2048 bits or more.",
      },
    ];
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
      remedy: "Bring a certificate that is valid, or remove the generation.",
    });
  }
  if (new Date(facts.notBefore) > now) {
    faults.push({
      path,
      value,
      rule: `is not valid before ${facts.notBefore}.`,
      remedy: "Wait until then, or bring a certificate that is valid now.",
    });
  }
  return faults;
}

function activeFaults(
  generations: readonly CertificateGenerationArgs[],
  active: string | undefined,
): Fault[] {
  const names = generations.map((generation) => generation.name);
  if (active === undefined) {
    return names.length > 1
      ? [
          {
            path: "activeCertificate",
            rule: "is missing: with several generations one must be the one that pipelines receive.",
            remedy: `Set it to one of: ${names.join(", ")}.`,
          },
        ]
      : [];
  }
  return names.includes(active)
    ? []
    : [
        {
          path: "activeCertificate",
          value: active,
          rule: "is not the name of a generation.",
          remedy:
            names.length > 0
              ? `Use one of: ${names.join(", ")}.`
              : "Remove it, or add a generation.",
        },
      ];
}
