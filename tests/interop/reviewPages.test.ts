/**
 * The page of a review, and its Markdown as other parsers render it, opened in a real browser with
 * hostile texts in every place: nothing runs, nothing is asked for, and no link leads elsewhere.
 * Once as it is, and once without its content security policy, so that only escaping protects.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderHtml } from "../../review/render/html";
import { renderMarkdown } from "../../review/render/markdown";
import { visibleText } from "../../system/visibleText";
import { Browser, findBrowser } from "../support/browser";
import { describeWithTool } from "../support/externalTools";
import { MarkdownParsers } from "../support/markdownRenderers";
import { changeWith, hostileReview, hostileTexts, reviewWith } from "../unit/review/reviews";

/** Texts that run in a browser that takes them for markup. */
const payloads = [
  "<script>window.executed = 1</script>",
  "<img src=x onerror='window.executed = 1'>",
  '"><svg/onload="window.executed=1">',
  "'><body onload='window.executed=1'>",
  "<details open ontoggle='window.executed=1'>",
  "<iframe srcdoc='<script>parent.executed=1</script>'></iframe>",
  "<a href='javascript:window.executed=1'>click</a>",
  "</style><script>alert(1)</script>",
  "</title><script>alert(1)</script>",
  "</code></td></table><script>alert(1)</script>",
  "</bdi></code><img src='https://evil.example/beacon.png'>",
  "<link rel=stylesheet href='https://evil.example/x.css'>",
  "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
  "<base href='https://evil.example/'>",
  "<form action='https://evil.example/'><button>go</button></form>",
  '" onmouseover="window.executed=1" x="',
  "<!--><script>window.executed=1</script>-->",
  "]]><script>window.executed=1</script>",
  '<math><mi//xlink:href="data:x,<script>window.executed=1</script>">',
  "\u0000<script\u0000>window.executed=1</script>",
];
const texts = [...payloads, ...hostileTexts];
const sources = "https://learn.microsoft.com/";

describeWithTool("in a browser", findBrowser(), (found) => {
  const browser = new Browser(found);
  const parsers = new MarkdownParsers();

  afterAll(() => {
    browser.close();
    parsers.close();
  });

  test("the harness notices what runs and what is asked for", async () => {
    const [run, asked, ...raw] = await browser.openPages([
      { html: "<p>x</p><script>window.executed = 1</script>" },
      { html: "<img src='https://evil.example/beacon.png'>" },
      ...payloads.slice(0, 6).map((html) => ({ html: `<p title="${html}">${html}</p>` })),
    ]);
    expect(run?.executed).toBe(true);
    expect(asked?.requests).toEqual(["https://evil.example/beacon.png"]);
    // The payloads themselves are alive where they are not escaped.
    expect(raw.filter(({ executed }) => executed).length).toBeGreaterThan(4);
  });

  test("the page runs nothing, asks for nothing and shows every text, also without its policy", async () => {
    const html = renderHtml(texts.map(hostileReview));
    const ways = [false, true].map((withoutPolicy) => ({ html, withoutPolicy, texts: "h2" }));
    for (const page of await browser.openPages(ways)) {
      expect(page).toMatchObject({ executed: false, requests: [], errors: [], active: [] });
      expect(page.links).toEqual([]);
      expect([...page.texts].sort()).toEqual(texts.map(visibleText).sort());
    }
  });

  test("the page links only to its sources, and fits a window", async () => {
    const reviews = texts.map((subject) => reviewWith([changeWith({ subject })]));
    const html = renderHtml(reviews);
    const widths = [1200, 480].map((width) => ({ html, width }));
    for (const page of await browser.openPages(widths)) {
      expect(page.links.length).toBe(reviews.length);
      expect(page.links.filter((link) => !link.startsWith(sources))).toEqual([]);
      expect(page.overflow).toBeLessThanOrEqual(0);
    }
  });

  test("the comment on a pull request over forty tenants fits three screens", async () => {
    const comment = readFileSync(join(__dirname, "../fixtures/comments/fortyTenants.md"), "utf8");
    const [rendered] = await parsers.render([comment]);
    // As large as GitHub shows a comment.
    const style =
      "body{width:780px;font:14px/1.5 sans-serif}td,th{padding:6px 13px;border:1px solid}code{font-size:12px}";
    const use =
      "document.querySelectorAll('details').forEach((one) => (one.open = false)), document.documentElement.scrollHeight";
    for (const body of Object.values(rendered ?? {}).map(String)) {
      const html = `<!doctype html><meta charset="utf-8"><style>${style}</style><body>${body}</body>`;
      const [page] = await browser.openPages([{ html, use }]);
      expect(page?.used).toBeLessThan(3 * 1080);
      expect(page?.used).toBeGreaterThan(1080);
    }
  });

  test("the Markdown, rendered by parsers that harden nothing, runs nothing either", async () => {
    const dozens = Array.from({ length: Math.ceil(texts.length / 12) }, (_, index) =>
      texts.slice(index * 12, index * 12 + 12),
    );
    const rendered = await parsers.render(
      dozens.map((some) => renderMarkdown(some.map(hostileReview))),
    );
    const pages = rendered
      .flatMap((all) => Object.values(all).map(String))
      .map((body) => ({ html: `<!doctype html><meta charset="utf-8"><body>${body}</body>` }));
    for (const page of await browser.openPages(pages)) {
      expect(page).toMatchObject({ executed: false, requests: [], active: [], links: [] });
    }
  });
});
