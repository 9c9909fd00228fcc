import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { program } from "../index";
import { openStack } from "../operations/openStack";
import { updateStack } from "../operations/stack";
import { pulumiCommandOf } from "../toolchain/pulumiCommand";
import { type Bench, measuredStack, median } from "./measuredStack";

/** Commands that people wait for, and the most seconds that each is to take on a machine that does nothing else. */
const goals = { review: 1.12, certificates: 0.99, doctor: 0.8, verify: 0.7 } as const;

/**
 * Measures commands as a person runs them: each in a process of its own, in turn, on a stack that was
 * deployed. What else the machine does counts too.
 *
 * @returns A section for the report, as lines of Markdown.
 */
export async function commands(bench: Bench): Promise<string[]> {
  const { simulator, toolchain, caFile, rounds, progress } = bench;
  const { loginTls, exchange, compliance, graph } = simulator.endpoints;
  const prepared = await measuredStack(bench, "commands");
  const stack = await openStack({
    stack: "dev",
    workDirectory: prepared.directory,
    program: () => program({ ...process.env, ...prepared.environment }),
    pulumi: pulumiCommandOf(toolchain.pulumi),
    environment: prepared.environment,
  });
  await updateStack(stack);
  const environment = {
    ...process.env,
    ...prepared.environment,
    NODE_EXTRA_CA_CERTS: caFile,
    APPONLY_AUTHORITY: loginTls,
    APPONLY_EXCHANGE: exchange,
    APPONLY_COMPLIANCE: compliance,
    APPONLY_GRAPH: graph,
    APPONLY_PULUMI: toolchain.pulumi.command,
    APPONLY_EMBEDDED: "true",
  };
  const seconds: Record<string, number[]> = {};
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of Object.keys(goals)) {
      const begun = performance.now();
      const args = [join(__dirname, "../bin/apponly.js"), name, "--stack", "dev"];
      await promisify(execFile)(process.execPath, args, {
        cwd: prepared.directory,
        env: environment,
      });
      // The first round fills caches.
      if (round > 0) {
        (seconds[name] ??= []).push((performance.now() - begun) / 1000);
      }
    }
  }
  progress("commands measured\n");
  await prepared.remove();
  return [
    `Commands as a person runs them, each in a fresh process, in turn, ${rounds} rounds; the goal is for a machine that does nothing else:`,
    "",
    "| command | fastest | median | goal |",
    "|---|---|---|---|",
    ...Object.entries(goals).map(
      ([name, goal]) =>
        `| \`${name}\` | ${Math.min(...(seconds[name] ?? [])).toFixed(2)} s | ${median(seconds[name] ?? []).toFixed(2)} s | ${goal.toFixed(2)} s |`,
    ),
    "",
  ];
}
