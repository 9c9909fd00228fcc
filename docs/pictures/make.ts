/**
 * Makes the pictures of what people see: `npm run picture`. With `--html` it only prints the pages as
 * JSON, which a test compares with those beside the pictures.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "puppeteer-core";
import { picturePages } from "./pages";

async function main(): Promise<void> {
  const pages = picturePages();
  if (process.argv.includes("--html")) {
    process.stdout.write(JSON.stringify(pages));
    return;
  }
  const browser = await launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const tab = await browser.newPage();
    for (const [name, page] of Object.entries(pages)) {
      const width = name === "review-page" ? 1200 : 842;
      await tab.setViewport({ width, height: 100, deviceScaleFactor: 1.25 });
      await tab.setContent(page);
      await tab.screenshot({ path: join(__dirname, `${name}.png`), fullPage: true });
      await writeFile(join(__dirname, `${name}.html`), page);
    }
  } finally {
    await browser.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
