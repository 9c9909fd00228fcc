import { policyOf } from "../crossguard/policyOf";
import { consentInManifest as rule } from "../rules/consentInManifest";

/** A consent to an application permission has its entry in the application's manifest. */
export const consentInManifest = policyOf(rule);
