import { policyOf } from "../crossguard/policyOf";
import { microsoftOwned as rule } from "../rules/microsoftOwned";

/** Microsoft's own service principals are looked up, never managed or deleted. */
export const microsoftOwned = policyOf(rule);
