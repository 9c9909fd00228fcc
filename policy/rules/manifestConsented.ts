import { consentsOf, displayNameOf, manifestOf } from "./consents";
import { type CommonSettings, settingsOf } from "./exemptions";
import { applicationTypes } from "./types";
import { undecidedOn, type Rule, type Ruling, violationOf } from "./rule";

/** What an application's manifest asks for is consented to in the stack. */
export const manifestConsented: Rule<CommonSettings> = {
  name: "entra-manifest-require-consent",
  displayName: "What the manifest asks for is consented to",
  description:
    "Every application permission that a registration asks for is granted in the same stack.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Add an AppRoleAssignment for the app role, or remove it from the application's requiredResourceAccesses. What is asked for and not granted is one click in the portal away from being granted outside the stack.",
  url: "https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview",
  settings: settingsOf({}),
  judgeStack: ({ stack }) => {
    const consents = consentsOf(stack);
    return stack.ofType(...applicationTypes).flatMap((application): Ruling[] => {
      const { appRoleIds, partlyHidden } = manifestOf(application, stack);
      const granted = new Set(
        consents.flatMap((consent) =>
          consent.kind === "application" && consent.application === application
            ? [consent.appRoleId]
            : [],
        ),
      );
      const name = displayNameOf(application);
      return [
        ...[...appRoleIds]
          .filter((id) => !granted.has(id))
          .map((id) =>
            violationOf(
              application,
              `${name} asks for the app role ${id}, and the stack does not grant it.`,
            ),
          ),
        ...(partlyHidden
          ? [undecidedOn(application, `Which app roles ${name} asks for, only the update decides.`)]
          : []),
      ];
    });
  },
};
