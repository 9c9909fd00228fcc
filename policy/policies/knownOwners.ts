import { policyOf } from "../crossguard/policyOf";
import { knownOwners as rule } from "../rules/knownOwners";

/** Every owner of an application or service principal is known: owners can add credentials. */
export const knownOwners = policyOf(rule);
