import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Document, isMap } from "yaml";
import { encryptionKeys, saltInState } from "../operations/encryption";
import { backendOf, ownNameOf, type ProjectStack, selectionFile } from "../operations/project";
import { ownPlugins } from "../operations/projectProgram";
import { readPulumiFile } from "../operations/pulumiYaml";
import type * as settingsText from "../operations/settingsText";
import { textOf } from "../policy/rules/values";
import { writeWhole } from "../system/files";
import { tidyAtEnd } from "./interruption";

/** A copy of a project's file and of one stack's settings. */
export interface StagedProject {
  /** Folder in which the CLI is run. */
  readonly directory: string;
  /** What the CLI is told besides, because paths are relative to the project's own folder. */
  readonly environment: Readonly<Record<string, string>>;
  /** Copies the files once more, after an edit of the settings. */
  readonly renew: () => Promise<void>;
  /** What the settings say that encrypts the stack's secrets, for `pulumi stack init`, which reads no settings. */
  readonly secretsProvider: string | undefined;
  readonly isInCloud: boolean;
  /**
   * What points the CLI at an empty backend of this run, for a stack that its own does not have; nothing
   * where the settings import an environment of Pulumi ESC, which opens only for a stack of Pulumi Cloud.
   */
  readonly aside: Readonly<Record<string, string>> | undefined;
  /** Adds to the person's settings by what secrets are encrypted, as the CLI has left it in the copy. */
  readonly keepEncryption: () => Promise<void>;
}

/** What says in which tenant a stack is, and who signs in there. */
const ofTenant = /^(azuread:.*|apponly:(cloud|organization))$/;

const folderStart = "apponly-stack-";

/** The person's file for each copy of this process. */
const originals = new Map<string, string>();

/** A text of the CLI, in which the person's files have their own names, and not those of their copies. */
export function namedAsInProject(text: string): string {
  if (!text.includes(folderStart)) {
    return text;
  }
  return [...originals].reduce((told, [copy, original]) => told.replaceAll(copy, original), text);
}

/**
 * Copies what the CLI reads of a project into a folder of this run, in which it may write: it adds a
 * salt to settings without one, also where it only reads, and keeps a selection for each project.
 * The person's files and selection stay as they are.
 */
export async function stageProject(found: ProjectStack): Promise<StagedProject> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), folderStart)));
  const [file, settings] = ["Pulumi.yaml", `Pulumi.${ownNameOf(found.name)}.yaml`].map((name) =>
    join(directory, name),
  ) as [string, string];
  tidyAtEnd(async () => {
    await rm(directory, { recursive: true, force: true });
    await rm(selectionFile(found.project.name, file), { force: true });
  });
  originals.set(file, found.project.file).set(settings, found.settingsFile);
  const isEmbedded = process.env.APPONLY_EMBEDDED === "true";
  const told = { secretsProvider: undefined as string | undefined, hasEnvironment: false };
  const renew = async () => {
    await copy(found.project.file, file, (document) => {
      document.delete("stackConfigDir");
      document.delete("main");
      // The program is this package's, which needs nothing else of what the project would load.
      document.set("runtime", "nodejs");
      document.delete("packages");
      // In another folder a relative path leads elsewhere.
      document.set("plugins", document.createNode(ownPlugins));
      if (isEmbedded) leaveTenant(document);
      return true;
    });
    await copy(found.settingsFile, settings, async (document) => {
      if (isEmbedded) leaveTenant(document);
      told.secretsProvider = textOf(document.get("secretsprovider"));
      told.hasEnvironment = document.has("environment");
      const salt = encryptionKeys.some((key) => document.has(key))
        ? undefined
        : await saltInState(found.project, found.name);
      if (salt !== undefined) document.set("encryptionsalt", salt);
      return isEmbedded || salt !== undefined;
    });
  };
  await renew();
  const keepEncryption = async () => {
    const copied = readPulumiFile(settings, await readFile(settings, "utf8"));
    // oxlint-disable-next-line typescript/no-require-imports -- import() leads nowhere once compiled
    const { editSettings } = require("../operations/settingsText") as typeof settingsText;
    await editSettings(found.settingsFile, (document) => {
      for (const key of encryptionKeys.filter((one) => copied.has(one) && !document.has(one))) {
        document.set(key, copied.get(key));
      }
    });
  };
  const isInCloud = /^https?:/.test(backendOf(found.project, process.env) ?? "https:");
  const aside = {
    PULUMI_BACKEND_URL: `file://${directory}`,
    // The Cloud's own key is for the stacks that it has.
    ...(isInCloud ? { PULUMI_CONFIG_PASSPHRASE: randomUUID() } : {}),
  };
  return {
    directory,
    environment: backendVariables(found),
    renew,
    secretsProvider: told.secretsProvider,
    isInCloud,
    aside: told.hasEnvironment ? undefined : aside,
    keepEncryption,
  };
}

/** Takes a stack into the embedded tenant, which encrypts its secrets by a key of its own. */
function leaveTenant(document: Document): void {
  encryptionKeys.forEach((key) => document.delete(key));
  const config = document.get("config");
  if (isMap(config)) {
    config.items
      .map(({ key }) => String(key))
      .filter((key) => ofTenant.test(key))
      .forEach((key) => config.delete(key));
  }
}

/**
 * Copies a YAML file, if it can be read in one way only, see {@link readPulumiFile}.
 *
 * @param edit Whether it has changed something; otherwise the text is copied as it is.
 */
async function copy(
  from: string,
  to: string,
  edit: (document: Document) => boolean | Promise<boolean>,
): Promise<void> {
  const text = await readFile(from, "utf8");
  const document = readPulumiFile(from, text);
  const isEdited = isMap(document.contents) && (await edit(document));
  await writeWhole(to, isEdited ? String(document) : text);
}

/** A state that is kept in a folder which is named from the project's, or the current one. */
function backendVariables({ project }: ProjectStack): Record<string, string> {
  const own = process.env.PULUMI_BACKEND_URL;
  const url = own || project.backend || "";
  const path = /^file:\/\/(?![/~])(.*)$/.exec(url)?.[1];
  return path === undefined
    ? {}
    : { PULUMI_BACKEND_URL: `file://${resolve(project.directory, path)}` };
}
