import { type CommonSettings, settingsOf } from "./exemptions";
import { applicationTypes } from "./types";
import { type Rule, violationOf, violationUnless } from "./rule";
import { isAbsent, textOf } from "./values";

/** Who may sign in to an application, as Microsoft Graph names it. */
const audiences = [
  "AzureADMyOrg",
  "AzureADMultipleOrgs",
  "AzureADandPersonalMicrosoftAccount",
  "PersonalMicrosoftAccount",
] as const;

/** Settings of {@link signInAudience}. */
export interface AudienceSettings extends CommonSettings {
  /** Sign-in audiences that applications may have. */
  readonly allowedAudiences: readonly string[];
}

// Left out, the provider takes the tenant's own accounts.
/** The audience that is only the tenant itself. */
export const singleTenant = "AzureADMyOrg";

/** Only the tenant's own accounts can sign in to an application. */
export const signInAudience: Rule<AudienceSettings> = {
  name: "entra-application-require-single-tenant",
  displayName: "Applications are only for the tenant",
  description: "The sign-in audience of an application is the tenant itself.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set signInAudience to AzureADMyOrg, or have the audience added to allowedAudiences in the policy's configuration.",
  url: "https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation",
  settings: settingsOf({
    allowedAudiences: {
      type: "array",
      description: "Sign-in audiences that applications may have.",
      default: [singleTenant],
      items: { type: "string", enum: audiences },
    },
  }),
  judgeResource: (resource, { settings }) => {
    const { signInAudience: value } = resource.inputs;
    if (!applicationTypes.includes(resource.type)) {
      return [];
    }
    const audience = isAbsent(value) ? singleTenant : textOf(value);
    if (audience === undefined) {
      return [
        violationOf(resource, "The sign-in audience cannot be seen at preview. Write it out."),
      ];
    }
    const allowed = settings.allowedAudiences.includes(audience);
    return violationUnless(allowed, resource, `The sign-in audience ${audience} is not allowed.`);
  },
};
