import { azureDevOpsCommands } from "../../../access/export/azureDevOps";
import {
  cerFile,
  envDocument,
  accessDocument,
  jsonDocument,
  pemFile,
  pfxContent,
  powershellDocument,
  privateKeyPem,
} from "../../../access/export/documents";
import { readStackAccess, requireKey, type StackAccess } from "../../../access/export/stackAccess";
import { secretsOf, variablesOf } from "../../../access/export/pipelineValues";
import { withoutSecrets } from "../../../access/export/withoutSecrets";
import { exportToGitHub } from "../../../access/export/github/environment";
import type { GitHubTarget } from "../../../access/export/github/target";
import { describePlace, type ExportPlace } from "../../../access/export/places";
import { importIntoKeyVault } from "../../../access/export/keyVault/importCertificate";
import { checkVaultCloud, type KeyVaultTarget } from "../../../access/export/keyVault/vault";
import { vaultCredential } from "../../../microsoft/keyVault/clients";
import { Failure, UsageFailure } from "../../../system/failure";
import { failureOf } from "../../errors";
import type { Io } from "../../io";
import { openForReading } from "../../openForReading";
import { table } from "../../table";
import { meansSeveral } from "../../../operations/chooseStacks";
import { rememberExport } from "../../../operations/exportPlaces";
import { onEachStack } from "../../manyStacks";
import {
  type ExportOptions,
  exportOptionsOf,
  exportParser,
  type ExportPlan,
  readExportPlan,
} from "./exportPlan";
import { gitAdvice } from "./gitAdvice";
import { maskingCommands } from "./masking";
import { resolveTarget, writeSecretFile } from "./secretFile";

type DocumentPlan = Extract<ExportPlan, { kind: "document" }>;

/** Makes `apponly export`. */
export const exportCommand = (io: Io, run = exportAccess) =>
  exportParser().action((options) => {
    const several = meansSeveral(options);
    exportOptionsOf(options, undefined, several);
    return onEachStack("export", options, io, (stack, own) =>
      run(exportOptionsOf(options, stack, several), own),
    );
  });

/**
 * Hands a stack's access over: as a document, to GitHub, or to Azure Key Vault. Nothing is written
 * when anything is wrong, and no secret is in what goes wrong.
 */
export async function exportAccess(
  options: ExportOptions,
  io: Io,
  open = openForReading,
): Promise<void> {
  const secrets: string[] = [];
  try {
    await handOver(options, io, open, secrets);
  } catch (error) {
    throw safeFailure(error, secrets);
  }
}

/** @param secrets Receives every secret of the stack as soon as it is known. */
async function handOver(
  options: ExportOptions,
  io: Io,
  open: typeof openForReading,
  secrets: string[],
): Promise<void> {
  const plan = readExportPlan(options, {
    environment: process.env,
    toTerminal: io.interactive,
  });
  const target =
    plan.kind === "document" && plan.out !== undefined
      ? await resolveTarget(plan.out, plan.force)
      : undefined;
  const passwordTarget =
    plan.kind === "document" && plan.passwordOut !== undefined
      ? await resolveTarget(plan.passwordOut, plan.force, "--password-out")
      : undefined;
  if (target !== undefined && target === passwordTarget) {
    throw new UsageFailure("--out and --password-out name the same file. Name two.");
  }
  const free = plan.kind !== "document" || target !== undefined;
  const { stack, outputs, settingsFile } = await open(options.stack, io.progress);
  secrets.push(...secretsIn(outputs.pfxGenerations));
  const access = readStackAccess(stack.name, outputs, options.generation);
  const handedOver = plan.kind !== "document" || plan.secret ? secretsOf(access) : [];
  if (plan.kind === "key-vault") {
    checkVaultCloud(plan.target, access.cloud);
  }
  if (free && handedOver.length > 0) {
    const values = handedOver.map(({ value }) => value);
    if (plan.kind === "document" && plan.format === "pem") {
      // A runner hides what is in one line.
      values.push(...privateKeyPem(access).split("\n").slice(1, -2));
    }
    await io.commands(maskingCommands(values, process.env));
  }
  warnOfCertificate(access, io);
  if (plan.kind === "github") {
    const { owner, repository, environment } = plan.target;
    // Before the first write: what breaks off halfway has written something too.
    await noteExport(settingsFile, { github: `${owner}/${repository}`, environment }, io);
    await toGitHub(plan.target, access, io);
  } else if (plan.kind === "key-vault") {
    const { vaultUrl: vault, certificateName: certificate } = plan.target;
    await noteExport(settingsFile, { vault, certificate }, io);
    await toKeyVault(plan.target, access, io);
  } else if (target === undefined) {
    await (plan.format === "json"
      ? io.document(accessDocument(access, plan.secret))
      : plan.format === "azure-devops"
        ? io.commands(azureDevOpsCommands(access, plan.outputVariables))
        : io.out(exportedDocument(plan, access)));
  } else {
    await toFiles(plan, access, [target, passwordTarget], io);
    if (plan.format === "pfx" && passwordTarget === undefined) {
      await io.out(
        `Its password: --password-out FILE, or --format env --include-secrets --out FILE.\n`,
      );
    }
  }
}

