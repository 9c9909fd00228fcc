import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Environment } from "../system/environment";
import { writeWhole } from "../system/files";
import { cacheDirectory, type Machine } from "./machine";

/** What each CLI has said: it stays the same for as long as a process lives. */
const versions = new WeakMap<Machine, Map<string, Promise<string | undefined>>>();

/**
 * The version of a Pulumi CLI, if it tells one. It is asked once and noted in the cache, because its
 * start takes as long as the rest of a short command.
 */
export function versionOf(machine: Machine, command: string): Promise<string | undefined> {
  const known = versions.get(machine) ?? new Map<string, Promise<string | undefined>>();
  versions.set(machine, known);
  const version = known.get(command) ?? readOrAsk(machine, command);
  known.set(command, version);
  return version;
}

async function readOrAsk(machine: Machine, command: string): Promise<string | undefined> {
  const identity = machine.identityOf(command);
  if (identity === undefined) {
    return askVersion(machine, command);
  }
  const id = createHash("sha256").update(command).digest("hex").slice(0, 12);
  const note = join(cacheDirectory(machine), "versions", id);
  const [noted, version] = readNote(note);
  if (noted === identity) {
    return version;
  }
  const asked = await askVersion(machine, command);
  if (asked !== undefined) {
    await mkdir(dirname(note), { recursive: true })
      .then(() => writeWhole(note, `${identity}\n${asked}`))
      // Where nothing can be written, it is asked each time.
      .catch(() => undefined);
  }
  return asked;
}

function readNote(note: string): string[] {
  try {
    return readFileSync(note, "utf8").split("\n");
  } catch {
    return [];
  }
}

/**
 * Variables of every start of the CLI. It runs for so short a time that collecting its garbage is a tenth
 * of that, unless it is left lying until there is five times as much: 120 MiB where it had 106.
 *
 * @param environment What somebody has set for every program in Go goes before.
 * @see https://pkg.go.dev/runtime#hdr-Environment_Variables
 */
export function cliVariables({ GOGC = "400" }: Environment = process.env) {
  return { PULUMI_SKIP_UPDATE_CHECK: "true", GOGC } as const;
}

async function askVersion(machine: Machine, command: string): Promise<string | undefined> {
  const environment = { ...machine.environment, ...cliVariables(machine.environment) };
  const result = await machine.run(command, ["version"], { environment, timeoutMs: 20_000 });
  return /v?(\d+\.\d+\.\d+\S*)/.exec(result.stdout)?.[1];
}
