import { policyOf } from "../crossguard/policyOf";
import { manifestConsented as rule } from "../rules/manifestConsented";

/** What an application's manifest asks for is consented to in the stack. */
export const manifestConsented = policyOf(rule);
