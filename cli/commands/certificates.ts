import type { CertificateOutput } from "../../components/outputs";
import { parseDays } from "../../operations/rotation";
import { StackSettings } from "../../operations/settings";
import { outputValue } from "../../operations/stack";
import { CommandFailure, exitCodes } from "../errors";
import { openTarget } from "../stackTarget";
import type { Steps, Terminal } from "../steps";

/** The command line of `apponly certificates`. */
export interface CertificatesArguments {
  readonly stack: string;
  readonly failWithin?: string;
}

/** One generation, as it is listed. */
export interface ListedGeneration {
  readonly name: string;
  readonly thumbprint: string;
  readonly daysLeft: number | undefined;
  readonly active: boolean;
  readonly registered: boolean;
}

/** Lists the generations; with `--fail-within` an active one that expires soon is exit code 5. */
export async function certificatesCommand(
  args: CertificatesArguments,
  steps: Steps,
  terminal: Terminal,
): Promise<void> {
  const limit = args.failWithin === undefined ? undefined : parseDays(args.failWithin);
  if (args.failWithin !== undefined && limit === undefined) {
    throw new CommandFailure(
      `--fail-within "${args.failWithin}" is not a length of time. Write it as 30d, 36h or 30m.`,
      exitCodes.usage,
    );
  }
  const { stack, workDirectory } = await openTarget(args.stack, steps);
  const settings = await StackSettings.read(workDirectory, args.stack);
  const deployed = outputValue<CertificateOutput[]>(await stack.outputs(), "certificates") ?? [];
  const listed = listGenerations(
    settings.generations().map(({ name }) => name),
    deployed,
    new Date(),
  );
  terminal.write(table(listed));
  const soon = listed.filter(
    ({ daysLeft, registered }) => registered && limit !== undefined && (daysLeft ?? 0) < limit,
  );
  if (soon.length > 0) {
    throw new CommandFailure(
      `Within ${args.failWithin}: ${soon.map(({ name }) => name).join(", ")}. Rotate: apponly rotate --stack ${args.stack}`,
      exitCodes.expiring,
    );
  }
}

/** The generations of the settings and of the tenant in one list. */
export function listGenerations(
  configured: readonly string[],
  deployed: readonly CertificateOutput[],
  now: Date,
): ListedGeneration[] {
  const names = new Set([...configured, ...deployed.map(({ name }) => name)]);
  return [...names].map((name) => {
    const found = deployed.find((one) => one.name === name);
    return {
      name,
      thumbprint: found?.thumbprint ?? "",
      daysLeft:
        found && Math.floor((new Date(found.notAfter).getTime() - now.getTime()) / 86_400_000),
      active: found?.active ?? false,
      registered: found !== undefined,
    };
  });
}

function table(listed: readonly ListedGeneration[]): string {
  const rows = [
    ["Generation", "Thumbprint", "Days left", "Active", "Registered"],
    ...listed.map(({ name, thumbprint, daysLeft, active, registered }) => [
      name,
      thumbprint,
      daysLeft === undefined ? "" : String(daysLeft),
      active ? "yes" : "",
      registered ? "yes" : "no",
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd())
    .map((line) => `${line}\n`)
    .join("");
}
