import { type PublicCertificate, readPublicCertificate } from "./certificateText";
import { types } from "./types";
import { isStackUrn, type StackView, type ViewedResource } from "./stackView";
import { instantOf, isHidden, asProperty, textOf } from "./values";

/** Types of the tls provider that make a certificate. */
const issuedTypes: readonly string[] = [types.selfSignedCert, types.locallySignedCert];

/**
 * The certificate of a credential where it can be seen: its own text, what the component around it
 * registers as public, or what the tls provider has issued. Previews mask the first.
 */
export function seenCertificateOf(
  credential: ViewedResource,
  stack: StackView,
): PublicCertificate | undefined {
  const { value, encoding } = credential.inputs;
  const own = textOf(value);
  if (own !== undefined) {
    return readPublicCertificate(own, textOf(encoding));
  }
  const cer = textOf(stack.parentOf(credential)?.outputs.cer);
  const issued = textOf(issuerOf(credential, stack)?.outputs.certPem);
  return [cer, issued]
    .map((text) => (text === undefined ? undefined : readPublicCertificate(text)))
    .find((one) => one !== undefined);
}

/** The resource of the tls provider that a credential's certificate comes from. */
export function issuerOf(credential: ViewedResource, stack: StackView): ViewedResource | undefined {
  const { value } = credential.inputs;
  if (!isHidden(value)) {
    return undefined;
  }
  if (value.hidden === "secret" && credential.dependencies === undefined) {
    // Which certificate a masked text is, only the component around both of them can tell.
    return findOnlySibling(credential, stack);
  }
  const found = stack.referred(credential, "value", issuedTypes);
  return found.kind === "resource" ? found.resource : undefined;
}

function findOnlySibling({ parent }: ViewedResource, stack: StackView): ViewedResource | undefined {
  const siblings = stack
    .ofType(...issuedTypes)
    .filter((one) => one.parent === parent && !(parent !== undefined && isStackUrn(parent)));
  return siblings.length === 1 ? siblings[0] : undefined;
}

/** Milliseconds; a published pack has no more than its folder. */
const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** When a credential is valid, in milliseconds; a bound that cannot be seen is left out. */
export interface Validity {
  readonly from?: number;
  readonly to?: number;
}

/**
 * When a credential is valid. A certificate that is yet to be issued begins with the update.
 *
 * @param now When the update takes place.
 */
export function validityOf(credential: ViewedResource, stack: StackView, now: Date): Validity {
  const { inputs, outputs } = credential;
  const certificate = seenCertificateOf(credential, stack);
  const from = instantOf(inputs.startDate) ?? instantOf(outputs.startDate);
  const relative = hoursOf(inputs.endDateRelative);
  const to =
    instantOf(inputs.endDate) ??
    instantOf(outputs.endDate) ??
    (relative === undefined ? undefined : (from ?? now.getTime()) + relative * hourMs);
  const issued = issuedValidity(issuerOf(credential, stack), now);
  return {
    ...asProperty("from", latestOf(from, certificate?.notBefore) ?? issued.from),
    ...asProperty("to", earliestOf(to, certificate?.notAfter) ?? issued.to),
  };
}

function issuedValidity(issuer: ViewedResource | undefined, now: Date): Validity {
  if (issuer === undefined) {
    return {};
  }
  const { inputs, outputs } = issuer;
  const from = instantOf(outputs.validityStartTime) ?? now.getTime();
  const hours = inputs.validityPeriodHours;
  const to =
    instantOf(outputs.validityEndTime) ??
    (typeof hours === "number" ? from + hours * hourMs : undefined);
  return { from, ...asProperty("to", to) };
}

/** Hours of a duration as the azuread provider takes it, for example `4320h` or `240h30m`. */
export function hoursOf(duration: unknown): number | undefined {
  const text = textOf(duration);
  const parts = text === undefined ? [] : [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  if (text === undefined || parts.map(([part]) => part).join("") !== text) {
    return undefined;
  }
  const perUnit: Readonly<Record<string, number>> = { h: 1, m: 1 / 60, s: 1 / 3600, ms: 1 / 3.6e6 };
  return parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (perUnit[unit ?? ""] ?? 0),
    0,
  );
}

function latestOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b);
}

function earliestOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}
