import { createHash } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cacheDirectory, executableNames, type Machine } from "./machine";

/** The folder above a CLI's own. */
export function rootOf(command: string): string {
  return dirname(dirname(command));
}

/**
 * A folder whose `bin` holds the CLI: what `PulumiCommand.get({ root })` wants. Version managers
 * and some installers put the CLI elsewhere or under another name; then a script in the cache
 * starts it.
 */
export async function runnableRoot(machine: Machine, command: string): Promise<string> {
  const inBin = basename(dirname(command)) === "bin";
  if (inBin && executableNames(machine, "pulumi").includes(basename(command).toLowerCase())) {
    return rootOf(command);
  }
  const id = createHash("sha256").update(command).digest("hex").slice(0, 12);
  const root = join(cacheDirectory(machine), `pulumi-found-${id}`);
  const windows = machine.platform === "win32";
  const script = join(root, "bin", windows ? "pulumi.cmd" : "pulumi");
  const text = windows
    ? `@"${command}" %*\r\n`
    : `#!/bin/sh\nexec '${command.replace(/'/g, `'\\''`)}' "$@"\n`;
  await mkdir(dirname(script), { recursive: true });
  await writeFile(script, text);
  await chmod(script, 0o755);
  return root;
}
