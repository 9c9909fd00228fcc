import type { StackView } from "../../policy/rules/stackView";

/** What the engine would do with one resource, which the views show before and after. */
export interface PreviewStep {
  /** The engine's operation, for example `create`, `update`, `replace`, `same`. */
  readonly op: string;
  readonly urn: string;
  /** Type token, for example `azuread:index/application:Application`. */
  readonly type: string;
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
export interface Preview {
  /** The stack as it is. */
  readonly before: StackView;
  /** The stack as the update would leave it, with what the update would delete beside it. */
  readonly after: StackView;
  /** In the engine's order, one per resource; a replacement is one step. */
  readonly steps: readonly PreviewStep[];
  /** Number of resources by operation, as the engine counted them. */
  readonly changeSummary: Readonly<Record<string, number>>;
  readonly config: Readonly<Record<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Whether unchanged resources and what components register are shown: in events they are, in
   * documents not.
   */
  readonly showsSames: boolean;
  /** Why changes may be missing; empty for a complete preview. */
  readonly gaps: readonly string[];
}

/** A preview that cannot be read: what it is, and what to give instead. */
export class PreviewFormatError extends Error {
  override readonly name = "PreviewFormatError";
}
