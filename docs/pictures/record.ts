/**
 * Records docs/how-to/try.md: `npm run recording`. Each shell block is typed into a terminal of 80
 * columns, in a clone beside this checkout's packages, and what the terminal then shows is written
 * into the block behind it. Questions are answered with yes. Needs tmux.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../..");
const page = join(root, "docs/how-to/try.md");

/** A terminal in which one command is typed after the other. */
class Terminal {
  private readonly socket: string;

  constructor(folder: string) {
    this.socket = join(folder, "tmux");
    const shell = "env PS1='$ ' sh";
    this.tmux("new-session", "-d", "-x", "80", "-y", "200", "-c", join(folder, "apponly"), shell);
  }

  private tmux(...args: string[]): string {
    return execFileSync("tmux", ["-S", this.socket, ...args], { encoding: "utf8" });
  }

  private screen(): string[] {
    const lines = this.tmux("capture-pane", "-p").split("\n");
    return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
  }

  /** What the terminal shows of a command, from the line below it. */
  async type(command: string): Promise<string> {
    this.tmux("send-keys", "clear", "Enter");
    await this.waitUntil((lines) => lines.length === 1);
    this.tmux("send-keys", "-l", command);
    this.tmux("send-keys", "Enter");
    const shown = await this.waitUntil(
      (lines) => lines.length > 1 && /^\$ ?$/.test(lines.at(-1) ?? ""),
    );
    return shown.slice(1, -1).join("\n").trim();
  }

  private async waitUntil(isReached: (lines: string[]) => boolean): Promise<string[]> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const lines = this.screen();
      if (isReached(lines)) {
        return lines;
      }
      if (/\(yes or no\) ?$/.test(lines.at(-1) ?? "")) {
        this.tmux("send-keys", "yes", "Enter");
      }
    }
  }

  close(): void {
    this.tmux("kill-server");
  }
}

async function record(folder: string): Promise<string> {
  const clone = join(folder, "apponly");
  execFileSync("git", ["clone", "--quiet", root, clone]);
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  const settings = join(clone, "Pulumi.dev.yaml");
  const terminal = new Terminal(folder);
  try {
    const parts = readFileSync(page, "utf8").split(/(?<=```sh\n)([^`]+)(?=```\n\n```text\n)/);
    for (let at = 1; at < parts.length; at += 2) {
      if ((parts[at - 1] ?? "").includes("```yaml")) {
        writeFileSync(
          settings,
          readFileSync(settings, "utf8").replace(
            "    - Exchange Administrator\n",
            "$&    - Compliance Administrator\n",
          ),
        );
      }
      const shown = await terminal.type((parts[at] ?? "").trim());
      parts[at + 1] = (parts[at + 1] ?? "").replace(
        /(?<=^```\n\n```text\n)[\s\S]*?(?=```\n)/,
        () => `${shown}\n`,
      );
    }
    return parts.join("");
  } finally {
    terminal.close();
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "apponly-recording-"));
  try {
    writeFileSync(page, await record(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
