import { isPlainLine, isPlainText } from "../../system/visibleText";
import type { ExchangeAppOnlyArgs } from "../args";
import type { Fault } from "../faults";

/** Properties whose text may have several lines. */
const ofSeveralLines: ReadonlySet<string> = new Set(["notes"]);

/** Properties of which only what is read out of the text goes further, not the text itself. */
const readOnly: ReadonlySet<string> = new Set(["source"]);

/**
 * Faults of texts that are not what they look like: they are shown in reviews, logs and the portal,
 * and written into pipelines, where a line break or a mark of direction would say something else.
 *
 * @see https://trojansource.codes/
 */
export function textFaults(args: ExchangeAppOnlyArgs): Fault[] {
  return Object.entries(args).flatMap(([key, value]) => faultsIn(value, key, key));
}

function faultsIn(value: unknown, path: string, key: string): Fault[] {
  if (typeof value === "string") {
    return faultsOfText(value, path, key);
  }
  if (Array.isArray(value)) {
    return value.flatMap((one, index) => faultsIn(one, `${path}[${index}]`, key));
  }
  // What another resource still has to produce is not judged.
  return typeof value === "object" && value !== null && isPlainObject(value)
    ? Object.entries(value).flatMap(([name, one]) => faultsIn(one, `${path}.${name}`, name))
    : [];
}

function faultsOfText(text: string, path: string, key: string): Fault[] {
  const several = ofSeveralLines.has(key);
  if (readOnly.has(key) || (several ? isPlainText(text) : isPlainLine(text))) {
    return [];
  }
  return [
    {
      path,
      value: text,
      rule: `has ${several ? "" : "a line break or "}a character that nobody sees: a control, a mark of direction, or one without width.`,
      remedy: "Type it anew, in visible characters.",
    },
  ];
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether an address names no user and no password, which would end up in logs and in the portal. */
export function isWithoutUser({ username, password }: URL): boolean {
  return username === "" && password === "";
}
