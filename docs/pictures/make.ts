/**
 * Makes the picture of a comment: `npm run picture`. With `--html` it only prints the
 * page, which a test compares with the one beside the picture.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "puppeteer-core";
import { commentPage } from "./comment";

async function main(): Promise<void> {
  const page = commentPage();
  if (process.argv.includes("--html")) {
    process.stdout.write(page);
    return;
  }
  const browser = await launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const tab = await browser.newPage();
    await tab.setViewport({ width: 842, height: 600, deviceScaleFactor: 1.25 });
    await tab.setContent(page);
    await tab.screenshot({ path: join(__dirname, "pull-request-comment.png"), fullPage: true });
  } finally {
    await browser.close();
  }
  await writeFile(join(__dirname, "pull-request-comment.html"), page);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
