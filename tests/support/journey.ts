import { cpSync, existsSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import type { ChangeableStack, Opening } from "../../operations/openStack";
import type { OperationResult } from "../../operations/stack";
import { type Simulator, startSimulator } from "../../simulator/simulator";
import type { TenantHandle } from "../../simulator/tenantHandle";
import type { TenantSeed } from "../../simulator/options";
import type { EngineToolchain } from "../../toolchain/toolchain";
import type { Operation } from "./commandHost";
import { startKeptPlugins } from "./keptPlugins";
import { rsaKey } from "./keys";
import { preparedToolchain } from "./preparedToolchain";
import { readStatesAtHand } from "./stateAtHand";
import { startVaultTransit } from "./vaultTransit";
import { type Ended, type HostedEnd, startCommands, type Variables } from "./command";

/** Configuration of the document's own example. */
export const exampleConfiguration = {
  displayName: "ExO PowerShell CBA",
  workloads: ["exchange"],
  directoryRoles: ["Exchange Administrator"],
  certificates: [{ name: "2026-11", subject: "contoso.org", validityDays: 365 }],
};

/** A stack's configuration, without the namespace. */
export type StackConfiguration = Record<string, unknown>;

/** What an operation did, and what it told of that besides. */
export interface Told extends OperationResult {
  readonly notes: readonly string[];
}

/** One stack of a journey. */
export interface JourneyStack {
  /** The stack as this process operates it. What it does by itself needs none of the SDK here. */
  opened(): Promise<ChangeableStack>;
  readonly workDirectory: string;
  configure(configuration: StackConfiguration): Promise<void>;
  preview(): Promise<OperationResult>;
  up(): Promise<Told>;
  destroy(): Promise<Told>;
  /** Previews, expects that to fail, and returns what a person sees. */
  previewFailure(): Promise<string>;
  /** The same for an update. */
  upFailure(): Promise<string>;
  outputs(): Promise<Record<string, unknown>>;
  /** Previews and expects nothing to change. */
  expectNoChanges(): Promise<void>;
}

/** A simulated tenant with the real engine pointed at it. */
export interface Journey {
  readonly simulator: Simulator;
  readonly tenant: TenantHandle;
  readonly toolchain: EngineToolchain;
  readonly directory: string;
  /** What points the engine, or the command, at the tenant. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * What points a command at the tenant's endpoints, in addition to {@link environment}: the
   * settings that `apponly simulator` prints.
   */
  readonly endpoints: Readonly<Record<string, string>>;
  stack(name: string, configuration: StackConfiguration, program?: PulumiFn): Promise<JourneyStack>;
  /**
   * Runs `apponly` in a folder, pointed at the tenant. It shares a process with the other commands
   * of this journey.
   */
  apponly(args: readonly string[], cwd: string, environment?: Variables): Promise<HostedEnd>;
  /**
   * Runs a block of a page by bash in a folder, with `apponly` and `pulumi` on its PATH, pointed at
   * the tenant. Its `apponly` shares the process of {@link apponly}.
   */
  script(block: string, cwd: string, environment?: Variables): Promise<Ended>;
  /** Keeps tenant, backend and the settings of every stack. Answers the function that puts them back. */
  checkpoint(): () => void;
  close(): Promise<void>;
}

/** How a journey's engine runs. */
export interface JourneyOptions {
  /**
   * Whether every operation starts its plugins, as on a person's machine. Otherwise they stay up,
   * which changes nothing but the time.
   *
   * @default false
   */
  readonly startPlugins?: boolean;
  /**
   * Whether a passphrase encrypts the stacks' secrets, and not a Vault, which is faster.
   *
   * @default false
   */
  readonly passphrase?: boolean;
  /**
   * Whether the CLI writes its own logs, below `home/logs` of the journey's folder, which is a
   * quarter of its work.
   *
   * @default false
   */
  readonly engineLogs?: boolean;
}

/** What only a test needs that operates a stack by itself; loading it takes longer than the rest. */
function loadStackHere(): typeof import("./stackHere") {
  // oxlint-disable-next-line typescript/no-require-imports
  return require("./stackHere") as typeof import("./stackHere");
}

/**
 * Starts a journey in a folder of its own. `APPONLY_PLUGINS=official` runs every journey with the
 * official plugins where they can be had.
 */
export async function startJourney(
  seed: TenantSeed = { initialDomain: "contoso.onmicrosoft.com" },
  { startPlugins = false, passphrase = false, engineLogs = false }: JourneyOptions = {},
): Promise<Journey> {
  const directory = await mkdtemp(join(tmpdir(), "apponly-journey-"));
  const toolchain = await preparedToolchain();
  const simulator = await startSimulator({ makeKey: rsaKey });
  const tenant = simulator.addTenant(seed);
  const home = join(directory, "home");
  await mkdir(home);
  if (process.env.APPONLY_PLUGINS === "official") {
    // They are where they were installed, and nothing else of that folder is used.
    const installed = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
    await symlink(join(installed, "plugins"), join(home, "plugins"));
  }
  if (!engineLogs) {
    // The CLI writes its log of every command below this name, or none where that is not a folder.
    await writeFile(join(home, "logs"), "");
  }
  const caFile = join(directory, "ca.pem");
  await writeFile(caFile, simulator.caCertificatePem);
  const settings = {
    ...toolchain.environment,
    ARM_TENANT_ID: tenant.tenantId,
    ARM_CLIENT_ID: tenant.deployer.clientId,
    ARM_CLIENT_SECRET: tenant.deployer.issueSecret(),
    ARM_METADATA_HOSTNAME: simulator.endpoints.metadataHost,
    ARM_USE_CLI: "false",
    SSL_CERT_FILE: caFile,
    PULUMI_BACKEND_URL: pathToFileURL(directory).href,
    PULUMI_HOME: home,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase only of this test",
    // Nobody sits before a terminal.
    PULUMI_SKIP_CONFIRMATIONS: "true",
  };
  const vault = passphrase ? undefined : await startVaultTransit();
  readStatesAtHand();
  const { loginTls, exchange, compliance, graph } = simulator.endpoints;
  const endpoints = {
    APPONLY_AUTHORITY: loginTls,
    APPONLY_EXCHANGE: exchange,
    APPONLY_COMPLIANCE: compliance,
    APPONLY_GRAPH: graph,
  };
  const plugins = startPlugins
    ? undefined
    : await startKeptPlugins(toolchain, { ...settings, ...endpoints });
  const environment = { ...settings, ...vault?.environment, ...plugins?.environment };
  const commands = startCommands();
  let checkpoints = 0;
  /** What a checkpoint keeps of the disk: the backend, and each stack's settings. */
  const folders = [join(directory, ".pulumi")];
  const openedStack: Journey["stack"] = async (name, configuration, program) => {
    const workDirectory = await mkdtemp(join(directory, `${name}-`));
    folders.push(workDirectory);
    await writeFile(join(workDirectory, "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
    const settingsFile = join(workDirectory, `Pulumi.${name}.yaml`);
    let encryption = {};
    const configure = async (wanted: StackConfiguration) => {
      const config = Object.fromEntries(
        Object.entries(wanted).map(([key, value]) => [
          key.includes(":") ? key : `apponly:${key}`,
          value,
        ]),
      );
      await writeFile(settingsFile, stringify({ ...encryption, config }));
    };
    await configure(configuration);
    const encrypting = vault === undefined ? {} : { secretsProvider: vault.secretsProvider };
    // The commands' process has loaded the SDK and is warm. A program that fails there leaves rejected
    // promises behind, which the SDK catches by handlers on the process and jest takes for a failure.
    const run = (operation: Operation["operation"]) =>
      commands.run(
        { operation, stack: name, pulumi: toolchain.pulumi, ...encrypting },
        workDirectory,
        { ...environment, ...endpoints },
      );
    const resultOf = async (operation: Operation["operation"]) => {
      const { code, stderr, result } = await run(operation);
      if (code !== 0) {
        throw new Error(stderr);
      }
      return result;
    };
    const failureOf = async (operation: Operation["operation"]) => {
      const { code, stderr } = await run(operation);
      if (code === 0) {
        throw new Error(`The ${operation} succeeded.`);
      }
      return stderr;
    };
    const openHere = (opening: Opening) =>
      loadStackHere().openStackHere({
        stack: name,
        workDirectory,
        program,
        cli: toolchain.pulumi,
        environment: { ...environment, ...endpoints },
        opening,
        ...encrypting,
      });
    // A program of a test's own is a function, and whoever is not a test has loaded all of it.
    const isHere = program !== undefined || !("expect" in globalThis);
    let own = isHere ? openHere("new") : undefined;
    const opened = () => (own ??= openHere("known"));
    await (own ?? resultOf("create"));
    const written = parse(await readFile(settingsFile, "utf8")) as Record<string, unknown>;
    encryption = Object.fromEntries(Object.entries(written).filter(([key]) => key !== "config"));
    const operated = async (operation: "preview" | "up" | "destroy"): Promise<Told> => {
      if (isHere) {
        const told: string[] = [];
        const operate = loadStackHere().operateHere[operation];
        const done = await operate(await opened(), (sentence) => void told.push(sentence));
        return { ...done, notes: told };
      }
      const { given, ...result } = (await resultOf(operation)) as Told & {
        readonly given?: Readonly<Record<string, unknown>>;
      };
      return given === undefined ? result : { ...result, outputs: () => given };
    };
    return {
      opened,
      workDirectory,
      configure,
      preview: () => operated("preview"),
      up: () => operated("up"),
      destroy: () => operated("destroy"),
      previewFailure: () => failureOf("preview"),
      upFailure: () => failureOf("up"),
      outputs: async () => {
        const outputs = isHere
          ? loadStackHere().operateHere.outputs(await opened())
          : resultOf("outputs");
        return (await outputs) as Record<string, unknown>;
      },
      expectNoChanges: async () => {
        const { same, read, ...changed } = (await operated("preview")).changes;
        expect({ changed, unchanged: (same ?? 0) + (read ?? 0) > 0 }).toEqual({
          changed: {},
          unchanged: true,
        });
      },
    };
  };
  return {
    simulator,
    tenant,
    toolchain,
    directory,
    environment,
    endpoints,
    stack: openedStack,
    apponly: async (args, cwd, added = {}) => {
      // Plugins that stay up have the credentials with which they were started.
      const isAnother = Object.keys(added).some((key) => key.startsWith("ARM_"));
      const own = isAnother ? await plugins?.environmentWith(added) : {};
      return commands.run(args, cwd, { ...environment, ...endpoints, ...own, ...added });
    },
    script: (block, cwd, added = {}) =>
      commands.script(block, cwd, {
        ...environment,
        ...endpoints,
        ...added,
        PATH: [join(toolchain.pulumi.root, "bin"), toolchain.environment.PATH].join(delimiter),
      }),
    checkpoint: () => {
      const kept = folders.map((folder, index) => {
        const copy = join(directory, "kept", `${++checkpoints}-${index}`);
        if (existsSync(folder)) {
          cpSync(folder, copy, { recursive: true });
        }
        return { folder, copy };
      });
      const restoreTenant = tenant.checkpoint();
      return () => {
        for (const { folder, copy } of kept) {
          rmSync(folder, { recursive: true, force: true });
          if (existsSync(copy)) {
            cpSync(copy, folder, { recursive: true });
          }
        }
        restoreTenant();
        tenant.faults.clear();
        simulator.journal.clear();
      };
    },
    close: async () => {
      await commands.close();
      plugins?.stop();
      vault?.close();
      await simulator.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
