import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { throughCompiler } from "./compiler";
import type { BrowserOutcome, BrowserPage } from "./browserProcess";
import type { FoundTool, Tool } from "./externalTools";

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

/** Opens pages in the browser, one after the other. */
export function openInBrowser(
  { command }: FoundTool,
  pages: readonly BrowserPage[],
): BrowserOutcome[] {
  const path = command.includes("/")
    ? command
    : spawnSync("sh", ["-c", `command -v ${command}`], { encoding: "utf8" }).stdout.trim();
  const script = join(__dirname, "browserProcess.ts");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...throughCompiler, script, path],
    { input: JSON.stringify(pages), encoding: "utf8", maxBuffer: 1 << 30 },
  );
  if (status !== 0) {
    throw new Error(`The browser ended with ${status}: ${stderr}`);
  }
  return JSON.parse(stdout) as BrowserOutcome[];
}
