import { policyOf } from "../crossguard/policyOf";
import { signInAudience as rule } from "../rules/signInAudience";

/** Only the tenant's own accounts can sign in to an application. */
export const signInAudience = policyOf(rule);
