import type { Properties } from "./shape";

/** A resource's state before or after a step. */
export interface StepState {
  readonly id?: string;
  readonly parent?: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Secrets are masked, unknown values are the engine's sentinels. */
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** URNs of the resources that an input was computed from, by input; digests have it alone. */
  readonly propertyDependencies: Properties;
}

/** What the engine would do with one resource. */
export interface PreviewStep {
  /** The engine's operation, for example `create`, `update`, `replace`, `same`. */
  readonly op: string;
  readonly urn: string;
  /** Type token, for example `azuread:index/application:Application`. */
  readonly type: string;
  readonly old?: StepState;
  readonly new?: StepState;
  /** Inputs that differ, as the provider says, without indexes. */
  readonly diffKeys: readonly string[];
  /** Inputs that force a replacement. */
  readonly replaceKeys: readonly string[];
}

/** What the engine, a provider or a policy said. */
export interface Diagnostic {
  readonly severity: "warning" | "error";
  readonly message: string;
}

/**
 * A preview, whichever form it came in.
 *
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/
 */
export interface PreviewSteps {
  /** In the engine's order, one per resource; a replacement is one step. */
  readonly steps: readonly PreviewStep[];
  /** Number of resources by operation, as the engine counted them. */
  readonly changeSummary: Readonly<Record<string, number>>;
  readonly config: Readonly<Record<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
  /** Whether unchanged resources are among the steps: in events they are, in digests not. */
  readonly showsSames: boolean;
  /** Why changes may be missing; empty for a complete preview. */
  readonly gaps: readonly string[];
}

/** A preview that cannot be read: what it is, and what to give instead. */
export class PreviewFormatError extends Error {
  override readonly name = "PreviewFormatError";
}
