import { consentsOf, displayNameOf, manifestOf } from "./consents";
import { type CommonSettings, settingsOf } from "./exemptions";
import { undecidedOn, type Rule, type Ruling, violationOf } from "./rule";

/** A consent to an application permission has its entry in the application's manifest. */
export const consentInManifest: Rule<CommonSettings> = {
  name: "entra-consent-require-manifest-entry",
  displayName: "Consents are in the manifest",
  description:
    "An application is granted only the application permissions that its own registration asks for.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Add the app role to the application's requiredResourceAccesses, or remove the consent. A consent that the registration does not ask for is missing from the portal's list of API permissions.",
  url: "https://learn.microsoft.com/graph/permissions-grant-via-msgraph",
  settings: settingsOf({}),
  judgeStack: ({ stack }) =>
    consentsOf(stack).flatMap((consent): Ruling[] => {
      const { assignment, appRoleId } = consent;
      if (consent.kind === "open") {
        return [
          undecidedOn(
            assignment,
            `Who is granted the app role ${appRoleId}, only the update decides.`,
          ),
        ];
      }
      if (consent.kind === "outside") {
        return [];
      }
      const { appRoleIds, partlyHidden } = manifestOf(consent.application, stack);
      if (appRoleIds.has(appRoleId)) {
        return [];
      }
      const name = displayNameOf(consent.application);
      return [
        partlyHidden
          ? undecidedOn(
              assignment,
              `Whether ${name} asks for the app role ${appRoleId}, only the update decides.`,
            )
          : violationOf(
              assignment,
              `${name} is granted the app role ${appRoleId} and does not ask for it.`,
            ),
      ];
    }),
};
