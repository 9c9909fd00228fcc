import { type CommonSettings, settingsOf } from "./exemptions";
import { types } from "./types";
import { type Rule, violationOf, violationUnless } from "./rule";
import { elementsOf } from "./values";

/** Applications have no password credential, which anybody who reads it can use anywhere. */
export const noPasswords: Rule<CommonSettings> = {
  name: "entra-application-disallow-password",
  displayName: "Applications have no client secret",
  description: "Applications and service principals have no password credential.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Sign in with a certificate or a federated credential, and remove the password.",
  url: "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
  settings: settingsOf({}),
  judgeResource: (resource) => {
    switch (resource.type) {
      case types.applicationPassword:
        return [violationOf(resource, "An application gets a client secret.")];
      case types.servicePrincipalPassword:
        return [violationOf(resource, "A service principal gets a client secret.")];
      case types.application: {
        // What is hidden counts too: a secret is what a password would be.
        const { password, passwords } = resource.inputs;
        return violationUnless(
          elementsOf(password).length + elementsOf(passwords).length === 0,
          resource,
          "The application has a client secret in its registration.",
        );
      }
      default:
        return [];
    }
  },
};
