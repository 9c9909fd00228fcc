/** A step under way; who shows it is the caller's business. */
export interface StepHandle {
  progress(text: string): void;
  done(detail?: string): void;
  fail(reason: string): void;
}

/** Where steps are announced. */
export interface StepSink {
  start(title: string): StepHandle;
}
