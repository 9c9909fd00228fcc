export { type Diagnosis, type DiagnosisCode, diagnosisCodes, errorTable } from "./diagnosis";
export type { Generation, VerifyInput } from "./target";
export {
  type ChainResult,
  type LinkName,
  linkNames,
  type LinkResult,
  proveSignIn,
  verify,
  type VerifyOptions,
  type VerifyReport,
} from "./verify";
