import type { CertificateGenerationArgs } from "../args";
import {
  isNameInVault,
  vaultAddress,
  type VaultSource,
  vaultSources,
  vaultSuffixesOf,
  vaultTitles,
} from "../catalog/vaults";
import type { CertificateFacts } from "../certificateFacts";
import { type Fault, faultAt, faultUnless, type Parsed } from "../faults";
import {
  isWholeFrom1,
  makingFaults,
  needlessFaults,
  parsePublicCertificate,
} from "./certificateParts";

/** Whether a source is one of Azure's. */
export function isVaultSource(source: string | undefined): source is VaultSource {
  return (vaultSources as readonly unknown[]).includes(source);
}

/** Validity of a certificate that a Key Vault makes where none is named, in months. */
export const defaultValidityMonths = 12;

/** Where a generation's key is in Azure. */
export interface VaultPlace {
  readonly source: VaultSource;
  /** Address, `https://NAME.SUFFIX`. */
  readonly vault: string;
  /** Name of the certificate; in a managed HSM, of the key. */
  readonly certificate: string;
  /** Whether the private key may be fetched. */
  readonly exportable: boolean;
}

/** A version of a key in Azure. */
export interface VaultKey extends VaultPlace {
  /** Its identifier, `https://NAME.SUFFIX/keys/NAME/VERSION`. */
  readonly key: string;
}

/**
 * Where a generation's key is to be, and how it is to be made, before there is one.
 *
 * @returns `vault` is `undefined` where the place is at fault.
 */
export function parsePlaceInVault(
  generation: CertificateGenerationArgs,
  source: VaultSource,
  path: string,
): { readonly vault: VaultPlace | undefined; readonly faults: Fault[] } {
  const { vault = "", certificate = "", exportable = false } = generation;
  const { validityMonths = defaultValidityMonths } = generation;
  const address = vaultAddress(vault, source);
  const title = vaultTitles[source];
  const faults = [
    ...faultUnless(address !== undefined, [`${path}.vault`, generation.vault])(
      `is ${generation.vault === undefined ? "missing" : `not the address of one of ${title}`}.`,
      `Write it as https://NAME.SUFFIX, with one of: ${vaultSuffixesOf(source).join(", ")}.`,
    ),
    ...faultUnless(isNameInVault(certificate), [`${path}.certificate`, generation.certificate])(
      `is ${generation.certificate === undefined ? "missing" : `not a name in ${title}: 1 to 127 letters, digits and dashes`}.`,
      "Name the certificate there, for example exo-powershell. Each generation is a version of it.",
    ),
    ...makingFaults(generation, path),
    ...faultUnless(isWholeFrom1(validityMonths, 24), [
      `${path}.validityMonths`,
      String(validityMonths),
    ])("is not a whole number of months from 1 to 24.", "Use 12 or fewer."),
    ...needlessFaults(generation, path, ["pfxEncryption"], "has no meaning without a .pfx."),
    ...(source === "key-vault"
      ? needlessFaults(
          generation,
          path,
          ["validityDays"],
          "has no meaning in a Key Vault, which counts in months: validityMonths.",
        )
      : [
          ...needlessFaults(
            generation,
            path,
            ["validityMonths"],
            "has no meaning with a managed HSM: validityDays says how long its certificate lives.",
          ),
          ...faultUnless(!exportable, [`${path}.exportable`, "true"])(
            "is not possible: the key of a managed HSM is made not to leave it.",
            "Remove it, or use source: key-vault.",
          ),
          ...faultUnless(generation.subject !== undefined, [`${path}.subject`])(
            "is missing: a managed HSM has keys only, so the certificate is made here and signed there.",
            "Give a DNS name such as contoso.org.",
          ),
        ]),
  ];
  return {
    vault:
      address === undefined || !isNameInVault(certificate)
        ? undefined
        : { source, vault: address, certificate, exportable },
    faults,
  };
}

/** The version in a vault that a generation is, with its public certificate. */
export function parseVersionInVault(
  generation: CertificateGenerationArgs,
  source: VaultSource,
  path: string,
  now: Date,
): Parsed<{ readonly facts: CertificateFacts; readonly vault: VaultKey } | undefined> {
  const { vault: place, faults } = parsePlaceInVault(generation, source, path);
  const { version, cer } = generation;
  if (version === undefined || cer === undefined) {
    const missing = version === undefined ? "version" : "cer";
    return {
      value: undefined,
      faults: [
        ...faults,
        ...faultAt(`${path}.${missing}`)(
          "is missing: the settings do not have the certificate of the vault yet.",
          "Have it made, and written there: apponly rotate --plan",
        ),
      ],
    };
  }
  const isVersion = /^[0-9a-f]{32}$/.test(version);
  const material = parsePublicCertificate(cer, `${path}.cer`, now);
  const vault = place && {
    ...place,
    key: `${place.vault}/keys/${place.certificate}/${version}`,
  };
  return {
    value: material.value && vault && { facts: material.value, vault },
    faults: [
      ...faults,
      ...faultUnless(isVersion, [`${path}.version`, version])(
        "is not a version in a vault: 32 hexadecimal digits in lower case.",
        "Remove version and cer, and have them written again: apponly rotate --plan",
      ),
      ...material.faults,
    ],
  };
}
