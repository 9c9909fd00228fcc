import type { CommentStore } from "./keepOneComment";
import type { Approval, ChangedFiles, PullRequest, ReviewOutputs } from "./model";

/** What a review needs of a forge and its pipeline. */
export interface Forge {
  readonly pullRequest: PullRequest;
  /** Number of the pipeline's run, see {@link ReviewRun}. */
  readonly run: string;
  readonly attempt: number;
  /** Address of the pipeline's run, for the reader of a comment. */
  readonly runUrl?: string;
  /**
   * Files the pull request changes, compared with where its branch left the target.
   *
   * @throws {ForgeFailure} If the forge does not say.
   */
  changedFiles(): Promise<ChangedFiles>;
  /**
   * The text that a file had before the pull request.
   *
   * @throws {ForgeFailure} If the forge does not say, or there was none.
   */
  textBefore(path: string): Promise<string>;
  /**
   * Approvals of people who may write to the repository and are not the author, each with its text.
   *
   * @throws {ForgeFailure} If the forge does not say.
   */
  approvals(): Promise<readonly Approval[]>;
  /** What a person does so that the text of their approval is found, as the end of a sentence. */
  readonly approvalWay: string;
  /** The comments of this program on the pull request. */
  comments(key: string): CommentStore;
  /** Shows a report on the page of the pipeline's run; a no-op where the pipeline has none. */
  publishSummary(render: (limit: number) => string): Promise<void>;
  /** Hands results to later steps. */
  setOutputs(outputs: ReviewOutputs): Promise<void>;
  /** Marks the run with an error that a person sees without reading its log. */
  annotate(level: "error" | "warning", message: string): void;
}
