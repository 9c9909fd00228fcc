import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import { stringify } from "yaml";
import type { CloudName } from "../components/catalog/clouds";
import { clouds } from "../components/catalog/clouds";
import type { FoundTenant } from "../microsoft/tenantDiscovery";
import { UsageFailure } from "../system/failure";
import { writeWhole } from "../system/files";
import { type Project, stackNameForm } from "./project";

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
}

/** @see https://www.pulumi.com/docs/iac/concepts/stacks/#create-a-stack */
/**
 * Where a stack's settings go.
 *
 * @throws {UsageFailure} If the name is not one, or there are settings for it already.
 */
export function newSettingsFile(project: Project, stack: string): string {
  if (!stackNameForm.test(stack)) {
    throw new UsageFailure(
      `"${stack}" is not a name of 1 to 100 letters, digits, dots, dashes and underscores. Name the stack after its tenant, for example contoso.`,
    );
  }
  const file = join(project.settingsDirectory, `Pulumi.${stack}${extname(project.file)}`);
  if (existsSync(file)) {
    throw new UsageFailure(`${file} is there already. Edit it, or choose another name.`);
  }
  return file;
}

/** Writes a stack's settings: only what differs from the project's. */
export async function writeNewStack(file: string, stack: NewStack): Promise<void> {
  const { tenant, cloud, organization, tags, settings } = stack;
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
  await writeWhole(file, stringify({ config }, { lineWidth: 0 }), { replace: false });
}

/** Files of a project that has only settings, which is all that the command needs. */
export async function writeNewProject(
  folder: string,
  shared: Readonly<Record<string, unknown>>,
): Promise<string[]> {
  const config = Object.fromEntries(
    // A key that is not the project's own takes a value, and neither a type nor a default.
    Object.entries(shared).map(([key, value]) => [`apponly:${key}`, { value }]),
  );
  const project = {
    name: "tenants",
    description: "App-only access to Exchange Online PowerShell, one stack for each tenant",
    runtime: "nodejs",
    config,
  };
  const files = {
    "Pulumi.yaml": `# What all stacks share stands here; a stack's file has only what differs.\n${stringify(project, { lineWidth: 0 })}`,
    ".gitignore": ["*.pem", "*.key", "*.pfx", "*.env", "records/", ".apponly/", ""].join("\n"),
  };
  const written: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    if (!existsSync(path)) {
      await writeWhole(path, text, { replace: false });
      written.push(path);
    }
  }
  return written;
}
