export { openAzureDevOps } from "./azureDevOps";
export {
  changedStacks,
  type ProjectFolder,
  stacksAmong,
  type StackSelection,
} from "./changedStacks";
export type { Forge } from "./forge";
export { ForgeFailure } from "./forgeFailure";
export { filesChangedSince, folderInCheckout } from "./git/changedFiles";
export { openGitHub } from "./github";
export { type CommentStore, keepOneComment, type KeptComment, type Report } from "./keepOneComment";
export { commentKey, markerSize } from "./marker";
export type { ChangedFile, ChangedFiles, PullRequest, ReviewOutputs, ReviewRun } from "./model";
export { withoutCommands } from "./pipelineText";
export { type PullRequestReport, renderReport, type StackOutcome } from "./report";
