import type { Workload } from "../../../components/catalog/workloads";
import type { Diagnosis } from "../diagnosis";
import type { IdentityName } from "../report";

/** One connection by the real module. */
export interface ModuleRun extends IdentityName {
  readonly workload: Workload;
  readonly state: "connected" | "failed" | "skipped";
  /** The cmdlet that answered, what the module said, or why it was not run. */
  readonly detail: string;
  readonly moduleVersion?: string;
  /** Where the module's message is a known one. */
  readonly diagnosis?: Diagnosis;
}

/** What came of `--powershell`: either nothing could be run, and why, or one entry a connection. */
export type ModuleOutcome =
  | { readonly state: "skipped"; readonly reason: string }
  | {
      readonly state: "ran";
      /** Whether no connection failed; some may have been skipped. */
      readonly ok: boolean;
      readonly powershellVersion?: string;
      readonly runs: readonly ModuleRun[];
    };
