import { dayMs, seenCertificateOf, hoursOf, issuerOf } from "./certificateSources";
import { type CommonSettings, settingsOf } from "./exemptions";
import { types } from "./types";
import {
  maskedOn,
  undecidedOn,
  type Rule,
  type Scene,
  type Ruling,
  violationOf,
  violationUnless,
} from "./rule";
import type { ViewedResource } from "./stackView";
import { instantOf, isAbsent, isHidden, textOf } from "./values";

/** Settings of {@link certificateStrength}. */
export interface CertificateSettings extends CommonSettings {
  /** Least size of an RSA key, in bits. */
  readonly minimumKeyBits: number;
  /** Longest validity, in days of 24 hours. */
  readonly longestValidityDays: number;
}

/** Certificates have a key that is strong enough, and do not live too long. */
export const certificateStrength: Rule<CertificateSettings> = {
  name: "entra-certificate-require-strong-key-and-short-life",
  displayName: "Certificates have a strong key and a short life",
  description:
    "Certificates that applications sign in with have an RSA key of the least size or more, and are not valid for longer than allowed.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Make the certificate with an RSA key of at least minimumKeyBits bits and a validity of at most longestValidityDays days, under a new name, and change over to it.",
  url: "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
  settings: settingsOf({
    minimumKeyBits: {
      type: "integer",
      description: "Least size of an RSA key, in bits.",
      default: 2048,
      minimum: 2048,
      maximum: 16384,
    },
    longestValidityDays: {
      type: "integer",
      description: "Longest validity of a certificate, in days.",
      default: 730,
      minimum: 1,
    },
  }),
  judgeResource: (resource, scene) => {
    switch (resource.type) {
      case types.privateKey:
        return judgeKey(resource, scene.settings);
      case types.selfSignedCert:
      case types.locallySignedCert:
        return judgeHours(resource, resource.inputs.validityPeriodHours, scene.settings);
      case types.applicationCertificate:
      case types.servicePrincipalCertificate:
        return judgeCredential(resource, scene);
      default:
        return [];
    }
  },
};

/** Size of an RSA key that the tls provider makes where none is given. */
const defaultKeyBits = 2048;

function judgeKey(resource: ViewedResource, { minimumKeyBits }: CertificateSettings): Ruling[] {
  const { algorithm, rsaBits } = resource.inputs;
  if (isHidden(algorithm) || isHidden(rsaBits)) {
    return [violationOf(resource, "The type and size of the key cannot be seen at preview.")];
  }
  const bits = isAbsent(rsaBits) ? defaultKeyBits : Number(rsaBits);
  return judgeBits(resource, textOf(algorithm) ?? "", bits, minimumKeyBits);
}

function judgeBits(
  resource: ViewedResource,
  type: string,
  bits: number,
  minimum: number,
): Ruling[] {
  if (type.toUpperCase() !== "RSA") {
    return [
      violationOf(
        resource,
        `The key is of the type ${type}; Exchange Online PowerShell signs in only with RSA keys.`,
      ),
    ];
  }
  return violationUnless(
    bits >= minimum,
    resource,
    `The key has ${bits} bits, fewer than ${minimum}.`,
  );
}

function judgeHours(
  resource: ViewedResource,
  hours: unknown,
  { longestValidityDays }: CertificateSettings,
): Ruling[] {
  if (typeof hours !== "number") {
    return [violationOf(resource, "How long the certificate is valid cannot be seen at preview.")];
  }
  return judgeDays(resource, hours / 24, longestValidityDays);
}

function judgeDays(resource: ViewedResource, days: number, longest: number): Ruling[] {
  return violationUnless(
    days <= longest,
    resource,
    `The certificate is valid for ${Math.ceil(days)} days, longer than ${longest}.`,
  );
}

/** `ApplicationCertificate` and `ServicePrincipalCertificate`. */
function judgeCredential(
  resource: ViewedResource,
  { stack, settings, now }: Scene<CertificateSettings>,
): Ruling[] {
  const { value, type, startDate, endDate, endDateRelative } = resource.inputs;
  if (textOf(type) === "Symmetric") {
    return [violationOf(resource, "The credential is a symmetric key, not a certificate.")];
  }
  const certificate = seenCertificateOf(resource, stack);
  if (certificate !== undefined) {
    const { keyType, keyBits, notBefore, notAfter } = certificate;
    return [
      ...judgeBits(resource, keyType, keyBits, settings.minimumKeyBits),
      ...judgeDays(resource, (notAfter - notBefore) / dayMs, settings.longestValidityDays),
    ];
  }
  // Issued by the stack: key and validity are judged where they are declared.
  if (issuerOf(resource, stack) !== undefined) {
    return [];
  }
  if (textOf(value) !== undefined) {
    return [violationOf(resource, "The credential's value is not a certificate.")];
  }
  const from = instantOf(startDate) ?? now.getTime();
  const relative = hoursOf(endDateRelative);
  const days =
    relative === undefined ? ((instantOf(endDate) ?? NaN) - from) / dayMs : relative / 24;
  return [
    ...(Number.isNaN(days) ? [] : judgeDays(resource, days, settings.longestValidityDays)),
    isHidden(value) && value.hidden === "secret" && !Number.isNaN(days)
      ? maskedOn(
          resource,
          "The provider marks the certificate secret, so its key is not in the preview; the policy pack can judge it.",
        )
      : undecidedOn(resource, "Which certificate it is, only the update decides."),
  ];
}
