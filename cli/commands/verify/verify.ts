import { Command, Option } from "@commander-js/extra-typings";
import type { Client } from "@microsoft/microsoft-graph-client";
import { loadUndici } from "../../../microsoft/network";
import type { DeployerSession } from "../../../microsoft/deployer/session";
import type { Endpoints } from "../../../microsoft/endpoints";
import { jobTokenSource } from "../../../microsoft/jobToken";
import type { ModuleOutcome, NotVerified } from "../../../access/verify/documentShape";
import { verifyDocument, type VerifyReport } from "../../../access/verify/report";
import type * as runModuleModule from "../../../access/verify/powershell/runModule";
import { verify } from "../../../access/verify/verify";
import { TokenRefused } from "../../../microsoft/tokens";
import { DeployerElsewhere } from "../../../access/verify/grants";
import { VaultFailure } from "../../../microsoft/keyVault/failures";
import {
  foreignEndpoints,
  isInVault,
  type VaultGeneration,
  type VerifyInput,
} from "../../../access/verify/target";
import { clouds } from "../../../components/catalog/clouds";
import { federatedCredentialsOf, readOutputs } from "../../../components/outputs";
import { connectStackDeployer } from "../../../operations/deployer";
import { lastChangeOf, type ReadableStack } from "../../../operations/readableStack";
import { exitCodes, Failure, UsageFailure } from "../../../system/failure";
import { endpointsFor } from "../../../microsoft/endpoints";
import type { Io } from "../../io";
import { openForReading } from "../../openForReading";
import { formatOption, lengthOfTime, type OptionsOf, filePathOption } from "../../options";
import { onEachStack } from "../../manyStacks";
import { partOfOutputs } from "../../recordParts";
import { withStackChoice } from "../../stackChoice";
import { runStep, type Steps } from "../../steps";
import { verifyInputOf } from "../../verification";
import { type Identities, identitiesFor, type IdentitySources } from "./identities";
import {
  describeChain,
  describeEndpoints,
  describeLate,
  describeModule,
  describeNotVerified,
} from "./verifyText";
import type { Environment } from "../../../system/environment";
import { isLoopback } from "../../../system/loopback";

const parser = () =>
  withStackChoice(new Command())
    .option("-g, --generation <name>", "only one generation, or federated credential")
    .addOption(
      new Option(
        "-w, --wait <time>",
        "how long to wait for what was granted to arrive, for example 30m",
      ).argParser(lengthOfTime("30m or 2h")),
    )
    .addOption(
      new Option("--pfx <file>", "the job's own .pfx; its password is in APPONLY_PFX_PASSWORD")
        .argParser(filePathOption)
        .conflicts("key"),
    )
    .addOption(
      new Option(
        "--key <file>",
        "the job's own key in PEM; its password is in APPONLY_KEY_PASSWORD",
      ).argParser(filePathOption),
    )
    .addOption(
      new Option(
        "--assertion-file <file>",
        "token of the identity provider of a federated credential",
      ).argParser(filePathOption),
    )
    .option("--allow-unverified", "no failure when this job holds no credential of the stack")
    .option("--powershell", "connect with the real PowerShell module too, where it is installed")
    .addOption(formatOption());

/** Makes `apponly verify`. */
export const verifyCommand = (io: Io, run = verifyStack) =>
  parser().action((options) =>
    onEachStack("verify", options, io, (stack, own) => run({ ...options, stack }, own)),
  );

type VerifyCommandOptions = Omit<OptionsOf<typeof parser>, "stack"> & {
  readonly stack?: string | undefined;
};

/** How a verification is shown and run. */
export interface VerificationOptions {
  readonly notVerified: readonly NotVerified[];
  readonly waitMs: number;
  readonly json: boolean;
  /** Whether it is not a failure that this job holds no credential of the stack. @default false */
  readonly allowUnverified?: boolean | undefined;
  /** Environment in which PowerShell is looked for; absent where it is not asked for. */
  readonly powershell?: Environment | undefined;
  /** Why PowerShell cannot be run whatever the machine has. */
  readonly withoutPowershell?: string | undefined;
}

