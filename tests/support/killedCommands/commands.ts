import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ended, runApponly, type Variables } from "../command";
import { exampleConfiguration, type Journey } from "../journey";

/** One command, as it is before it is run, and what is wrong once it has ended well. */
export interface Killed {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Variables;
  prepare(): Promise<void>;
  /** What was left behind. */
  leftovers(): string[];
}

/** The commands that work on a stack of a tenant, and `start`, which has one of its own. */
export async function commandsOn(journey: Journey): Promise<Record<string, Killed>> {
  const stack = await journey.stack("dev", exampleConfiguration);
  await stack.up();
  const restore = journey.checkpoint();
  const temporary = await mkdtemp(join(tmpdir(), "apponly-kills-"));
  const out = join(temporary, "out");
  const own = join(temporary, "own");
  const environment = { ...journey.environment, ...journey.endpoints, TMPDIR: own };
  const prepare =
    (configuration = exampleConfiguration) =>
    async () => {
      restore();
      [out, own].forEach((folder) => {
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder);
      });
      await stack.configure(configuration);
    };
  const left = () => [
    ...locksIn(join(journey.directory, ".pulumi/locks")),
    ...(pendingIn(journey) > 0 ? ["operations are open in the state"] : []),
    ...filesIn(own)
      .filter((file) => /PRIVATE KEY/.test(readFileSync(file, "latin1")) || /\.pfx/.test(file))
      .map((file) => `a key in ${file}`),
  ];
  const onStack = (args: readonly string[], leftovers = left, configuration?: object): Killed => ({
    args: [...args, "--stack", "dev"],
    cwd: stack.workDirectory,
    environment,
    prepare: prepare({ ...exampleConfiguration, ...configuration }),
    leftovers,
  });
  const embedded = join(temporary, "embedded");
  return {
    start: {
      args: ["start", "--directory", embedded],
      cwd: process.cwd(),
      environment: { TMPDIR: own },
      prepare: async () => {
        await prepare()();
        await rm(embedded, { recursive: true, force: true });
      },
      leftovers: () => locksIn(join(embedded, "backend/.pulumi/locks")),
    },
    up: onStack(["up", "--yes", "--no-verify"], left, { directoryRoles: ["Global Reader"] }),
    rotate: onStack(["rotate", "--now", "--yes"]),
    export: onStack(["export", "--format", "pfx", "--force", "--out", join(out, "key.pfx")], () => [
      ...left(),
      ...filesIn(out)
        .filter((file) => file !== join(out, "key.pfx"))
        .map((file) => `a key in ${file}`),
    ]),
  };
}

/** Runs a command to its end. */
export const runAgain = ({ args, cwd, environment }: Killed): Promise<Ended> =>
  runApponly(args, cwd, environment);

export function filesIn(folder: string): string[] {
  const names = statSync(folder, { throwIfNoEntry: false })
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
    : [];
  return names.map((name) => join(folder, name)).filter((file) => statSync(file).isFile());
}

function locksIn(folder: string): string[] {
  return filesIn(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => `the lock ${file}`);
}

function pendingIn({ directory }: Journey): number {
  const text = readFileSync(join(directory, ".pulumi/stacks/apponly/dev.json"), "utf8");
  const { checkpoint } = JSON.parse(text) as {
    checkpoint: { latest: { pending_operations?: unknown[] } };
  };
  return checkpoint.latest.pending_operations?.length ?? 0;
}
