import { verify, type VerifyReport } from "../../access/verify";
import { parseDays } from "../../operations/rotation";
import { CommandFailure, exitCodes } from "../errors";
import { endpointsFor, openTarget } from "../stackTarget";
import type { Steps, Terminal } from "../steps";
import { cloudOf, describeChain, verifyInputOf } from "../verification";

/** The command line of `apponly verify`. */
export interface VerifyArguments {
  readonly stack: string;
  readonly generation?: string;
  readonly wait?: string;
  readonly format: string;
}

/** Proves that the stack's generations connect; exit code 4 when one does not, 6 while it may yet. */
export async function verifyCommand(
  args: VerifyArguments,
  steps: Steps,
  terminal: Terminal,
): Promise<void> {
  const days = args.wait === undefined ? 0 : parseDays(args.wait);
  if (days === undefined) {
    throw new CommandFailure(
      `--wait "${args.wait}" is not a length of time. Write it as 30m or 2h.`,
      exitCodes.usage,
    );
  }
  if (args.format !== "terminal" && args.format !== "json") {
    throw new CommandFailure(
      `--format "${args.format}" is not known. Use terminal or json.`,
      exitCodes.usage,
    );
  }
  const json = args.format === "json";
  const { stack } = await openTarget(args.stack, steps);
  const outputs = await stack.outputs();
  const input = verifyInputOf(outputs, await endpointsFor(cloudOf(outputs)), args.generation);
  const report = await verify(input, {
    waitMs: days * 86_400_000,
    onLate: (late, pauseMs) => {
      if (!json) {
        for (const { identity, workload, diagnosis } of late) {
          terminal.write(
            `  late: ${identity.name} → ${workload}, ${diagnosis?.code}; again in ${pauseMs / 1000} s\n`,
          );
        }
      }
    },
  });
  terminal.write(
    json ? `${JSON.stringify(report, null, 2)}\n` : report.chains.map(describeChain).join(""),
  );
  const code = exitCodeOf(report);
  if (code !== exitCodes.ok) {
    throw new CommandFailure(
      report.propagating
        ? "The access has not arrived everywhere yet."
        : "The access does not work.",
      code,
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
