import { existsSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, extname, join, relative } from "node:path";
import { stringify } from "yaml";
import type { CloudName } from "../components/catalog/clouds";
import { clouds } from "../components/catalog/clouds";
import type { FoundTenant } from "../microsoft/tenantDiscovery";
import { UsageFailure } from "../system/failure";
import { writeWhole } from "../system/files";
import { stackNameForm } from "../system/stackName";
import type { Project } from "./project";
import { ownRoot } from "./projectProgram";
import { readPulumiFile } from "./pulumiYaml";

/** A stack that is to be made. */
export interface NewStack {
  readonly stack: string;
  readonly tenant: FoundTenant;
  readonly cloud: CloudName;
  /** Initial domain, where it is known. */
  readonly organization?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** What differs from the project, by key without `apponly:`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Environments of Pulumi ESC that it imports, of which the last one counts. */
  readonly environments: readonly string[];
}

/** @see https://www.pulumi.com/docs/iac/concepts/stacks/#create-a-stack */
/** @throws {UsageFailure} If a stack cannot be called so. */
export function checkStackName(stack: string): void {
  if (!stackNameForm.test(stack)) {
    throw new UsageFailure(
      `"${stack}" is not a name of 1 to 100 letters, digits, dots, dashes and underscores. Name the stack after its tenant, for example contoso.`,
    );
  }
}

/**
 * Where a stack's settings go.
 *
 * @throws {UsageFailure} If the name is not one, or there are settings for it already.
 */
export function newSettingsFile(project: Project, stack: string): string {
  checkStackName(stack);
  const file = join(project.settingsDirectory, `Pulumi.${stack}${extname(project.file)}`);
  if (existsSync(file)) {
    throw new UsageFailure(`${file} is there already. Edit it, or choose another name.`);
  }
  return file;
}

/**
 * Writes a stack's settings: only what differs from the project's.
 *
 * @see https://www.pulumi.com/docs/esc/guides/pulumi-iac/
 */
export async function writeNewStack(file: string, stack: NewStack): Promise<void> {
  const { tenant, cloud, organization, tags, settings, environments } = stack;
  const config = {
    "azuread:tenantId": tenant.id,
    ...(cloud === "global"
      ? {}
      : {
          "azuread:environment": clouds[cloud].azureadEnvironment,
          "apponly:cloud": cloud,
        }),
    ...(organization === undefined ? {} : { "apponly:organization": organization }),
    ...Object.fromEntries(Object.entries(settings).map(([key, one]) => [`apponly:${key}`, one])),
    ...(Object.keys(tags).length === 0 ? {} : { "apponly:tags": tags }),
  };
  const content = { ...(environments.length > 0 && { environment: environments }), config };
  await writeWhole(file, stringify(content, { lineWidth: 0, compat: "yaml-1.1" }), {
    replace: false,
  });
}

/** What `pulumi new` makes a project of, and `apponly init` without it. */
const template = join(ownRoot, "template");

/**
 * Makes the project of the template, with other settings for all its stacks. Files that are there
 * already stay as they are.
 *
 * @param environment Environment of Pulumi ESC that has the settings instead of the project: a file is
 *   written of which somebody makes it.
 * @returns The paths of the files that were written.
 * @see https://www.pulumi.com/docs/iac/concepts/projects/templates/
 */
export async function writeNewProject(
  folder: string,
  shared: Readonly<Record<string, unknown>>,
  environment?: string,
): Promise<string[]> {
  const written: string[] = [];
  const settings = Object.fromEntries(
    Object.entries(shared).map(([key, value]) => [`apponly:${key}`, value]),
  );
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const from = join(entry.parentPath, entry.name);
    // npm publishes no file of the first name.
    const path = join(folder, relative(template, from).replace(/^gitignore$/, ".gitignore"));
    if (!existsSync(path)) {
      const text = (await readFile(from, "utf8"))
        .replaceAll("${PROJECT}", "tenants")
        .replaceAll("${DESCRIPTION}", description);
      const content =
        entry.name === "Pulumi.yaml" ? withSettings(text, environment ? {} : settings) : text;
      await mkdir(dirname(path), { recursive: true });
      await writeWhole(path, content, { replace: false });
      written.push(path);
    }
  }
  if (environment !== undefined) {
    const path = join(folder, environmentFileOf(environment));
    const content = { values: { pulumiConfig: settings } };
    await mkdir(dirname(path), { recursive: true });
    await writeWhole(path, stringify(content, { lineWidth: 0, compat: "yaml-1.1" }), {
      replace: false,
    });
    written.push(path);
  }
  return written.sort();
}

/** Where the settings for an environment of Pulumi ESC are written. */
export function environmentFileOf(environment: string): string {
  return join("environments", `${environment}.yaml`);
}

const description = "App-only access to Exchange Online PowerShell, one stack for each tenant";

function withSettings(text: string, settings: Readonly<Record<string, unknown>>): string {
  const document = readPulumiFile("Pulumi.yaml", text);
  document.delete("template");
  document.delete("config");
  // A key that is not the project's own takes a value, and neither a type nor a default.
  const config = Object.entries(settings).map(([key, value]) => [key, { value }]);
  if (config.length > 0) {
    document.set("config", document.createNode(Object.fromEntries(config)));
  }
  return document.toString({ lineWidth: 0 });
}
