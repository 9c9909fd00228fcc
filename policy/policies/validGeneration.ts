import { policyOf } from "../crossguard/policyOf";
import { validGeneration as rule } from "../rules/validGeneration";

/** Every application can sign in: it has a certificate that is valid, or a federated credential. */
export const validGeneration = policyOf(rule);