/** Proves that the stack's identities connect; exit code 4 when one does not, 6 while it may yet. */
export async function verifyStack(
  options: VerifyCommandOptions,
  io: Io,
  open = openForReading,
): Promise<void> {
  // The CLI reads the stack on another core.
  const { stack, ...read } = await open(options.stack, io.progress, { meanwhile: loadUndici });
  const outputs = readOutputs(read.outputs, stack.name);
  io.record(partOfOutputs(outputs));
  const endpoints = endpointsFor(clouds[outputs.cloud], process.env);
  const input = verifyInputOf(outputs, endpoints, undefined, true);
  const { notVerified, ...identities } = await withoutUnsigned(options, {
    certificates: outputs.certificates,
    own: input.generations,
    federated: federatedCredentialsOf(outputs, stack.name),
    environment: process.env,
    job: jobTokenSource(process.env, endpoints.extraCaPem),
  });
  const graph = endpoints.graph === undefined ? undefined : deployerGraph(stack, endpoints);
  const about = { stack: stack.name, lastChange: () => lastChangeOf(stack) };
  await showVerification({ ...input, ...identities, graph, ...about }, io, {
    notVerified,
    waitMs: options.wait?.ms ?? 0,
    json: options.format === "json",
    allowUnverified: options.allowUnverified,
    powershell: options.powershell && process.env,
    withoutPowershell: process.env.APPONLY_AUTHORITY
      ? "The tenant is simulated, and the module connects only to Microsoft."
      : undefined,
  });
}

/**
 * What is verified. Where it is no failure that this job holds no credential, it is none either that it
 * may not sign in a vault.
 */
async function withoutUnsigned(
  options: VerifyCommandOptions,
  sources: IdentitySources,
): Promise<Identities> {
  const all = await identitiesFor(options, sources);
  if (options.allowUnverified !== true) {
    return all;
  }
  const notVerified: NotVerified[] = [...all.notVerified];
  const generations: (typeof all.generations)[number][] = [];
  for (const one of all.generations) {
    const reason = isInVault(one) ? await unsignedReason(one) : undefined;
    if (reason === undefined) {
      generations.push(one);
    } else {
      notVerified.push({ kind: "certificate", name: one.name, active: one.active, reason });
    }
  }
  return { ...all, generations, notVerified };
}

async function unsignedReason({ signedAssertion }: VaultGeneration): Promise<string | undefined> {
  try {
    await signedAssertion();
    return undefined;
  } catch (error) {
    const mayNot = ["vault-no-credential", "vault-forbidden", "vault-firewall"];
    if (error instanceof VaultFailure && mayNot.includes(error.problem)) {
      return error.message;
    }
    // What else goes wrong breaks the chain, which says so.
    return undefined;
  }
}

/** Microsoft Graph as the stack's deployer; nothing is requested before it is wanted. */
export function deployerGraph(
  stack: ReadableStack,
  { graph }: Pick<Endpoints, "graph">,
  connect = connectStackDeployer,
): () => Promise<Client> {
  let session: Promise<DeployerSession> | undefined;
  const openGraph = async (): Promise<Client> => {
    session ??= connect(stack);
    const deployer = await session;
    const { graph: own } = deployer.authority;
    // A simulated tenant has two addresses, for http and for https; neither leaves this machine.
    const isSameCloud =
      own === graph ||
      [own, graph].every((url) => url !== undefined && isLoopback(new URL(url).hostname));
    if (!isSameCloud) {
      throw new DeployerElsewhere(`The deployer signs in for ${own}, not for ${graph}.`);
    }
    return deployer.graph();
  };
  return () =>
    openGraph().catch((error: unknown) => {
      // Who is refused is not asked for again, while a failure of a moment may be over next time.
      const isRefused = error instanceof TokenRefused && error.status < 429;
      session = isRefused ? session : undefined;
      throw error;
    });
}

