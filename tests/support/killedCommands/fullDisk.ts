/**
 * Runs `start`, `up`, `rotate` and `export` on a disk that is full but for so many kilobytes, and again
 * once there is space, and prints one line of JSON for each. Ends with 1 where a command did not say
 * so, left a file that is not whole, or did not go on.
 *
 * `--folder FOLDER`: an empty folder on a small file system of its own, for example
 * `mount -t tmpfs -o size=64m tmpfs FOLDER`. `--command NAME`, as often as given, takes only these;
 * `--kilobytes N`, as often as given, is what is free.
 */
import { readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { startJourney } from "../journey";
import { commandsOn, filesIn, type Killed, runAgain } from "./commands";

const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: "string" },
      command: { type: "string", multiple: true },
      kilobytes: {
        type: "string",
        multiple: true,
        default: ["0", "4", "16", "32", "64", "96", "128", "192", "256", "384", "512"],
      },
    },
  });
  const folder = values.folder ?? "";
  process.env.TMPDIR = folder;
  const journey = await startJourney();
  const commands = Object.entries(await commandsOn(journey));
  let [runs, bad] = [0, 0];
  for (const [name, command] of commands) {
    if (values.command?.includes(name) === false) {
      continue;
    }
    for (const kilobytes of values.kilobytes) {
      const line = await runOnFullDisk(folder, command, Number(kilobytes));
      runs += 1;
      bad += line.bad.length === 0 ? 0 : 1;
      print({ command: name, kilobytes, ...line });
    }
  }
  await journey.close();
  print({ runs, bad });
  process.exit(bad === 0 ? 0 : 1);
}

async function runOnFullDisk(folder: string, command: Killed, kilobytes: number) {
  await command.prepare();
  const filler = join(folder, "filler");
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - kilobytes * 1024)));
  const full = await runAgain(command);
  rmSync(filler);
  const said = full.stderr.replace(/^[✓✗].*$/gm, "").trim();
  const damaged = filesIn(folder).filter((file) => !isWhole(file));
  const again = await runAgain(command);
  const bad = [
    ...(full.code === 0 || /no space|does not fit/i.test(said) ? [] : ["does not say why"]),
    ...(/^\s+at .*:\d+:\d+/m.test(said) ? ["a stack trace"] : []),
    ...damaged.map((file) => `${file} is not whole`),
    ...(again.code === 0 ? [] : [`ended with ${again.code}: ${again.stderr.slice(-600)}`]),
    ...(again.code === 0 ? command.leftovers() : []),
  ];
  return { code: full.code, said: full.code === 0 ? "" : said.slice(-700), bad };
}

/**
 * Whether a file that is read again is whole. Pulumi writes a stack's file, and what it keeps beside it,
 * in the place of good ones: the next run has to find an earlier one.
 */
function isWhole(file: string): boolean {
  if (file.includes("/.pulumi/stacks/")) {
    return true;
  }
  const text = readFileSync(file, "utf8");
  try {
    if (/\.json$/.test(file)) {
      JSON.parse(text);
    } else if (/Pulumi\.[^/]*yaml$/.test(file)) {
      return typeof parse(text) === "object";
    }
    return true;
  } catch {
    return false;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? ""}\n`);
  process.exit(1);
});
