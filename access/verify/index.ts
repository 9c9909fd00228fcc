export { documentVersion, type VerifyDocument, verifyDocument } from "./document";
export { type Diagnosis } from "./diagnosis";
export { type DiagnosisCode, diagnosisCodes, type ErrorRow, errorTable } from "./errorTable";
export {
  brokenLink,
  type ChainResult,
  type IdentityName,
  type LinkName,
  linkNames,
  type LinkResult,
  type NotVerified,
  type VerifyReport,
} from "./report";
export {
  AssertionUnavailable,
  type FederatedIdentity,
  type Generation,
  type VerifyInput,
} from "./target";
export { proveSignIn, verify, type VerifyOptions } from "./verify";
export type { ModuleOutcome, ModuleRun } from "./powershell/outcome";
export { runModule } from "./powershell/runModule";
