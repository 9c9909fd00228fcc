import { certificateStrength } from "./certificateStrength";
import { consentInManifest } from "./consentInManifest";
import { knownOwners } from "./knownOwners";
import { manifestConsented } from "./manifestConsented";
import { microsoftOwned } from "./microsoftOwned";
import { noPasswords } from "./noPasswords";
import { permissionsAllowList } from "./permissionsAllowList";
import { privilegedRoles } from "./privilegedRoles";
import { signInAudience } from "./signInAudience";
import { validGeneration } from "./validGeneration";
import type { AppOnlyPolicy } from "../crossguard/policyOf";

/** Every policy, in the order in which they are documented. */
export const policies: readonly AppOnlyPolicy[] = [
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
];
