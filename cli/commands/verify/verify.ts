import { jobTokenSource } from "../../../microsoft/jobToken";
import type { ModuleOutcome } from "../../../access/verify/powershell/outcome";
import type { NotVerified, VerifyReport } from "../../../access/verify/report";
import { runModule } from "../../../access/verify/powershell/runModule";
import { verify } from "../../../access/verify/verify";
import { verifyDocument } from "../../../access/verify/document";
import type { VerifyInput } from "../../../access/verify/target";
import { clouds } from "../../../components/catalog/clouds";
import { federatedCredentialsOf, readOutputs } from "../../../components/outputs";
import { outputValues } from "../../../operations/stack";
import { parseDuration } from "../../../system/durations";
import { deployerGraphToken } from "./deployerGraph";
import { exitCodes, Failure, UsageFailure } from "../../../system/failure";
import { endpointsFor, readTarget } from "../../stackTarget";
import { runStep, type Steps, type Terminal } from "../../steps";
import { verifyInputOf } from "../../verification";
import { identitiesFor, type SuppliedCredentials } from "./identities";
import { describeChain, describeLate, describeModule, describeNotVerified } from "./verifyText";

/** The command line of `apponly verify`. */
export interface VerifyArguments extends SuppliedCredentials {
  readonly stack: string;
  readonly wait?: string;
  readonly format: string;
  readonly powershell?: boolean;
  readonly allowUnverified?: boolean;
}

/** How a verification is shown and run. */
export interface VerificationOptions {
  readonly notVerified: readonly NotVerified[];
  readonly waitMs: number;
  readonly json: boolean;
  /** Whether it is no failure that this job holds no credential of the stack. @default false */
  readonly allowUnverified?: boolean;
  /** Environment in which PowerShell is looked for; absent where it is not asked for. */
  readonly powershell?: Readonly<Record<string, string | undefined>>;
  /** Why PowerShell cannot be run whatever the machine has. */
  readonly withoutPowershell?: string;
}

/** Proves that the stack's identities connect; exit code 4 when one does not, 6 while it may yet. */
export async function verifyCommand(
  args: VerifyArguments,
  steps: Steps,
  progress: Steps,
  terminal: Terminal,
): Promise<void> {
  const { waitMs, json } = parse(args);
  const { stack, ...read } = await readTarget(args.stack, steps);
  const outputs = readOutputs(outputValues(read.outputs), args.stack);
  const endpoints = await endpointsFor(clouds[outputs.cloud]);
  const input = verifyInputOf(outputs, endpoints, undefined, true);
  const { notVerified, ...identities } = await identitiesFor(args, {
    certificates: outputs.certificates,
    own: input.generations,
    federated: federatedCredentialsOf(outputs, args.stack),
    environment: process.env,
    job: jobTokenSource(process.env, endpoints.extraCaPem),
  });
  const { graph } = endpoints;
  const lookUp = graph === undefined ? {} : { graphToken: deployerGraphToken(stack, graph) };
  await showVerification({ ...input, ...identities, ...lookUp }, progress, terminal, {
    notVerified,
    waitMs,
    json,
    allowUnverified: args.allowUnverified ?? false,
    ...(args.powershell === true ? { powershell: process.env } : {}),
    ...(process.env.APPONLY_AUTHORITY
      ? {
          withoutPowershell: "The tenant is simulated, and the module connects to Microsoft alone.",
        }
      : {}),
  });
}

function parse({ wait, format }: VerifyArguments): { waitMs: number; json: boolean } {
  const waitMs = wait === undefined ? 0 : parseDuration(wait);
  if (waitMs === undefined) {
    throw new UsageFailure(`--wait "${wait}" is not a length of time. Write it as 30m or 2h.`);
  }
  if (format !== "terminal" && format !== "json") {
    throw new UsageFailure(`--format "${format}" is not known. Use terminal or json.`);
  }
  return { waitMs, json: format === "json" };
}

/**
 * Verifies and prints.
 *
 * @throws {Failure} With the exit code, unless every chain holds.
 */
export async function showVerification(
  input: VerifyInput,
  progress: Steps,
  terminal: Terminal,
  options: VerificationOptions,
): Promise<void> {
  const { notVerified, waitMs, json } = options;
  const report = await runStep(
    progress,
    "Verify",
    (step) =>
      verify(input, {
        waitMs,
        onLate: (late, pauseMs) => step.progress(describeLate(late, pauseMs)),
      }),
    summaryOf,
  );
  const powershell = await moduleOutcome(input, report, progress, options);
  terminal.write(
    json
      ? `${JSON.stringify(
          verifyDocument(input, report, {
            notVerified,
            now: new Date(),
            ...(powershell === undefined ? {} : { powershell }),
          }),
          null,
          2,
        )}\n`
      : [
          ...report.chains.map((chain) => describeChain(chain, terminal)),
          ...(powershell === undefined ? [] : [describeModule(powershell, terminal)]),
          describeNotVerified(notVerified, terminal),
        ].join(""),
  );
  conclude(report, powershell, options.allowUnverified ?? false);
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
  return runStep(
    progress,
    "PowerShell",
    (step) =>
      runModule(input, report, powershell, {
        onRun: (name, workload) => step.progress(`${name} → ${workload}`),
      }),
    (outcome) => (outcome.state === "skipped" ? "not run" : outcome.ok ? "connects" : "fails"),
  );
}

/** How many chains hold, in a few words. */
export function summaryOf({ ok, chains }: VerifyReport): string {
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
    throw new Failure(
      report.propagating
        ? "The access has not arrived everywhere yet."
        : "The access does not work.",
      code,
    );
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
