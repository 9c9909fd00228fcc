import { dayMs, validityOf } from "./certificateSources";
import { displayNameOf, isFor } from "./consents";
import { type CommonSettings, settingsOf } from "./exemptions";
import { applicationTypes, types } from "./types";
import { type Rule, type Scene, violationUnless } from "./rule";
import type { ViewedResource } from "./stackView";

/** Settings of {@link validGeneration}. */
export interface GenerationSettings extends CommonSettings {
  /** Days for which the best certificate must still be valid. */
  readonly minimumDaysLeft: number;
}

/** Every application can sign in: it has a certificate that is valid, or a federated credential. */
export const validGeneration: Rule<GenerationSettings> = {
  name: "entra-application-require-valid-generation",
  displayName: "Applications have a valid generation",
  description:
    "Every application of the stack has a certificate that is valid now, or a federated credential.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Rotate the certificate with `apponly rotate`, or add a certificate that is valid or a federated credential.",
  url: "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
  settings: settingsOf({
    minimumDaysLeft: {
      type: "integer",
      description: "Days for which the best certificate must still be valid.",
      default: 0,
      minimum: 0,
    },
  }),
  judgeStack: (scene) => {
    const { stack } = scene;
    const federated = stack.ofType(types.applicationFederated, types.applicationFlexibleFederated);
    const certificates = stack.ofType(types.applicationCertificate);
    return stack.ofType(...applicationTypes).flatMap((application) => {
      if (federated.some((one) => isFor(one, application, stack))) {
        return [];
      }
      const states = certificates
        .filter((one) => isFor(one, application, stack))
        .map((one) => generationState(one, scene));
      return violationUnless(
        states.includes("valid"),
        application,
        `Nothing can sign in as ${displayNameOf(application)}. ${statesInWords(states)}`,
      );
    });
  },
};

type State = "valid" | "expired" | "ending" | "early" | "unseen";

/** Clocks differ, and a certificate is issued moments before it is judged. */
const skew = 5 * 60_000;

function generationState(
  certificate: ViewedResource,
  { stack, settings, now }: Scene<GenerationSettings>,
): State {
  const { from, to } = validityOf(certificate, stack, now);
  if (to === undefined) {
    return "unseen";
  }
  if (to <= now.getTime()) {
    return "expired";
  }
  if (from !== undefined && from > now.getTime() + skew) {
    return "early";
  }
  return to < now.getTime() + settings.minimumDaysLeft * dayMs ? "ending" : "valid";
}

const words: Readonly<Record<Exclude<State, "valid">, string>> = {
  expired: "expired",
  ending: "ending too soon",
  early: "not valid yet",
  unseen: "whose validity cannot be seen at preview",
};

function statesInWords(states: readonly State[]): string {
  const parts = Object.entries(words).flatMap(([state, which]) => {
    const count = states.filter((one) => one === state).length;
    return count === 0 ? [] : [`${count} ${which}`];
  });
  return parts.length === 0
    ? "It has no certificate and no federated credential."
    : `Its certificates: ${parts.join(", ")}.`;
}
