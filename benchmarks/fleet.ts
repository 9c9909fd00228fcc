import { execFile } from "node:child_process";
import { appendFile, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { saltInState } from "../operations/encryption";
import { findProject } from "../operations/project";
import { findLanguageHost, type LanguageHost } from "./languageHost";
import { type Bench, type MeasuredStack, measuredStack, median, preload } from "./measuredStack";

/** Sizes of the project, in stacks. A thousand take a quarter of an hour, so they are asked for. */
const sizes = (process.env.APPONLY_BENCH_STACKS ?? "10,100").split(",").map(Number);
const root = dirname(__dirname);
/** How many of them are also done one by one. */
const sample = 10;

/** What a run over all stacks takes. */
interface FleetMeasure {
  readonly count: number;
  readonly seconds: number;
  /** Peak resident set of the command, without the engines and the plugins, mebibytes. */
  readonly peakMiB: number;
}

/**
 * Previews of a project with many stacks by one command, against the same command for one stack after
 * the other, and against `pulumi preview` of the same program, where there is what runs it. Each project
 * is one tenant's; the stacks were there before, and would change nothing but what they have to make.
 *
 * @returns A section for the report, as lines of Markdown.
 */
export async function fleet(bench: Bench): Promise<string[]> {
  const rows: string[] = [];
  const measures: FleetMeasure[] = [];
  const host = findLanguageHost(bench);
  const project = async (count: number, name = `fleet${count}`) => {
    bench.progress(`${count} stacks … `);
    const place = await measuredStack(bench, name);
    await writeStacks(place, count);
    await makeStacks(bench, place, count);
    return place;
  };
  for (const count of sizes) {
    const place = await project(count);
    const all = await command(place, ["review", "--all"]);
    const single: number[] = [];
    const loops = { plain: [] as number[], preloaded: [] as number[] };
    for (let at = 0; at < Math.min(sample, count); at += 1) {
      single.push((await command(place, ["review", "--stack", nameOf(at)])).seconds);
      if (typeof host !== "string") {
        await saltSettings(place, nameOf(at));
        for (const [name, seconds] of Object.entries(loops)) {
          await writeProject(place, name === "preloaded" ? { nodeargs: preload } : {});
          seconds.push(await plainPreview(bench, place, host, nameOf(at)));
        }
      }
    }
    const perSecond = count / all.seconds;
    measures.push({ count, ...all });
    const times = (seconds: readonly number[]) =>
      seconds.length === 0 ? "not run" : (perSecond * median(seconds)).toFixed(1);
    rows.push(
      `| ${count.toLocaleString("en")} | ${perSecond.toFixed(2)} | ${times(single)} | ${times(loops.plain)} | ${times(loops.preloaded)} | ${(all.seconds / count).toFixed(2)} s | ${all.peakMiB} MiB |`,
    );
    await place.remove();
  }
  // A machine gets slower or faster in a quarter of an hour: the smallest is measured after the largest too.
  const [smallest = 0] = sizes;
  const again = await project(smallest, "fleet-again");
  measures.push({ count: smallest, ...(await command(again, ["review", "--all"])) });
  await again.remove();
  const costs = measures.map(({ seconds, count }) => seconds / count);
  const [before = 0, largest = 0, after = 0] = [costs[0], costs.at(-2), costs.at(-1)];
  const growth = largest / ((before + after) / 2);
  return [
    "## Many stacks",
    "",
    `\`apponly review --all\` of a project, against \`apponly review\` of one stack after the other and against a loop of \`pulumi preview\` (aim: five times the loop), as projects have it and by \`nodeargs: --require apponly/preload\`, which this project and new ones have. A stack of the largest project costs ${growth.toFixed(2)} of one of the smallest, measured before and after it (aim: at most 1.1 at 1,000). ${typeof host === "string" ? `The loop was not run: ${host}.` : `The loop runs the same program by ${host.name}.`}`,
    "",
    "| stacks | previews a second | times one by one | times the loop | times the loop with `apponly/preload` | a stack | peak memory |",
    "|---|---|---|---|---|---|---|",
    ...rows,
    "",
  ];
}

const nameOf = (at: number) => `tenant-${String(at).padStart(4, "0")}`;

/** The project's file, with further options of the runtime. */
async function writeProject(
  { directory }: Pick<MeasuredStack, "directory">,
  further: Readonly<Record<string, string>> = {},
): Promise<void> {
  const runtime = { name: "nodejs", options: { typescript: false, ...further } };
  await writeFile(join(directory, "Pulumi.yaml"), stringify({ name: "apponly", runtime }));
}

async function writeStacks({ directory }: MeasuredStack, count: number): Promise<void> {
  await rm(join(directory, "Pulumi.dev.yaml"));
  // The same program for both: `pulumi` loads it as a project's own.
  await symlink(join(root, "program.js"), join(directory, "index.js"));
  await symlink(join(root, "node_modules"), join(directory, "node_modules"));
  await writeProject({ directory });
  for (let at = 0; at < count; at += 1) {
    await writeFile(settingsFile(directory, at), settingsOf(at));
  }
}

const settingsFile = (directory: string, at: number) =>
  join(directory, `Pulumi.${nameOf(at)}.yaml`);

function settingsOf(at: number): string {
  const config = {
    "apponly:displayName": `Exchange automation ${at}`,
    "apponly:workloads": ["exchange"],
    "apponly:directoryRoles": ["Exchange Administrator"],
    "apponly:certificates": [{ name: "2026-11", subject: "contoso.org", validityDays: 365 }],
  };
  return stringify({ config });
}

/** Makes the stacks in the backend: one by the CLI, of whose state the others have a copy. */
async function makeStacks(
  { toolchain }: Bench,
  { directory, environment }: MeasuredStack,
  count: number,
): Promise<void> {
  await promisify(execFile)(
    toolchain.pulumi.command,
    ["stack", "init", nameOf(0), "--non-interactive"],
    { cwd: directory, env: { ...process.env, ...environment } },
  );
  // What the CLI has added to the settings of the one, the others do not have.
  await writeFile(settingsFile(directory, 0), settingsOf(0));
  const states = join(directory, "backend/.pulumi/stacks/apponly");
  const state = await readFile(join(states, `${nameOf(0)}.json`), "utf8");
  for (let at = 1; at < count; at += 1) {
    await writeFile(join(states, `${nameOf(at)}.json`), state.replaceAll(nameOf(0), nameOf(at)));
  }
}

/** Leaves a stack's settings as `pulumi stack init` does, so that no preview of `pulumi` makes another key. */
async function saltSettings({ directory }: MeasuredStack, stack: string): Promise<void> {
  const backend = `file://${join(directory, "backend")}`;
  const salt = await saltInState({ ...findProject(directory), name: "apponly", backend }, stack);
  if (salt === undefined) {
    throw new Error(`The state of ${stack} has no salt.`);
  }
  await appendFile(join(directory, `Pulumi.${stack}.yaml`), `encryptionsalt: ${salt}\n`);
}

/** Runs the command in a process of its own, and tells what it took. */
async function command(
  { directory, environment }: MeasuredStack,
  args: readonly string[],
): Promise<{ seconds: number; peakMiB: number }> {
  const started = performance.now();
  const script = join(__dirname, "commandMemory.ts");
  const compiler = join(__dirname, "../bin/typescript.js");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--require", compiler, script, ...args],
    { cwd: directory, env: { ...process.env, ...environment }, maxBuffer: 256 * 1024 ** 2 },
  );
  const seconds = (performance.now() - started) / 1000;
  return { seconds, peakMiB: Number(stdout.trim().split("\n").at(-1)) };
}

/** Seconds of `pulumi preview`. */
async function plainPreview(
  { toolchain }: Bench,
  { directory, environment }: MeasuredStack,
  host: LanguageHost,
  stack: string,
): Promise<number> {
  const started = performance.now();
  await promisify(execFile)(
    toolchain.pulumi.command,
    ["preview", "--stack", stack, "--non-interactive"],
    {
      cwd: directory,
      env: { ...process.env, ...environment, ...host.environment },
      maxBuffer: 64 * 1024 ** 2,
    },
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${(error as { stdout?: string }).stdout ?? ""}`);
  });
  return (performance.now() - started) / 1000;
}
