import type { CertificateGenerationArgs } from "../args";
import { type Fault, faultAt, faultUnless, judgedBy, type Parsed } from "../faults";
import { isDate } from "./dates";
import { parseCertificate, type ResolvedCertificate } from "./resolvedCertificate";

/** `certificates` and `activeCertificate`. `now` decides what has expired. */
export function parseCertificates(
  generations: readonly CertificateGenerationArgs[],
  activeCertificate: string | undefined,
  now: Date,
): Parsed<ResolvedCertificate[]> {
  const parsed = generations.map((generation, index) =>
    parseCertificate(generation, `certificates[${index}]`, now),
  );
  return {
    value: parsed.flatMap(({ value }) => value ?? []),
    faults: [
      ...parsed.flatMap(({ faults }, index) => [...nameFaults(index, generations), ...faults]),
      ...generations.flatMap((generation, index) =>
        retirementFaults(generation, index, activeCertificate ?? generations[0]?.name),
      ),
      ...parsed.flatMap(({ value }, index) => sameCertificateFaults(value, index, parsed)),
      ...activeFaults(generations, activeCertificate),
    ],
  };
}

/** What is wrong with the name of a generation by itself. */
export function generationNameFaults(name: string, path: string): Fault[] {
  return faultUnless(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(name), [path, name])(
    "is not a name of 1 to 32 letters, digits, dots, dashes and underscores.",
    "Name a generation after its month, for example 2026-11.",
  );
}

function nameFaults(index: number, all: readonly CertificateGenerationArgs[]): Fault[] {
  const path = `certificates[${index}].name`;
  const name = all[index]?.name ?? "";
  const faults = generationNameFaults(name, path);
  if (faults.length > 0) {
    return faults;
  }
  // Resource names are compared without case on some backends' file systems.
  const first = all.findIndex((other) => other.name.toLowerCase() === name.toLowerCase());
  return first < index
    ? faultAt(path, name)(
        `is already the name of certificates[${first}].`,
        "Give each generation a name of its own.",
      )
    : [];
}

/** One certificate under two names would be registered twice, and a rotation would replace nothing. */
function sameCertificateFaults(
  certificate: ResolvedCertificate | undefined,
  index: number,
  all: readonly Parsed<ResolvedCertificate | undefined>[],
): Fault[] {
  if (certificate?.kind !== "supplied") {
    return [];
  }
  const { thumbprint } = certificate.facts;
  const first = all.findIndex(
    ({ value }) => value?.kind === "supplied" && value.facts.thumbprint === thumbprint,
  );
  return first < index
    ? faultAt(`certificates[${index}].source`, `thumbprint ${thumbprint}`)(
        `is the certificate of certificates[${first}].`,
        "Remove one of the two, or supply the new certificate.",
      )
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
  const fault = faultAt(`certificates[${index}].retireAfter`, retireAfter);
  if (!isDate(retireAfter)) {
    return fault("is not a date.", "Write it as YYYY-MM-DD.");
  }
  return name === active
    ? fault("stands at the active generation.", "Remove it, or activate another.")
    : [];
}

function activeFaults(
  generations: readonly CertificateGenerationArgs[],
  active: string | undefined,
): Fault[] {
  const names = generations.map((generation) => generation.name);
  if (active === undefined) {
    return names.length > 1
      ? faultAt("activeCertificate")(
          "is missing: with several generations one must be the one that pipelines receive.",
          `Set it to one of: ${names.join(", ")}.`,
        )
      : [];
  }
  return names.includes(active)
    ? []
    : judgedBy(
        ["certificates"],
        faultAt("activeCertificate", active)(
          "is not the name of a generation.",
          names.length > 0 ? `Use one of: ${names.join(", ")}.` : "Remove it, or add a generation.",
        ),
      );
}
