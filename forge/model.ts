import type { Risk } from "../review/model";

/** A file that a pull request changes. Paths are relative to the repository, with slashes. */
export interface ChangedFile {
  readonly path: string;
  readonly change: "added" | "modified" | "removed" | "renamed";
  /** Where a renamed file was before. */
  readonly previousPath?: string;
  /** Id that git gives the content it has now, where the forge tells it. */
  readonly content?: string;
}

/** The files of a pull request. */
export interface ChangedFiles {
  readonly files: readonly ChangedFile[];
  /** Whether the forge has named them all: it stops at some thousands. */
  readonly complete: boolean;
}

/** The pull request under review. */
export interface PullRequest {
  readonly number: number;
  /** Commit at the tip of its branch. */
  readonly head: string;
  /** Whether it comes from another repository, so that it gets no secrets and no right to write. */
  readonly fromFork: boolean;
  /** Whether a merge queue has merged it on trial: its own comment is of the pull request as it is. */
  readonly queued?: boolean;
}

/** What somebody who may accept a change has written while approving it. */
export interface Approval {
  /** Name of the account. */
  readonly by: string;
  /** Instant, ISO 8601. */
  readonly at: string;
  /** Commit that was approved, where the forge tells it. */
  readonly commit?: string;
  readonly text: string;
}

/** One run of a pipeline over a pull request, in an order: of two runs, the newer one counts. */
export interface ReviewRun {
  /** Tells the comments of several projects on one pull request apart, see {@link commentKey}. */
  readonly key: string;
  /** Tells the parts of one review apart, see {@link partKey}. @default all stacks that are touched */
  readonly part?: string;
  /** Commit that was reviewed. */
  readonly head: string;
  /** Number of the run, which grows with every run. */
  readonly run: string;
  /** Number of the try of that run, from 1. */
  readonly attempt: number;
}

/** What is known at the end of a review, for later steps of a pipeline. */
export interface ReviewOutputs {
  /** The worst risk, or `none`. */
  readonly risk: Risk | "none";
  /** Number of permission changes. */
  readonly changes: number;
  /** Names of the stacks that were to be reviewed. */
  readonly stacks: readonly string[];
  /** Names of the stacks that could not be previewed. */
  readonly notPreviewed: readonly string[];
  /** Address of the comment; empty where there is none. */
  readonly commentUrl: string;
  /** `passed`, `tripped`, or `off` where no gate was asked for. */
  readonly gate: "passed" | "tripped" | "off";
  /** Who has accepted what would have tripped the gate; empty where nobody had to. */
  readonly acceptedBy: string;
}
