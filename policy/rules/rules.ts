import { certificateStrength } from "./certificateStrength";
import { consentInManifest } from "./consentInManifest";
import type { CommonSettings } from "./exemptions";
import { knownOwners } from "./knownOwners";
import { manifestConsented } from "./manifestConsented";
import { microsoftOwned } from "./microsoftOwned";
import { narrowedRoles } from "./narrowedRoles";
import { noPasswords } from "./noPasswords";
import { permissionsAllowList } from "./permissionsAllowList";
import { privilegedRoles } from "./privilegedRoles";
import type { Rule } from "./rule";
import { signInAudience } from "./signInAudience";
import { validGeneration } from "./validGeneration";

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
  narrowedRoles,
] as unknown as Rule<CommonSettings>[];