/**
 * Verifies and prints.
 *
 * @throws {Failure} With the exit code, unless every chain holds.
 */
export async function showVerification(
  input: VerifyInput,
  io: Io,
  options: VerificationOptions,
): Promise<void> {
  const { notVerified, waitMs, json } = options;
  const report = await runStep(
    io.progress,
    "Verify",
    (step) =>
      verify(input, {
        waitMs,
        onLate: (late, pauseMs) => step.progress(describeLate(late, pauseMs)),
      }),
    summaryOf,
    ({ ok, chains }) => !ok || (chains.length === 0 && options.allowUnverified !== true),
  );
  const powershell = await moduleOutcome(input, report, io.progress, options);
  const document = verifyDocument(input, report, { notVerified, powershell, now: new Date() });
  if (json) {
    await io.document(document);
  } else {
    await io.out(
      [
        describeEndpoints(foreignEndpoints(input), io),
        ...report.chains.map((chain) => describeChain(chain, io)),
        ...(powershell === undefined ? [] : [describeModule(powershell, io)]),
        describeNotVerified(notVerified, io),
      ].join(""),
    );
    // Of a command that verifies among other things.
    await io.answer(document);
  }
  conclude(report, powershell, options.allowUnverified === true);
}

async function moduleOutcome(
  input: VerifyInput,
  report: VerifyReport,
  progress: Steps,
  { powershell, withoutPowershell }: VerificationOptions,
): Promise<ModuleOutcome | undefined> {
  if (powershell === undefined) {
    return undefined;
  }
  if (withoutPowershell !== undefined) {
    return { state: "skipped", reason: withoutPowershell };
  }
  /* oxlint-disable typescript/no-require-imports -- import() leads nowhere once compiled */
  const { runModule } =
    require("../../../access/verify/powershell/runModule") as typeof runModuleModule;
  /* oxlint-enable typescript/no-require-imports */
  return runStep(
    progress,
    "PowerShell",
    (step) =>
      runModule(input, report, powershell, {
        onRun: (name, workload) => step.progress(`${name} → ${workload}`),
      }),
    (outcome) => (outcome.state === "skipped" ? "not run" : outcome.ok ? "connects" : "fails"),
    (outcome) => outcome.state === "ran" && !outcome.ok,
  );
}

/** How many chains hold, in a few words. */
function summaryOf({ ok, chains }: VerifyReport): string {
  const holding = chains.filter(({ diagnosis }) => diagnosis === undefined).length;
  return chains.length === 0
    ? "nothing to verify with"
    : `${holding} of ${chains.length} connect${ok || holding === 0 ? "" : ", the others do not"}`;
}

function conclude(
  report: VerifyReport,
  powershell: ModuleOutcome | undefined,
  allowUnverified: boolean,
): void {
  if (report.chains.length === 0) {
    if (allowUnverified) {
      return;
    }
    throw new UsageFailure("Nothing was verified: this job holds no credential of the stack.");
  }
  const code = exitCodeOf(report);
  if (code !== exitCodes.ok) {
    const what = report.propagating
      ? "The access has not arrived everywhere yet."
      : "The access does not work.";
    const reasons = report.chains.flatMap(({ diagnosis }) =>
      diagnosis === undefined ? [] : [`${diagnosis.cause} ${diagnosis.remedy}`],
    );
    throw new Failure([what, ...new Set(reasons)].join(" "), code);
  }
  if (powershell?.state === "ran" && !powershell.ok) {
    throw new Failure(
      "The access works, but the PowerShell module does not connect.",
      exitCodes.verification,
    );
  }
}

/** The exit code of a report. */
export function exitCodeOf({ ok, propagating }: VerifyReport): number {
  if (ok) {
    return exitCodes.ok;
  }
  return propagating ? exitCodes.propagating : exitCodes.verification;
}
