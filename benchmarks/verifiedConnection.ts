import { verify } from "../access/verify/verify";
import { readOutputs } from "../components/outputs";
import { verifyInputOf } from "../cli/verification";
import { program } from "../index";
import { openStack } from "../operations/openStack";
import { outputValues, updateStack } from "../operations/stack";
import { pulumiCommandOf } from "../toolchain/pulumiCommand";
import { type Bench, measuredStack, median } from "./measuredStack";

/** What a job waits for after an update was started. */
interface Connection {
  readonly updateSeconds: number;
  readonly verifySeconds: number;
  readonly verifyRequests: number;
}

const configuration = {
  "apponly:displayName": "ExO PowerShell CBA",
  "apponly:workloads": ["exchange", "compliance"],
  "apponly:directoryRoles": ["Global Reader"],
  "apponly:certificates": [{ name: "2026-11", subject: "contoso.org", validityDays: 365 }],
};

/**
 * Measures the time from the start of the first update to a verified connection of both workloads,
 * on the simulated tenant, where a grant arrives at once.
 *
 * @returns A section for the report, as lines of Markdown.
 */
export async function verifiedConnection(bench: Bench): Promise<string[]> {
  const measured: Connection[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    measured.push(await measure(bench, `verified${round}`));
  }
  const middle = (value: (one: Connection) => number) => median(measured.map(value));
  return [
    "From the start of the first update to a verified connection of both workloads, on the simulated tenant, where grants arrive at once; a real tenant needs minutes for that:",
    "",
    "| step | median |",
    "|---|---|",
    `| update | ${middle((one) => one.updateSeconds).toFixed(2)} s |`,
    `| verification | ${middle((one) => one.verifySeconds).toFixed(2)} s, ${middle((one) => one.verifyRequests)} requests |`,
    `| together | ${middle((one) => one.updateSeconds + one.verifySeconds).toFixed(2)} s |`,
    "",
  ];
}

async function measure(bench: Bench, name: string): Promise<Connection> {
  const { toolchain, simulator } = bench;
  const prepared = await measuredStack(bench, name, configuration);
  const stack = await openStack({
    stack: "dev",
    workDirectory: prepared.directory,
    program,
    pulumi: pulumiCommandOf(toolchain.pulumi),
    environment: prepared.environment,
  });
  const begun = performance.now();
  await updateStack(stack);
  const updated = performance.now();
  const { loginTls, exchange, compliance } = simulator.endpoints;
  simulator.journal.clear();
  const report = await verify(
    verifyInputOf(readOutputs(outputValues(await stack.outputs()), "dev"), {
      authority: loginTls,
      workloads: { exchange, compliance },
      extraCaPem: simulator.caCertificatePem,
    }),
  );
  const verified = performance.now();
  if (!report.ok) {
    throw new Error(`${name}: the access does not connect`);
  }
  const verifyRequests = simulator.journal.entries().length;
  await prepared.remove();
  return {
    updateSeconds: (updated - begun) / 1000,
    verifySeconds: (verified - updated) / 1000,
    verifyRequests,
  };
}
