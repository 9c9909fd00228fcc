import { azureDevOpsCommands } from "../../../access/export/azureDevOps";
import { cerFile, pfxFile } from "../../../access/export/certificateFile";
import { envDocument } from "../../../access/export/env";
import { ExportError } from "../../../access/export/exportError";
import { jsonDocument } from "../../../access/export/json";
import { powershellDocument } from "../../../access/export/powershell";
import { readStackAccess, requireKey, type StackAccess } from "../../../access/export/stackAccess";
import { secretsOf, variablesOf } from "../../../access/export/pipelineValues";
import { withoutSecrets } from "../../../access/export/withoutSecrets";
import { exportToGitHub } from "../../../access/export/github/environment";
import type { GitHubTarget } from "../../../access/export/github/target";
import { importIntoKeyVault } from "../../../access/export/keyVault/importCertificate";
import { checkVaultCloud, type KeyVaultTarget } from "../../../access/export/keyVault/vault";
import { clouds } from "../../../components/catalog/clouds";
import { outputValues } from "../../../operations/stack";
import { azureTransport } from "../../../microsoft/azureTransport";
import { exitCodes, Failure, UsageFailure } from "../../../system/failure";
import { explainFailure } from "../../errors";
import { type ExportArguments, type ExportPlan, readExportPlan } from "./exportPlan";
import { gitAdvice } from "./gitAdvice";
import { maskingCommands } from "./masking";
import { resolveTarget, writeSecretFile } from "./secretFile";
import { readTarget } from "../../stackTarget";
import type { Steps } from "../../steps";

/** Where an export shows what it does. */
export interface ExportStreams {
  /** Standard output: the document, or what was done. Resolves once it is written. */
  readonly write: (content: string | Uint8Array) => Promise<void>;
  /** Standard error: what somebody should know. */
  readonly warn: (text: string) => void;
  readonly toTerminal: boolean;
  /** Progress on standard output, where that is free for it. */
  readonly steps: Steps;
  /** Progress beside a document on standard output. */
  readonly errorSteps: Steps;
}

type DocumentPlan = Extract<ExportPlan, { kind: "document" }>;

/**
 * Hands a stack's access over: as a document, to GitHub, or to Azure Key Vault. Nothing is written
 * when anything is wrong, and no secret is in what goes wrong.
 */
export async function exportCommand(args: ExportArguments, streams: ExportStreams): Promise<void> {
  const secrets: string[] = [];
  try {
    await runExport(args, streams, secrets);
  } catch (error) {
    throw safeFailure(error, secrets);
  }
}

/** @param secrets Receives every secret of the stack as soon as it is known. */
async function runExport(
  args: ExportArguments,
  streams: ExportStreams,
  secrets: string[],
): Promise<void> {
  const { toTerminal } = streams;
  const plan = readExportPlan(args, { environment: process.env, toTerminal });
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
  const read = await readTarget(args.stack, free ? streams.steps : streams.errorSteps);
  const outputs = outputValues(read.outputs);
  secrets.push(...secretsIn(outputs.pfxGenerations));
  const access = readStackAccess(args.stack, outputs, args.generation);
  const handedOver = plan.kind !== "document" || plan.secret ? secretsOf(access) : [];
  if (plan.kind === "key-vault") {
    checkVaultCloud(plan.target, access.cloud);
  }
  if (free && handedOver.length > 0) {
    const values = handedOver.map(({ value }) => value);
    await streams.write(maskingCommands(values, process.env));
  }
  warnOfCertificate(access, streams);
  if (plan.kind === "github") {
    await toGitHub(plan.target, access, streams);
  } else if (plan.kind === "key-vault") {
    await toKeyVault(plan.target, access, streams);
  } else if (target === undefined) {
    await streams.write(documentOf(plan, access));
  } else {
    await toFiles(filesOf(plan, access, target, passwordTarget), plan, streams);
    if (plan.format === "pfx" && passwordTarget === undefined) {
      await streams.write(
        `Its password: --password-out FILE, or --format env --include-secrets --out FILE.\n`,
      );
    }
  }
}

function documentOf(plan: DocumentPlan, access: StackAccess): string | Uint8Array {
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
      return pfxFile(access);
  }
}

interface OutputFile {
  readonly target: string;
  readonly content: string | Uint8Array;
}

function filesOf(
  plan: DocumentPlan,
  access: StackAccess,
  target: string,
  passwordTarget: string | undefined,
): OutputFile[] {
  return [
    { target, content: documentOf(plan, access) },
    ...(passwordTarget === undefined
      ? []
      : [{ target: passwordTarget, content: requireKey(access).password }]),
  ];
}

async function toFiles(
  files: readonly OutputFile[],
  plan: DocumentPlan,
  { write, warn }: ExportStreams,
): Promise<void> {
  for (const { target } of files) {
    const advice = await gitAdvice(target);
    if (advice !== undefined) {
      warn(`Warning: ${advice}${plan.secret ? " It holds a secret." : ""}\n`);
    }
  }
  for (const { target, content } of files) {
    await writeSecretFile(target, content, plan.force);
    await write(`Wrote ${target}.\n`);
  }
}

async function toGitHub(
  target: GitHubTarget,
  access: StackAccess,
  { write, warn }: ExportStreams,
): Promise<void> {
  const done = await exportToGitHub(target, secretsOf(access), variablesOf(access));
  for (const warning of done.warnings) {
    warn(`Warning: ${warning}\n`);
  }
  const place = `${target.owner}/${target.repository}, environment ${target.environment}`;
  const lines = done.entries.map(
    ({ name, kind, state }) => `  ${state.padEnd(9)}  ${kind.padEnd(8)}  ${name}\n`,
  );
  await write(`${place}:\n${lines.join("")}`);
}

async function toKeyVault(
  target: KeyVaultTarget,
  access: StackAccess,
  { write }: ExportStreams,
): Promise<void> {
  // Loaded where it is needed: it takes longer to load than most commands.
  const { DefaultAzureCredential } = await import("@azure/identity");
  const credential = new DefaultAzureCredential({
    httpClient: await azureTransport(),
    authorityHost: process.env.AZURE_AUTHORITY_HOST || clouds[access.cloud].authority,
  });
  const { state, id } = await importIntoKeyVault(target, access, credential);
  await write(
    state === "imported"
      ? `Imported ${id}.\n`
      : `${id} is this certificate already; nothing was changed.\n`,
  );
}

function warnOfCertificate({ certificate }: StackAccess, { warn }: ExportStreams): void {
  if (certificate === undefined) {
    warn("The stack has no certificate: only what federated credentials need is exported.\n");
  } else if (new Date(certificate.notAfter) <= new Date()) {
    warn(
      `Warning: the generation "${certificate.name}" expired at ${certificate.notAfter}. Rotate it: apponly rotate.\n`,
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
  const token = [process.env.GH_TOKEN, process.env.GITHUB_TOKEN].filter((one) => one !== undefined);
  const safe = (text: string) => withoutSecrets(text, [...secrets, ...token]);
  if (error instanceof ExportError) {
    const code = error.reason === "usage" ? exitCodes.usage : exitCodes.failed;
    return new Failure(safe(error.message), code);
  }
  return error instanceof Failure
    ? new Failure(safe(error.message), error.exitCode)
    : new Failure(safe(explainFailure(error)));
}
