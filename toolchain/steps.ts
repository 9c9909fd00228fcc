/** A step under way; who shows it is the caller's business. */
export interface StepHandle {
  /** Says how far the step is. */
  progress(text: string): void;
  /** Ends the step well. */
  done(detail?: string): void;
  /** Ends the step badly. */
  fail(reason: string): void;
}

/** Where steps are announced. */
export interface StepSink {
  start(title: string): StepHandle;
}
