import { chmod, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runBash } from "./command";

/**
 * A folder with programs that write down how they were called.
 *
 * @param programs What each does after that, as lines of bash.
 */
export async function standInPrograms(programs: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "apponly-drift-"));
  const bin = join(folder, "bin");
  await mkdir(bin);
  for (const [name, body] of Object.entries(programs)) {
    const file = join(bin, name);
    const log = `printf '%s' "${name}" >> "$LOG"; printf ' [%s]' "$@" >> "$LOG"; echo >> "$LOG"`;
    await writeFile(file, `#!/usr/bin/env bash\n${log}\n${body}\n`);
    await chmod(file, 0o755);
  }
  const log = join(folder, "log");
  const output = join(folder, "output");
  const summary = join(folder, "summary");
  for (const file of [log, output, summary]) {
    await writeFile(file, "");
  }
  return {
    run: (script: string, environment: Record<string, string>) =>
      // A stand-in has to come before the npx beside the node that bash is given.
      runBash(`PATH="${bin}:$PATH"\n${script}`, folder, {
        ...environment,
        LOG: log,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
      }),
    calls: async () => (await readFile(log, "utf8")).trim().split("\n"),
    outputs: () => readFile(output, "utf8"),
    summary: () => readFile(summary, "utf8"),
    path: (name: string) => join(folder, name),
    written: (name: string) => readFile(join(folder, name), "utf8"),
  };
}
