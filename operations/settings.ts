import { readFile } from "node:fs/promises";
import {
  type Document,
  isMap,
  isSeq,
  parseDocument,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { Failure } from "../system/failure";
import { writeWhole } from "../system/files";
import { isTextUnquoted, requireSound, textIn, textWithEdits } from "./settingsText";

const certificatesKey = "apponly:certificates";
const activeKey = "apponly:activeCertificate";

/** A generation as the settings have it. */
export interface ConfiguredGeneration {
  readonly name: string;
  readonly source?: string;
  /** Validity of a generated certificate in days. */
  readonly validityDays?: number;
  /** Day from which the generation may be removed, `YYYY-MM-DD`. */
  readonly retireAfter?: string;
}

/** The settings of a stack cannot be edited as they are. */
class SettingsError extends Failure {}

/**
 * The settings of one stack, `Pulumi.STACK.yaml`, edited in place: comments and order stay. They may be
 * JSON where the project's file is.
 *
 * @example
 * const settings = await StackSettings.read(stack.settingsFile);
 * settings.activate("2027-05");
 * await settings.write();
 */
export class StackSettings {
  private constructor(
    readonly path: string,
    private text: string,
    private readonly document: Document,
    private readonly original = text,
  ) {}

  /** @throws {SettingsError} If the file is missing or is not valid YAML. */
  static async read(path: string): Promise<StackSettings> {
    const text = await readFile(path, "utf8").catch(() => {
      throw new SettingsError(`${path} cannot be read. Name an existing stack.`);
    });
    const document = parseDocument(text, { keepSourceTokens: true });
    const [fault] = document.errors;
    if (fault !== undefined) {
      throw new SettingsError(`${path} is not valid YAML: ${fault.message}`);
    }
    return new StackSettings(path, text, document);
  }

  /** The generations in the file's order. */
  generations(): ConfiguredGeneration[] {
    return this.items().map((item) => {
      const text = (key: string) => textIn(item.get(key, true));
      const [source, retireAfter] = [text("source"), text("retireAfter")];
      const validityDays = Number(text("validityDays"));
      return {
        name: text("name") ?? "",
        ...(source === undefined ? {} : { source }),
        ...(Number.isNaN(validityDays) ? {} : { validityDays }),
        ...(retireAfter === undefined ? {} : { retireAfter: retireAfter.slice(0, 10) }),
      };
    });
  }

  /** Name of the active generation; the only one where none is named. */
  active(): string | undefined {
    const named = textIn(this.config().get(activeKey, true));
    return named || this.generations()[0]?.name;
  }

  /**
   * Adds a generation that is like the active one, and names the active one, which with several
   * generations must be said.
   */
  add(name: string): void {
    const active = this.active();
    const model = this.items().find((item) => nameOf(item) === active);
    if (model === undefined || active === undefined) {
      throw new SettingsError(`${this.path} has no active generation to model another on.`);
    }
    const copy = model.clone() as YAMLMap;
    copy.commentBefore = null;
    copy.delete("retireAfter");
    copy.set("name", nameNode(name));
    this.sequence().add(copy);
    this.config().set(activeKey, nameNode(active));
  }

  /** Makes a generation the active one, and says from when the one before may be removed. */
  activate(name: string, retireAfter: string): void {
    const before = this.active();
    this.config().set(activeKey, nameNode(name));
    this.items()
      .find((item) => nameOf(item) === name)
      ?.delete("retireAfter");
    const old = this.items().find((item) => nameOf(item) === before);
    if (before !== name) {
      old?.set("retireAfter", retireAfter);
    }
  }

  /** Removes a generation. */
  remove(name: string): void {
    const sequence = this.sequence();
    sequence.items = sequence.items.filter((item) => !(isMap(item) && nameOf(item) === name));
  }

  /**
   * Writes the file, complete or not at all. What was not edited stays as it is, byte by byte.
   *
   * @param now Decides which exceptions and certificates are live.
   * @throws {ConfigurationError} If the configuration would break a rule that it keeps now.
   */
  async write(now = new Date()): Promise<void> {
    const text = this.path.endsWith(".json")
      ? `${JSON.stringify(this.document.toJS(), undefined, 4)}\n`
      : textWithEdits(this.text, this.document);
    requireSound(this.text, text, now);
    await writeWhole(this.path, text);
    this.text = text;
  }

  /** Puts the file back as it was read. */
  async undo(): Promise<void> {
    await writeWhole(this.path, this.original);
  }

  private config(): YAMLMap {
    const config = this.document.get("config");
    if (!isMap(config)) {
      throw new SettingsError(`${this.path} has no config.`);
    }
    return config;
  }

  private sequence(): YAMLSeq {
    const sequence = this.config().get(certificatesKey);
    if (!isSeq(sequence)) {
      throw new SettingsError(`${this.path} has no list ${certificatesKey}.`);
    }
    return sequence;
  }

  private items(): YAMLMap[] {
    return this.sequence().items.filter((item): item is YAMLMap => isMap(item));
  }
}

function nameOf(item: YAMLMap): string | undefined {
  return textIn(item.get("name", true));
}

/** Pulumi reads some names as numbers or dates where they have no quotes. */
function nameNode(name: string): Scalar {
  const node = new Scalar(name);
  if (!isTextUnquoted(name)) {
    node.type = "QUOTE_DOUBLE";
  }
  return node;
}
