/**
 * Updates one stack with one program and prints how much memory this process took at most, in
 * mebibytes. A process of its own: the simulator and the other program do not count.
 *
 * Run by `comparison.ts`, with component or flat, a folder, and the root of the Pulumi CLI.
 */
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { openStack } from "../operations/openStack";
import { updateStack } from "../operations/stack";
import { loadProgram, type ProgramName } from "./programs";

async function main([name, workDirectory, root]: string[]): Promise<void> {
  const stack = await openStack({
    stack: "dev",
    workDirectory: workDirectory ?? "",
    program: loadProgram(name as ProgramName),
    pulumi: await PulumiCommand.get(root === undefined ? {} : { root }),
    environment: {},
  });
  await updateStack(stack);
  process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
