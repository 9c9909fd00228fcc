import { certificateStrength } from "./certificateStrength";
import { consentInManifest } from "./consentInManifest";
import type { CommonSettings } from "./exemptions";
import { knownOwners } from "./knownOwners";
import { manifestConsented } from "./manifestConsented";
import { microsoftOwned } from "./microsoftOwned";
import { noPasswords } from "./noPasswords";
import { permissionsAllowList } from "./permissionsAllowList";
import { privilegedRoles } from "./privilegedRoles";
import type { Rule } from "./rule";
import { signInAudience } from "./signInAudience";
import { validGeneration } from "./validGeneration";

export {
  configurationOf,
  type PolicyConfiguration,
  type RuleConfiguration,
  withDefaults,
} from "./configuration";
export { evaluate, type Evaluation, settle, type Violation } from "./evaluate";
export type { CommonSettings } from "./exemptions";
export { type PolicyResource, types } from "./resource";
export {
  type EnforcementLevel,
  enforcementLevels,
  type Rule,
  type Scene,
  type SettingSchema,
  severities,
  type Severity,
  type Verdict,
} from "./rule";
export { StackView } from "./stackView";
export { type Properties, secretValue, unknownValue } from "./values";

/** Every rule, in the order in which they are documented. */
export const rules: readonly Rule<CommonSettings>[] = [
  permissionsAllowList,
  privilegedRoles,
  certificateStrength,
  signInAudience,
  noPasswords,
  knownOwners,
  consentInManifest,
  manifestConsented,
  microsoftOwned,
  validGeneration,
] as unknown as Rule<CommonSettings>[];
