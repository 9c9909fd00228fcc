import { policyOf } from "../crossguard/policyOf";
import { certificateStrength as rule } from "../rules/certificateStrength";

/** Certificates have a key that is strong enough, and do not live too long. */
export const certificateStrength = policyOf(rule);
