import { policyOf } from "../crossguard/policyOf";
import { permissionsAllowList as rule } from "../rules/permissionsAllowList";

/** Application permissions, requested or granted, are on an allow list; so are delegated ones. */
export const permissionsAllowList = policyOf(rule);
