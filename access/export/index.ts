export { azureDevOpsCommands, azureDevOpsMask } from "./azureDevOps";
export { type CerEncoding, cerEncodings, cerFile, pfxFile } from "./certificateFile";
export { envDocument } from "./env";
export { ExportError } from "./exportError";
export { exportVersion, jsonDocument } from "./json";
export { type PipelineValue, secretsOf, variablesOf } from "./pipelineValues";
export { powershellDocument } from "./powershell";
export { readStackAccess, requireKey, type StackAccess } from "./stackAccess";
export { withoutSecrets } from "./withoutSecrets";
