import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Argument, Command } from "@commander-js/extra-typings";
import type { Io } from "../../io";

/** Ends of the files beside this one that hold the scripts. */
const scriptEndings = { bash: "bash", zsh: "zsh", fish: "fish", powershell: "ps1" } as const;
const shells = Object.keys(scriptEndings) as (keyof typeof scriptEndings)[];

/**
 * Makes `apponly completion`, which prints the script of a shell. Each hands the words of a line to
 * `apponly complete` and offers what it answers; none of them evaluates what is typed.
 */
export const completionCommand = (io: Io) =>
  new Command()
    .addArgument(new Argument("<shell>", "shell that reads the script").choices(shells))
    .action(async (shell) => {
      await io.out(await readFile(join(__dirname, `completion.${scriptEndings[shell]}`), "utf8"));
    });
