/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Opens pages in a real browser and tells what came of it: each line on standard input, a JSON list
 * of pages, becomes a line of outcomes on standard output. A process of its own, because puppeteer
 * is published as ES modules, which jest does not load.
 */
import { createInterface } from "node:readline";
import { onOneLine } from "./lineProcess";

/** What is opened. */
export interface BrowserPage {
  readonly html: string;
  /** Whether the page's own content security policy is left out, so that only escaping protects. */
  readonly withoutPolicy?: boolean;
  /** Selectors of elements whose text is wanted. */
  readonly texts?: string;
  /** File for a picture of the whole page, PNG. */
  readonly picture?: string;
  readonly width?: number;
  readonly dark?: boolean;
  /** Expression that the page works out once it is open: whoever uses it clicks and types there. */
  readonly use?: string;
}

/** What came of it. */
export interface BrowserOutcome {
  /** Whether a text has run: `alert` was called, or `window.executed` was set. */
  readonly executed: boolean;
  /** Addresses asked for besides the page itself. */
  readonly requests: readonly string[];
  /** Messages of the console that are errors, such as refusals by the policy. */
  readonly errors: readonly string[];
  /** Addresses of links and forms, and elements that could act. */
  readonly links: readonly string[];
  readonly active: readonly string[];
  readonly texts: readonly string[];
  /** Columns by which the page is wider than the window. */
  readonly overflow: number;
  /** What {@link BrowserPage.use} came to. */
  readonly used?: unknown;
}

async function main(executablePath: string): Promise<void> {
  const { launch } = await import("puppeteer-core");
  const browser = await launch({
    executablePath,
    // Containers run as root and without user namespaces; nothing but these pages is opened.
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"],
  });
  try {
    for await (const line of createInterface(process.stdin)) {
      const outcomes: BrowserOutcome[] = [];
      for (const page of JSON.parse(line) as BrowserPage[]) {
        outcomes.push(await openPage(await browser.newPage(), page));
      }
      process.stdout.write(`${onOneLine(outcomes)}\n`);
    }
  } finally {
    await browser.close();
  }
}

async function openPage(
  tab: import("puppeteer-core").Page,
  wanted: BrowserPage,
): Promise<BrowserOutcome> {
  const requests: string[] = [];
  const errors: string[] = [];
  let dialogs = 0;
  const address = "https://review.invalid/";
  await tab.setViewport({ width: wanted.width ?? 1200, height: 900 });
  await tab.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: wanted.dark === true ? "dark" : "light" },
  ]);
  await tab.setBypassCSP(wanted.withoutPolicy ?? false);
  await tab.setRequestInterception(true);
  tab.on("request", (request) => {
    if (request.url() === address) {
      void request.respond({ contentType: "text/html; charset=utf-8", body: wanted.html });
    } else if (request.url() === `${address}favicon.ico`) {
      // The browser's own wish.
      void request.respond({ status: 204 });
    } else {
      requests.push(request.url());
      void request.abort();
    }
  });
  tab.on("console", (message) => {
    if (message.type() === "error") {
      errors.push(message.text());
    }
  });
  tab.on("pageerror", (error) => errors.push(String(error)));
  tab.on("dialog", (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  await tab.goto(address, { waitUntil: "load" });
  // Without named functions inside, which the transpiler would wrap in a helper of its own.
  // Handlers that wait for an interaction get one, and folded parts are opened.
  const found = await tab.evaluate((selector) => {
    for (const details of document.querySelectorAll("details")) {
      details.open = true;
    }
    for (const element of document.querySelectorAll("*")) {
      for (const type of ["mouseover", "focus", "toggle"]) {
        element.dispatchEvent(new Event(type));
      }
    }
    const handlers = [...document.querySelectorAll("*")].filter((one) =>
      [...one.attributes].some(({ name }) => name.startsWith("on")),
    );
    const elements = "script,img,svg,iframe,object,embed,form,input,button,base,link,video,audio";
    return {
      links: ["href", "src", "action", "formaction"].flatMap((name) =>
        [...document.querySelectorAll(`[${name}]`)].map((one) => one.getAttribute(name) ?? ""),
      ),
      active: [...document.querySelectorAll(elements), ...handlers].map((one) => one.outerHTML),
      texts:
        selector === ""
          ? []
          : [...document.querySelectorAll(selector)].map((one) => one.textContent ?? ""),
      overflow: document.documentElement.scrollWidth - window.innerWidth,
    };
  }, wanted.texts ?? "");
  await new Promise((resolve) => setTimeout(resolve, 50));
  const marked = await tab.evaluate(
    () => (window as { executed?: unknown }).executed !== undefined,
  );
  const used = wanted.use === undefined ? undefined : await tab.evaluate(wanted.use);
  if (wanted.picture !== undefined) {
    await tab.screenshot({ path: wanted.picture, fullPage: true });
  }
  await tab.close();
  return { executed: marked || dialogs > 0, requests, errors, ...found, used };
}

main(process.argv[2] ?? "").then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
