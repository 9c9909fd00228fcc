export { gate } from "./gate";
export { readEvents } from "./input/engineEvents";
export { readPreviewDocument } from "./input/previewDocument";
export {
  type Diagnostic,
  PreviewFormatError,
  type PreviewStep,
  type PreviewSteps,
  type StepState,
} from "./input/previewSteps";
export { parsePreviewText } from "./input/previewText";
export * from "./model";
export { PolicyConfigurationError, readPolicyConfiguration } from "./policies/configuration";
export * from "./render";
export { review, type ReviewContext } from "./review";
export { riskTable } from "./risk/table";