/** Notes where the export goes; the export goes on where that fails. */
async function noteExport(settingsFile: string, place: ExportPlace, { err }: Io): Promise<void> {
  try {
    if (await rememberExport(settingsFile, place)) {
      err(`Noted in ${settingsFile} under apponly:exports, for \`apponly retire\`: commit it.\n`);
    }
  } catch (error) {
    err(
      `Warning: ${settingsFile} could not be written (${(error as Error).message}), so that apponly retire will not look at the ${describePlace(place)}.\n`,
    );
  }
}

function exportedDocument(plan: DocumentPlan, access: StackAccess): string | Uint8Array {
  switch (plan.format) {
    case "json":
      return jsonDocument(access, plan.secret);
    case "env":
      return envDocument(access, plan.secret);
    case "powershell":
      return powershellDocument(access, plan.secret, plan.method);
    case "azure-devops":
      return azureDevOpsCommands(access, plan.outputVariables);
    case "cer":
      return cerFile(access, plan.encoding);
    case "pfx":
      return pfxContent(access);
    case "pem":
      return pemFile(access, plan.passwordOut !== undefined);
  }
}

async function toFiles(
  plan: DocumentPlan,
  access: StackAccess,
  [target, passwordTarget]: readonly [target: string, passwordTarget: string | undefined],
  { out, err }: Io,
): Promise<void> {
  const files = [
    { target, content: exportedDocument(plan, access) },
    ...(passwordTarget === undefined
      ? []
      : [{ target: passwordTarget, content: requireKey(access).password }]),
  ];
  for (const file of files) {
    const advice = await gitAdvice(file.target);
    if (advice !== undefined) {
      err(`Warning: ${advice}${plan.secret ? " It holds a secret." : ""}\n`);
    }
  }
  for (const file of files) {
    await writeSecretFile(file.target, file.content, plan.force);
    await out(`Wrote ${file.target}.\n`);
  }
}

async function toGitHub(
  target: GitHubTarget,
  access: StackAccess,
  { out, err }: Io,
): Promise<void> {
  const done = await exportToGitHub(target, secretsOf(access), variablesOf(access));
  for (const warning of done.warnings) {
    err(`Warning: ${warning}\n`);
  }
  const place = `${target.owner}/${target.repository}, environment ${target.environment}`;
  const rows = done.entries.map(({ name, kind, state }) => [state, kind, name]);
  await out(`${place}:\n${table(rows)}`);
}

async function toKeyVault(target: KeyVaultTarget, access: StackAccess, { out }: Io): Promise<void> {
  const credential = await vaultCredential(target.vaultUrl);
  const { state, id } = await importIntoKeyVault(target, access, credential);
  await out(
    state === "imported"
      ? `Imported ${id}.\n`
      : `${id} is this certificate already; nothing was changed.\n`,
  );
}

function warnOfCertificate({ certificate }: StackAccess, { err }: Io): void {
  if (certificate === undefined) {
    err("The stack has no certificate: only what federated credentials need is exported.\n");
  } else if (new Date(certificate.notAfter) <= new Date()) {
    err(
      `Warning: the generation "${certificate.name}" expired at ${certificate.notAfter}. Rotate it: apponly rotate\n`,
    );
  }
}

function secretsIn(pfxGenerations: unknown): string[] {
  const generations = Object.values((pfxGenerations ?? {}) as Record<string, unknown>);
  return generations.flatMap((one) =>
    Object.values((one ?? {}) as Record<string, unknown>).filter(
      (value): value is string => typeof value === "string",
    ),
  );
}

function safeFailure(error: unknown, secrets: readonly string[]): Failure {
  const tokens = [process.env.GH_TOKEN, process.env.GITHUB_TOKEN].filter(
    (one) => one !== undefined,
  );
  const { message, exitCode } = failureOf(error);
  return new Failure(withoutSecrets(message, [...secrets, ...tokens]), exitCode);
}
