/**
 * Runs one command of the CLI and prints, on a last line, how much memory this process took at most, in
 * mebibytes.
 *
 * Run by `fleet.ts`, with the command's arguments.
 */
import { run } from "../cli/command";
import { openIo } from "../cli/io";

void run(process.argv.slice(2), openIo(process)).then((code) => {
  process.stdout.write(`\n${Math.round(process.resourceUsage().maxRSS / 1024)}\n`, () =>
    process.exit(code),
  );
});
