/** Previews or updates one stack and ends; what goes wrong is printed as the command prints it. */
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { explainFailure } from "../../cli/errors";
import { program } from "../../index";
import { openStack, previewStack, updateStack } from "../../operations/stack";

async function main([
  operation,
  stack = "",
  workDirectory = "",
  root = "",
]: string[]): Promise<void> {
  const pulumi = await PulumiCommand.get({ root });
  const opened = await openStack({ stack, workDirectory, program, pulumi, environment: {} });
  await (operation === "up" ? updateStack : previewStack)(opened);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${explainFailure(error)}\n`);
  process.exit(1);
});
