import { policyOf } from "../crossguard/policyOf";
import { noPasswords as rule } from "../rules/noPasswords";

/** Applications have no password credential, which anybody who reads it can use anywhere. */
export const noPasswords = policyOf(rule);
