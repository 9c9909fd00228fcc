import { stacksOf } from "../operations/project";
import { projectHere, runningSimulator } from "./embeddedFolder";
import { embeddedSettings, startEmbeddedTenant } from "./embeddedTenant";
import { tidyAtEnd } from "./interruption";
import type { Io } from "./io";
import { runStep } from "./steps";

/**
 * Points this process at the embedded tenant of a folder until the command ends: at the one that
 * `apponly simulator` keeps up, or at one that it starts itself.
 *
 * @throws {Failure} If another command works on it.
 */
export async function enterEmbeddedTenant(directory: string, io: Io): Promise<void> {
  const settings = await runStep(
    io.progress,
    "Tenant",
    async () => (await runningSimulator(directory)) ?? startHere(directory, io),
    () => "contoso.onmicrosoft.com, simulated on this machine",
  );
  const project = projectHere();
  if (project !== undefined && stacksOf(project).includes("dev")) {
    settings.PULUMI_STACK = process.env.PULUMI_STACK || "dev";
  }
  const before = { ...process.env };
  tidyAtEnd(() => {
    for (const name of Object.keys(settings)) {
      if (before[name] === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = before[name];
      }
    }
  });
  Object.assign(process.env, settings);
}

async function startHere(directory: string, io: Io): Promise<Record<string, string>> {
  const embedded = await startEmbeddedTenant(directory);
  tidyAtEnd(embedded.close);
  embedded.notes.forEach((sentence) => io.err(`  ${sentence}\n`));
  return embeddedSettings(embedded);
}
