import { asText, type Json, type JsonObject } from "../json";
import { isCommonParameter } from "./cmdletTable";
import { ExchangeError } from "./errors";

/** The parameters of a call, read as PowerShell reads them: names in any case, nothing unknown. */
export class Parameters {
  private readonly given = new Map<string, Json>();

  /**
   * @param allowed Those that the caller's roles hold: to the caller there are no others.
   * @throws {ExchangeError} If a parameter is not among them.
   */
  constructor(allowed: readonly string[], sent: JsonObject) {
    for (const [name, value] of Object.entries(sent)) {
      // OData's own annotations of a value.
      if (name.includes("@odata.")) {
        continue;
      }
      const known = allowed.find((one) => one.toLowerCase() === name.toLowerCase());
      if (known === undefined && !isCommonParameter(name)) {
        throw ExchangeError.parameterUnknown(name);
      }
      if (value !== null) {
        this.given.set((known ?? name).toLowerCase(), value);
      }
    }
  }

  /** Names of those that were given, in lower case, without those that every cmdlet has. */
  get names(): string[] {
    return [...this.given.keys()].filter((name) => !isCommonParameter(name));
  }

  value(name: string): Json | undefined {
    return this.given.get(name.toLowerCase());
  }

  /** A text; a number or a truth value counts as its text. */
  text(name: string): string | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : asText(value);
  }

  /** A text that must be given. */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === "") {
      throw ExchangeError.parameterMissing(name);
    }
    return value;
  }

  /** A switch or truth value; `$false` is false. */
  flag(name: string): boolean {
    const value = this.value(name);
    return value === true || /^(true|\$true|1)$/i.test(asText(value));
  }

  /** A list; one value is a list of it. */
  texts(name: string): string[] {
    const value = this.value(name);
    return value === undefined ? [] : [value].flat().map(asText);
  }
}
