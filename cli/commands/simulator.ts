import { readFile, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { isFile, stacksOf } from "../../operations/project";
import { prepareEngine } from "../../toolchain/toolchain";
import { writeWhole } from "../../system/files";
import type { SimulatorDocument } from "../documents/simulator";
import { embeddedOptions } from "../typedCommands";
import { type EmbeddedTenant, embeddedSettings, startEmbeddedTenant } from "../embeddedTenant";
import { embeddedFolder, projectHere, simulatorSettings } from "../embeddedFolder";
import { hangingIndent } from "../hangingIndent";
import { runTidily } from "../interruption";
import type { Io } from "../io";
import { embeddedFolderOption, type OptionsOf } from "../options";
import { runStep } from "../steps";

const parser = () => new Command().addOption(embeddedFolderOption());

/** Makes `apponly simulator`. */
export const simulatorCommand = (io: Io, run = simulateTenant) =>
  parser().action((options) => run(options, io));

/** What the command starts, and how it ends: replaced in unit tests. */
const outside = {
  prepareEngine,
  startEmbeddedTenant,
  interrupted: () => new Promise<void>(() => undefined),
};

/**
 * Keeps the embedded tenant up until it is interrupted. The settings for clients, the deployer's
 * secret among them, are written to files that only their owner can read, and not printed.
 */
export async function simulateTenant(
  options: OptionsOf<typeof parser>,
  io: Io,
  asked = outside,
): Promise<void> {
  const directory = embeddedFolder(options.directory);
  const shellFile = join(directory, "simulator.env");
  const powershellFile = join(directory, "simulator.ps1");
  const trustFile = join(directory, "simulator-trust.pem");
  const toolchain = await asked.prepareEngine({ steps: io.progress, embeddedTenant: true });
  const embedded = await runStep(
    io.progress,
    "Tenant",
    () => asked.startEmbeddedTenant(directory),
    ({ tenant }) => tenant.initialDomain,
  );
  embedded.notes.forEach((sentence) => io.err(`  ${sentence}\n`));
  const tidy = async () => {
    // The secret in them ends with the tenant.
    const files = [shellFile, powershellFile, trustFile, join(directory, simulatorSettings)];
    await Promise.all(files.map((file) => rm(file, { force: true })));
    await embedded.close();
  };
  await runTidily(async () => {
    const { endpoints } = embedded.simulator;
    const binaries = join(toolchain.pulumi.root, "bin");
    const own = embeddedSettings(embedded);
    const project = projectHere();
    const stacks = project === undefined ? [] : stacksOf(project);
    const [stack = "dev"] = stacks.includes("dev") ? ["dev"] : stacks;
    const trusted = await trustFileOf(embedded, trustFile);
    const settings = {
      ...own,
      ...toolchain.environment,
      SSL_CERT_FILE: trusted,
      NODE_EXTRA_CA_CERTS: trusted,
    };
    const lines = (line: (key: string, value: string) => string) =>
      Object.entries(settings)
        .filter(([key]) => key !== "PATH")
        .map(([key, value]) => `${line(key, value)}\n`)
        .join("");
    const shell = (value: string) => `'${value.replace(/'/g, `'\\''`)}'`;
    const powershell = (value: string) => `'${value.replace(/'/g, "''")}'`;
    // What the shell that reads the file has on its own PATH stays: its Pulumi comes first.
    const first = toolchain.programFolders.join(delimiter);
    const mode = { mode: 0o600 };
    await writeWhole(
      shellFile,
      lines((key, value) => `export ${key}=${shell(value)}`) +
        `export PATH=${shell(first + delimiter)}"$PATH"${shell(delimiter + binaries)}\n`,
      mode,
    );
    await writeWhole(join(directory, simulatorSettings), JSON.stringify(own), mode);
    await writeWhole(
      powershellFile,
      lines((key, value) => `$env:${key} = ${powershell(value)}`) +
        `$env:PATH = ${powershell(first + delimiter)} + $env:PATH + ${powershell(delimiter + binaries)}\n`,
      mode,
    );
    const prose = (text: string) => hangingIndent(text, 0, io.columns);
    await io.out(
      [
        "",
        `  Tenant             ${embedded.tenant.tenantId} (${embedded.tenant.initialDomain})`,
        `  Token endpoint     ${endpoints.loginTls}/${embedded.tenant.tenantId}/oauth2/v2.0/token`,
        `                     ${endpoints.login}/${embedded.tenant.tenantId}/oauth2/v2.0/token`,
        `  Microsoft Graph    ${endpoints.graph}/v1.0`,
        `  Exchange Online    ${endpoints.exchange}`,
        `  Compliance         ${endpoints.compliance}`,
        `  Metadata host      ${endpoints.metadataHost}`,
        `  Microsoft's hosts  ${endpoints.proxy} (HTTPS_PROXY)`,
        `  Trust              ${embedded.caFile}`,
        `  Deployer           ${embedded.tenant.deployer.clientId}`,
        "",
        prose(
          "Point a client, or an installed Pulumi, at it. The deployer's secret is in the file; in PowerShell it is the second:",
        ),
        "",
        `  source ${shellFile}`,
        `  . ${powershellFile}`,
        `  pulumi stack select ${stack} --create`,
        `  pulumi up -s ${stack}`,
        "",
        prose(
          `Commands of apponly need no settings: \`apponly up ${embeddedOptions(own)}\` in another terminal, and so on.`,
        ),
        "",
        "Interrupt to stop. The tenant's state is kept.",
        "",
      ].join("\n"),
    );
    const { tenantId, initialDomain, deployer } = embedded.tenant;
    const answer: SimulatorDocument = {
      version: 1,
      tenantId,
      initialDomain,
      endpoints: { ...endpoints },
      caFile: embedded.caFile,
      deployerClientId: deployer.clientId,
      settings: { shell: shellFile, powershell: powershellFile },
    };
    await io.answer(answer);
    await asked.interrupted();
  }, tidy);
}

/** Variables that name authorities: what a shell reads of the simulator takes their place. */
const trustVariables = ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"];

/**
 * A file with the simulator's authority, and with those that this machine's shells trust by a variable,
 * as behind a proxy that opens TLS: without them a shell that has read the settings would reach nothing
 * else any more, such as a package registry.
 *
 * @param trustFile Where they are written to; the simulator's own file is enough where no variable names another.
 */
async function trustFileOf(
  { caFile, simulator: { caCertificatePem } }: EmbeddedTenant,
  trustFile: string,
): Promise<string> {
  const others = trustVariables
    .map((name) => process.env[name] ?? "")
    .filter((file) => file !== "" && file !== caFile && isFile(file));
  if (others.length === 0) {
    return caFile;
  }
  const texts = await Promise.all(others.map((file) => readFile(file, "utf8")));
  const certificates = [caCertificatePem, ...texts]
    .join("\n")
    .match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g);
  await writeWhole(trustFile, `${[...new Set(certificates)].join("\n")}\n`);
  return trustFile;
}
