import { policyOf } from "../crossguard/policyOf";
import { privilegedRoles as rule } from "../rules/privilegedRoles";

/** A privileged directory role has a live exception. */
export const privilegedRoles = policyOf(rule);
