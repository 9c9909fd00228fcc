import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { listOf, type Properties, propertiesOf, textOf } from "../../policy/rules/values";
import { runEngine } from "../../toolchain/engineProcesses";
import { ownNameOf } from "../project";
import { ownPlugins } from "../projectProgram";
import type { CliWorkspace } from "../stateEdit";

/** One resource of the stack and the object of the tenant that becomes it. */
export interface ImportedResource {
  /** Name in the program. */
  readonly name: string;
  /** As the provider takes it. */
  readonly id: string;
  /** For a certificate, whose value Graph does not give back to the provider. */
  readonly certificate?: {
    readonly applicationId: string;
    readonly keyId: string;
    readonly pem: string;
    readonly startDate: string;
    readonly endDate: string;
  };
}

/**
 * Writes objects of the tenant into a stack's state as the resources that its program would create.
 * The tenant is read and not written. What is in the state already stays.
 *
 * @param project Name of the project.
 * @throws {ImportFailed} If the engine refuses.
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_import/
 */
export async function importResources(
  stack: Stack,
  project: string,
  resources: readonly ImportedResource[],
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "apponly-adopt-"));
  try {
    const skeleton = join(folder, "skeleton.json");
    await stack.preview({ importFile: skeleton, color: "never" });
    const wanted = fillSkeleton(
      propertiesOf(JSON.parse(await readFile(skeleton, "utf8"))),
      resources,
    );
    if (wanted === undefined) {
      return;
    }
    const file = join(folder, "import.json");
    await writeFile(file, JSON.stringify(wanted));
    // Without a runtime: no language host is needed for an import.
    await writeFile(
      join(folder, "Pulumi.yaml"),
      JSON.stringify({ name: project, plugins: ownPlugins }),
    );
    const own = `Pulumi.${ownNameOf(stack.name)}.yaml`;
    // As the preview has left them: what it has encrypted is read with their salt.
    await writeFile(join(folder, own), await readFile(join(stack.workspace.workDir, own), "utf8"));
    await runImport(stack, folder, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The engine could not import all of it; its message is the engine's whole text. */
export class ImportFailed extends Error {}

async function runImport(stack: Stack, cwd: string, file: string): Promise<void> {
  const { envVars, pulumiCommand } = stack.workspace as unknown as CliWorkspace;
  const args = ["--generate-code=false", "--protect=false", "--yes", "--skip-preview"];
  const { exitCode, stdout, stderr } = await runEngine(
    pulumiCommand.command,
    ["import", "--file", file, ...args, "--stack", stack.name, "--non-interactive"],
    { cwd, environment: envVars },
  );
  if (exitCode !== 0) {
    throw new ImportFailed(stderr.trim() || stdout.trim());
  }
}

/** The engine's list of what is to be imported, with ids; nothing where all of it is in the state. */
function fillSkeleton(
  skeleton: Properties,
  resources: readonly ImportedResource[],
): Properties | undefined {
  const byName = new Map(resources.map((one) => [one.name, one]));
  const entries = listOf(skeleton.resources).map(propertiesOf);
  const wanted = entries.flatMap((entry): Properties[] => {
    // A provider of the program is declared beside what uses it, and made by the import.
    if (entry.component === true || textOf(entry.type)?.startsWith("pulumi:providers:")) {
      return [entry];
    }
    const found = byName.get(textOf(entry.logicalName) ?? textOf(entry.name) ?? "");
    if (found === undefined) {
      return [];
    }
    return [{ ...entry, id: found.id, ...(found.certificate ? certificateParts(found) : {}) }];
  });
  return wanted.some(({ id }) => id !== undefined) ? { ...skeleton, resources: wanted } : undefined;
}

/**
 * The provider's own read does not give the certificate back, so the engine would replace it: its
 * inputs and outputs are written as the program says them.
 *
 * @see https://github.com/pulumi/pulumi/pull/23984
 */
function certificateParts({ id, certificate }: ImportedResource): Properties {
  const { applicationId, keyId, pem, startDate, endDate } = certificate ?? {};
  const inputs = {
    applicationId,
    type: "AsymmetricX509Cert",
    encoding: "pem",
    value: pem,
    startDate,
    endDate,
  };
  return { inputs, outputs: { id, keyId, ...inputs } };
}
