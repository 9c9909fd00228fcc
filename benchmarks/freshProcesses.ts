import { execFile } from "node:child_process";
import { copyFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { findOnPath, thisMachine } from "../toolchain/machine";
import { findLanguageHost } from "./languageHost";
import { type Bench, type MeasuredStack, measuredStack, median, preload } from "./measuredStack";
import { terraformProgram } from "./terraformProgram";

const root = dirname(__dirname);

/** What is done to a tenant that has nothing, in this order. */
const steps = ["preview", "up", "preview without a change", "destroy"] as const;
type Step = (typeof steps)[number];

interface Taken {
  readonly seconds: number;
  readonly requests: number;
}

/** One of what is compared. */
interface Contender {
  readonly name: string;
  /** Arguments of its program by step. */
  readonly args: Readonly<Record<Step, readonly string[]>>;
  readonly command: string;
  /** Variables besides those of the stack. */
  readonly environment: Readonly<Record<string, string>>;
  /** Writes what it runs into the stack's folder. */
  prepare(place: MeasuredStack): Promise<void>;
}

/** More take long, and the ratio of a round is what counts. */
const mostRounds = 5;

/**
 * What a person waits for who types `pulumi preview`, `up` and `destroy`: each in processes of its own, by
 * a language host, against a flat program of the same resources, an empty program and, where the machine
 * has it with its providers, Terraform. In turn within each round, on a tenant of their own.
 *
 * @returns A section for the report, as lines of Markdown.
 */
export async function freshProcesses(bench: Bench): Promise<string[]> {
  const host = findLanguageHost(bench);
  const terraform = await findTerraform(bench);
  if (typeof host === "string") {
    return [`In processes of their own nothing was measured: ${host}.`, ""];
  }
  const contenders = [
    ...Object.entries(programs).map(([name, source]) => pulumi(bench, name, source, host)),
    ...(typeof terraform === "string" ? [] : [terraform]),
  ];
  const taken = new Map(contenders.map(({ name }) => [name, [] as Record<Step, Taken>[]]));
  const rounds = Math.min(bench.rounds, mostRounds);
  for (let round = 0; round <= rounds; round += 1) {
    // Whoever goes first finds colder caches, so each is first in turn.
    const first = round % contenders.length;
    for (const one of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const measured = await run(bench, one, round);
      // The first round warms caches up and is not counted.
      if (round > 0) {
        taken.get(one.name)?.push(measured);
      }
    }
    bench.progress(`fresh processes, round ${round} of ${rounds}\n`);
  }
  const without = typeof terraform === "string" ? ` Terraform was not measured: ${terraform}.` : "";
  return [
    `As a person runs it, each step in processes of its own, ${rounds} rounds; the program by ${host.name}. The flat program is TypeScript that Pulumi compiles, as in most projects; compiled, it is kept between runs as this project's is. A ratio is the median of the rounds' ratios (aims: at most 1.0 of the flat program for a preview, 1.05 for an update; a preview at most twice Terraform's plan, a destroy half of Terraform's). Only official plugins wait for the tenant, as Terraform's provider does.${without}`,
    "",
    `| step | ${contenders.map(({ name }) => name).join(" | ")} | component : flat | component : flat, compiled |${typeof terraform === "string" ? "" : " component : Terraform |"}`,
    `|---|${"---|".repeat(contenders.length + (typeof terraform === "string" ? 2 : 3))}`,
    ...steps.map((step) => row(step, taken)),
    "",
  ];
}

function row(step: Step, taken: ReadonlyMap<string, Record<Step, Taken>[]>): string {
  const roundsOf = (name: string) => (taken.get(name) ?? []).map((round) => round[step]);
  const ratio = (other: string) =>
    median(
      roundsOf("component").map(
        ({ seconds }, at) => seconds / (roundsOf(other)[at]?.seconds ?? Number.NaN),
      ),
    ).toFixed(2);
  const cells = [...taken.keys()].map((name) => {
    const requests = median(roundsOf(name).map((one) => one.requests));
    return `${median(roundsOf(name).map(({ seconds }) => seconds)).toFixed(2)} s, ${requests} requests`;
  });
  const others = ["flat", "flat, compiled", "Terraform"].filter((name) => taken.has(name));
  return `| ${[step, ...cells, ...others.map(ratio)].join(" | ")} |`;
}

async function run(bench: Bench, one: Contender, round: number): Promise<Record<Step, Taken>> {
  const place = await measuredStack(
    bench,
    `fresh-${one.name.toLowerCase().replaceAll(/\W+/g, "-")}${round}`,
  );
  await one.prepare(place);
  const taken: Partial<Record<Step, Taken>> = {};
  for (const step of steps) {
    bench.simulator.journal.clear();
    const begun = performance.now();
    await start(one.command, one.args[step], place, one.environment);
    const seconds = (performance.now() - begun) / 1000;
    taken[step] = { seconds, requests: bench.simulator.journal.entries().length };
  }
  await place.remove();
  return taken as Record<Step, Taken>;
}

async function start(
  command: string,
  args: readonly string[],
  { directory, environment }: MeasuredStack,
  added: Readonly<Record<string, string>>,
): Promise<void> {
  await promisify(execFile)(command, args, {
    cwd: directory,
    env: { ...process.env, ...environment, ...added },
    maxBuffer: 64 * 1024 ** 2,
  }).catch((error: unknown) => {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")}: ${stderr}${stdout}`);
  });
}

const flatSource = join(root, "benchmarks/flatProgram.ts");

/** What `index.js` of each program is. */
const programs = {
  component: `module.exports = require(${JSON.stringify(join(root, "program.js"))});\n`,
  flat: 'module.exports = require("./flatProgram.ts").flatProgram;\n',
  "flat, compiled": `require(${JSON.stringify(join(root, "bin/typescript.js"))});\nmodule.exports = require(${JSON.stringify(flatSource)}).flatProgram;\n`,
  empty: "module.exports = {};\n",
};

/** As `pulumi new` writes it, of what TypeScript 6 still has. */
const compilerOptions = {
  strict: true,
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  types: ["node"],
};

function pulumi(
  { toolchain }: Bench,
  name: string,
  source: string,
  { environment }: { readonly environment: Readonly<Record<string, string>> },
): Contender {
  const common = ["--stack", "dev", "--non-interactive"];
  return {
    name,
    command: toolchain.pulumi.command,
    environment,
    args: {
      preview: ["preview", ...common],
      up: ["up", "--yes", "--skip-preview", ...common],
      "preview without a change": ["preview", "--expect-no-changes", ...common],
      destroy: ["destroy", "--yes", "--skip-preview", ...common],
    },
    async prepare(place) {
      await writeFile(join(place.directory, "index.js"), source);
      await symlink(join(root, "node_modules"), join(place.directory, "node_modules"));
      // The flat one is TypeScript that Pulumi compiles, as in most projects.
      if (name === "flat") {
        await copyFile(flatSource, join(place.directory, "flatProgram.ts"));
        await writeFile(
          join(place.directory, "tsconfig.json"),
          JSON.stringify({ compilerOptions }),
        );
      }
      const options = {
        typescript: name === "flat",
        ...(name === "component" ? { nodeargs: preload } : {}),
      };
      const runtime = { name: "nodejs", options };
      await writeFile(
        join(place.directory, "Pulumi.yaml"),
        stringify({ name: "apponly", runtime, main: "index.js" }),
      );
      await start(
        toolchain.pulumi.command,
        ["stack", "init", "dev", "--non-interactive"],
        place,
        {},
      );
    },
  };
}

/** Terraform, or OpenTofu, where it can install the providers; else why not. */
async function findTerraform(bench: Bench): Promise<Contender | string> {
  const command = ["terraform", "tofu"].map((name) => findOnPath(thisMachine, name)).find(Boolean);
  if (command === undefined) {
    return "it is not on PATH";
  }
  const one: Contender = {
    name: "Terraform",
    command,
    environment: {},
    args: {
      preview: ["plan", "-input=false"],
      up: ["apply", "-input=false", "-auto-approve"],
      "preview without a change": ["plan", "-input=false", "-detailed-exitcode"],
      destroy: ["destroy", "-input=false", "-auto-approve"],
    },
    async prepare(place) {
      await writeFile(join(place.directory, "main.tf"), terraformProgram);
      await start(command, ["init", "-input=false"], place, {});
    },
  };
  const place = await measuredStack(bench, "terraform");
  try {
    await one.prepare(place);
    return one;
  } catch (error) {
    const said = /\bError: ([^\n]+)/.exec((error as Error).message)?.[1] ?? "it says no more";
    return `its providers cannot be installed here (${said.trim()})`;
  } finally {
    await place.remove();
  }
}
