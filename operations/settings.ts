import { readFile } from "node:fs/promises";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { CertificateGenerationArgs } from "../components/args";
import { UsageFailure } from "../system/failure";
import { writeWhole } from "../system/files";
import { engineKey, isTextUnquoted, parseSettings, readPulumiFile } from "./pulumiYaml";
import { sharedSettings } from "./sharedSettings";
import { requireSound, settingsWithEdits, textIn } from "./settingsText";

const certificatesKey = "apponly:certificates";
const activeKey = "apponly:activeCertificate";

/** A generation as the settings have it. */
export type ConfiguredGeneration = Readonly<CertificateGenerationArgs>;

const generationTexts = [
  "source",
  "subject",
  "vault",
  "certificate",
  "version",
  "cer",
] as const satisfies readonly (keyof CertificateGenerationArgs)[];

const generationNumbers = [
  "validityDays",
  "validityMonths",
  "keyBits",
] as const satisfies readonly (keyof CertificateGenerationArgs)[];

/** The settings of a stack cannot be edited as they are. */
class SettingsError extends UsageFailure {}

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

  /** @throws {UsageFailure} If the file is missing, or as {@link readPulumiFile} says. */
  static async read(path: string): Promise<StackSettings> {
    const text = await readFile(path, "utf8").catch(() => {
      throw new SettingsError(`${path} cannot be read. Name an existing stack.`);
    });
    const settings = new StackSettings(path, text, readPulumiFile(path, text));
    if (settings.own(certificatesKey) === undefined) {
      settings.inherit(sharedSettings(path, [certificatesKey, activeKey]));
    }
    return settings;
  }

  /**
   * Takes generations that all stacks share for the stack's own where it has none: an edit writes them out,
   * because by then they differ.
   *
   * @param shared Values by key; of a list, its JSON is one too.
   */
  inherit(shared: Readonly<Record<string, unknown>>): void {
    const { [certificatesKey]: given, [activeKey]: active } = shared;
    const listed = typeof given === "string" ? given : JSON.stringify(given ?? null);
    const node = parseSettings(listed).contents;
    if (!isSeq(node) || this.own(certificatesKey) !== undefined) {
      return;
    }
    visit(node, {
      Collection: (_, one) => void (one.flow = false),
      Scalar: (_, one) => {
        if (typeof one.value === "string") {
          one.type = isTextUnquoted(one.value) ? "PLAIN" : "QUOTE_DOUBLE";
        }
      },
    });
    this.config().set(certificatesKey, node);
    if (typeof active === "string" && this.own(activeKey) === undefined) {
      this.config().set(activeKey, nameNode(active));
    }
  }

  /** The generations in the file's order. */
  generations(): ConfiguredGeneration[] {
    return this.items().map((item) => {
      const text = (key: string) => textIn(this.valueIn(item, key));
      const readKnown = <T>(keys: readonly string[], read: (found: string) => T | undefined) =>
        Object.fromEntries(
          keys.flatMap((key) => {
            const found = text(key);
            const value = found === undefined ? undefined : read(found);
            return value === undefined ? [] : [[key, value] as const];
          }),
        );
      return {
        name: text("name") ?? "",
        ...readKnown(generationTexts, (found) => found),
        ...readKnown(generationNumbers, (found) =>
          isNaN(Number(found)) ? undefined : Number(found),
        ),
        ...readKnown(["exportable"], (found) => found === "true"),
        ...readKnown(["retireAfter"], (found) => found.slice(0, 10)),
      };
    });
  }

  /** Name of the active generation; the only one where none is named. */
  active(): string | undefined {
    const named = textIn(this.valueIn(this.config(), this.keyInFile(activeKey)));
    return named || this.generations()[0]?.name;
  }

  /**
   * Adds a generation that is like the active one, and names the active one, which with several
   * generations must be said.
   */
  add(name: string): void {
    const active = this.active();
    const model = this.items().find((item) => this.nameOf(item) === active);
    if (model === undefined || active === undefined) {
      throw new SettingsError(`${this.path} has no active generation to model another on.`);
    }
    this.keepingOthers([name], () => {
      const copy = model.clone() as YAMLMap;
      copy.commentBefore = null;
      // Anchors would name two things.
      visit(copy, { Node: (_, node) => void delete (node as { anchor?: string }).anchor });
      ["retireAfter", "version", "cer"].forEach((key) => copy.delete(key));
      copy.set("name", nameNode(name));
      this.sequence().add(copy);
      this.setActive(active);
    });
  }

  /** Says which version in its vault a generation is. */
  setVersion(name: string, { version, cer }: { version: string; cer: string }): void {
    this.keepingOthers([name], () => {
      const item = this.items().find((one) => this.nameOf(one) === name);
      item?.set("version", nameNode(version));
      item?.set("cer", nameNode(cer));
    });
  }

  /** Makes a generation the active one, and says from when the one before may be removed. */
  activate(name: string, retireAfter: string): void {
    const before = this.active();
    const itemNamed = (wanted?: string) =>
      this.items().find((item) => this.nameOf(item) === wanted);
    this.keepingOthers([name, before], () => {
      this.setActive(name);
      const old = itemNamed(before);
      if (old !== undefined && before !== name) {
        this.writeOutHeirs(old);
        old.set("retireAfter", retireAfter);
      }
      itemNamed(name)?.delete("retireAfter");
    });
  }

  /** Removes a generation. */
  remove(name: string): void {
    this.keepingOthers([name], () => {
      const sequence = this.sequence();
      const gone = this.items().filter((item) => this.nameOf(item) === name);
      gone.forEach((item) => this.writeOutHeirs(item));
      sequence.items = sequence.items.filter(
        (item) => !gone.includes(this.resolved(item) as YAMLMap),
      );
    });
  }

  /**
   * Writes the file, complete or not at all. What was not edited stays as it is, byte by byte.
   *
   * @param now Decides which exceptions and certificates are live.
   * @throws {ConfigurationError} If the configuration would break a rule that it keeps now.
   */
  async write(now = new Date()): Promise<void> {
    const text = settingsWithEdits(this.path, this.text, this.document);
    requireSound(this.text, text, now);
    await writeWhole(this.path, text);
    this.text = text;
  }

  /** Puts the file back as it was read. */
  async undo(): Promise<void> {
    await writeWhole(this.path, this.original);
  }

  private config(): YAMLMap {
    const config = this.resolved(this.document.get("config", true));
    if (!isMap(config)) {
      throw new SettingsError(
        `${this.path} has no keys below config. Write the stack's settings there, such as apponly:displayName.`,
      );
    }
    return config;
  }

  /** The value of a key that the stack's file has, itself or by a merge. */
  private own(key: string): unknown {
    const config = this.resolved(this.document.get("config", true));
    return isMap(config) ? this.valueIn(config, this.keyInFile(key)) : null;
  }

  /** A key as the file has it, which may be in the older form that the engine also takes. */
  private keyInFile(key: string): string {
    const keys = this.config().items.map((pair) => textIn(pair.key) ?? "");
    return keys.find((one) => engineKey(one) === key) ?? key;
  }

  /** Names the active generation, with the comment that stands behind it. */
  private setActive(name: string): void {
    const key = this.keyInFile(activeKey);
    const before = this.config().get(key, true);
    if (textIn(this.resolved(before)) === name) {
      return;
    }
    const node = nameNode(name);
    if (isScalar(before)) {
      node.comment = before.comment;
    }
    this.config().set(key, node);
  }

  private sequence(): YAMLSeq {
    const sequence = this.listed();
    if (!isSeq(sequence)) {
      throw new SettingsError(`${this.path} has no certificates in ${certificatesKey}.`);
    }
    return sequence;
  }

  /** The list of generations; `undefined` where the stack signs in without certificates. */
  private listed(): YAMLSeq | undefined {
    const listed = this.valueIn(this.config(), this.keyInFile(certificatesKey));
    if (listed === undefined || (isScalar(listed) && listed.value === null)) {
      return undefined;
    }
    if (!isSeq(listed)) {
      throw new SettingsError(`${this.path} has no list in ${certificatesKey}.`);
    }
    return listed;
  }

  private items(): YAMLMap[] {
    return (this.listed()?.items ?? [])
      .map((item) => this.resolved(item))
      .filter((item): item is YAMLMap => isMap(item));
  }

  /** What an alias stands for. */
  private resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.document) : node;
  }

  /** The value of a key, its own or one that it is merged with. */
  private valueIn(map: YAMLMap, key: string): unknown {
    if (map.has(key)) {
      return this.resolved(map.get(key, true));
    }
    for (const parent of this.parentsOf(map)) {
      const value = this.valueIn(parent, key);
      if (value !== undefined) {
        return value;
      }
    }
    return undefined;
  }

  /** The maps that one is merged with, `<<`. */
  private parentsOf(map: YAMLMap): YAMLMap[] {
    const merged = map.items.flatMap(({ key, value }) =>
      isMergeKey(key) ? this.resolved(value) : [],
    );
    return merged
      .flatMap((one) => (isSeq(one) ? one.items.map((item) => this.resolved(item)) : one))
      .filter((one): one is YAMLMap => isMap(one));
  }

  private nameOf(item: YAMLMap): string | undefined {
    return textIn(this.valueIn(item, "name"));
  }

  /** Gives the generations that are merged with one, or an alias of it, what they have of it. */
  private writeOutHeirs(of: YAMLMap): void {
    const sequence = this.sequence();
    sequence.items = sequence.items.map((item) => {
      if (isMap(item) && item !== of && this.parentsOf(item).includes(of)) {
        const own = item.items.filter(({ key }) => !isMergeKey(key));
        const inherited = this.parentsOf(item)
          .flatMap((parent) => parent.items)
          .filter(({ key }) => !isMergeKey(key) && !item.has(key));
        const copies = inherited.map((pair) => pair.clone());
        item.items = [...own, ...copies];
      }
      return item;
    });
  }

  /**
   * Makes an edit of some generations, and of which is active.
   *
   * @throws {SettingsError} If it changed more: what others share by an anchor is not this edit's.
   */
  private keepingOthers(names: readonly (string | undefined)[], edit: () => void): void {
    const otherValues = () => {
      const settings = this.document.toJS() as { config?: Record<string, unknown> };
      const kept = this.items().filter((item) => !names.includes(this.nameOf(item)));
      const certificates = kept.map((item): unknown => item.toJS(this.document));
      const config = {
        ...settings.config,
        [this.keyInFile(certificatesKey)]: certificates,
        [this.keyInFile(activeKey)]: undefined,
      };
      return JSON.stringify({ ...settings, config });
    };
    const before = otherValues();
    const after = (() => {
      edit();
      try {
        return otherValues();
      } catch {
        // An alias whose anchor is gone.
        return undefined;
      }
    })();
    if (before !== after) {
      throw new SettingsError(
        `${this.path} shares parts by anchors (&, *, <<), and this edit would change others with them. Write the generations out, each with its own keys.`,
      );
    }
  }
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && (key.value === "<<" || typeof key.value === "symbol");
}

/** Pulumi reads some names as numbers or dates where they have no quotes. */
function nameNode(name: string): Scalar {
  const node = new Scalar(name);
  if (!isTextUnquoted(name)) {
    node.type = "QUOTE_DOUBLE";
  }
  return node;
}
