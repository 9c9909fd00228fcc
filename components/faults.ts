import { UsageFailure } from "../system/failure";
import { jsonText, visibleText } from "../system/visibleText";

/** One thing wrong with what the user wrote: where, what, which rule, and the way out. */
export interface Fault {
  /** Property path without a namespace, for example `directoryRoles[0]`. */
  readonly path: string;
  /** The offending value as text, never a secret; absent where there is none to show. */
  readonly value?: string;
  /** The rule, as a clause that follows the value: `is not a role that ...`. */
  readonly rule: string;
  /** What to do, as a full sentence. */
  readonly remedy: string;
  /** Namespace of the key, where it is not that of the rest. */
  readonly namespace?: string;
  /** Keys besides that of the path by which it is judged: where one is misshapen, nobody knows. */
  readonly judgedBy?: readonly string[];
}

/** Makes a fault of a rule and a remedy, as the list that a check gives. */
export type MakeFault = (rule: string, remedy: string) => Fault[];

/**
 * Makes the fault of one property, as the list that a rule gives.
 *
 * @example faultAt("cloud", "mars")("is not a cloud.", "Use global.")
 */
export function faultAt(path: string, value?: string): MakeFault {
  return (rule, remedy) => [{ path, value, rule, remedy }];
}

/**
 * The same of a rule that may hold.
 *
 * @param sound Whether it does, so that there is no fault.
 */
export function faultUnless(sound: boolean, at: Parameters<typeof faultAt>): MakeFault {
  return sound ? () => [] : faultAt(...at);
}

/** Faults that the values of other keys decide too. */
export function judgedBy(keys: readonly string[], faults: readonly Fault[]): Fault[] {
  return faults.map((fault) => ({ ...fault, judgedBy: keys }));
}

/** What a text stands for, as far as it is sound, and what is wrong with the rest. */
export interface Parsed<Value> {
  readonly value: Value;
  readonly faults: Fault[];
}

/**
 * Thrown before anything is requested from the tenant. Lists every fault at once. Pulumi shows it as
 * one of its own `RunError`: without a stack trace.
 *
 * @example
 * throw new ConfigurationError([{ path: "cloud", value: "mars", rule: "is not a cloud.", remedy: "Use global." }]);
 */
export class ConfigurationError extends UsageFailure {
  /**
   * What Pulumi knows a `RunError` by. The class itself would load the whole SDK where settings are
   * only read.
   *
   * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/errors.ts
   */
  readonly __pulumiRunError = true;

  constructor(
    readonly faults: readonly Fault[],
    /** Prefix of every path, for example `apponly:`. */
    readonly namespace = "",
  ) {
    const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
    const lines = faults.map((fault) => ` - ${formatFault(fault, namespace)}`);
    super(`The configuration has ${count}; nothing has been changed.\n${lines.join("\n")}`);
  }
}

/** One fault as one line of text. */
export function formatFault(fault: Fault, namespace = ""): string {
  const value = fault.value === undefined ? "" : ` ${quote(fault.value)}`;
  return `${fault.namespace ?? namespace}${visibleText(fault.path)}${value} ${fault.rule} ${fault.remedy}`;
}

/**
 * Quotes a value for an error text: control characters visible, long text shortened, and what looks
 * like a key left out, wherever it was pasted.
 */
function quote(value: string): string {
  if (looksLikeKey(value)) {
    return "[left out: it looks like a key]";
  }
  return jsonText(value.length > 80 ? `${value.slice(0, 77)}...` : value, 0);
}

/** PEM, or base64 and hexadecimal longer than any thumbprint. */
function looksLikeKey(value: string): boolean {
  const joined = value.replace(/\\[nr]|\s/g, "");
  return (
    /PRIVATEKEY|-----BEGIN/.test(joined) ||
    /[0-9a-f]{80,}/i.test(joined) ||
    (joined.match(/[A-Za-z0-9+/_-]{72,}/g) ?? []).some(
      (run) => /[A-Z]/.test(run) && /[a-z]/.test(run) && /\d/.test(run),
    )
  );
}
