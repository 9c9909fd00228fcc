import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { throughCompiler } from "./compiler";
import type { BrowserOutcome, BrowserPage } from "./browserProcess";
import type { FoundTool, Tool } from "./externalTools";
import { LineProcess, onOneLine } from "./lineProcess";

/** Chromium or Chrome, or any browser that `CHROME_PATH` names. */
export function findBrowser(): Tool {
  const commands = [
    ...(process.env.CHROME_PATH ? [process.env.CHROME_PATH] : []),
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  for (const command of commands) {
    const { status, stdout } = spawnSync(command, ["--version"], {
      encoding: "utf8",
      timeout: 60_000,
    });
    if (status === 0) {
      return { command, version: stdout.trim() };
    }
  }
  return {
    missing: "no Chromium on the PATH and none in CHROME_PATH",
    install: "apt-get install chromium, brew install --cask google-chrome",
  };
}

/** A browser that opens pages one after the other, started for the first of them. */
export class Browser {
  private readonly browser: LineProcess;

  constructor({ command }: FoundTool) {
    const path = command.includes("/")
      ? command
      : spawnSync("sh", ["-c", `command -v ${command}`], { encoding: "utf8" }).stdout.trim();
    const script = join(__dirname, "browserProcess.ts");
    this.browser = new LineProcess(process.execPath, [...throughCompiler, script, path]);
  }

  async openPages(pages: readonly BrowserPage[]): Promise<BrowserOutcome[]> {
    const outcomes = JSON.parse(await this.browser.ask(onOneLine(pages))) as BrowserOutcome[];
    // Whoever looks at one after the other would not notice that one is missing.
    expect(outcomes).toHaveLength(pages.length);
    return outcomes;
  }

  close(): void {
    this.browser.close();
  }
}
