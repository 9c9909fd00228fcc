import { readFileSync } from "node:fs";
import { join } from "node:path";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { renderPullRequest } from "../../review/render/pullRequest";
import { gate } from "../../review/gate";
import { parsePreviewText } from "../../review/input/previewText";
import { renderHtml } from "../../review/render/html";
import { renderTerminal } from "../../review/render/terminal";
import { review } from "../../review/review";

/** A preview that the real engine made, recorded for the tests of the review. */
const recorded = join(__dirname, "../../tests/fixtures/previews/3.259.0/update.ndjson");

/** Neutral, and of the width of a comment on a pull request. */
const style = `
body { margin: 0; padding: 20px; background: #fff; color: #1f2328; font: 14px/1.5 "Liberation Sans", Arial, sans-serif; }
main { width: 800px; border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden; }
header { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: 8px 16px; color: #59636e; }
header b { color: #1f2328; }
article { padding: 16px; }
h2 { font-size: 1.5em; margin: 0 0 12px; padding-bottom: 6px; border-bottom: 1px solid #d1d9e0; }
h3 { font-size: 1.15em; margin: 20px 0 12px; }
p { margin: 0 0 12px; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #d1d9e0; padding: 6px 10px; text-align: left; vertical-align: top; }
tr:nth-child(2n) td { background: #f6f8fa; }
code { background: #eff1f3; border-radius: 4px; padding: 1px 5px; font: 12px "Liberation Mono", monospace; }
details { margin-top: 12px; } sub { color: #59636e; } a { color: #0969da; }
`;

const reviewShown = () =>
  review(parsePreviewText(readFileSync(recorded, "utf8")), {
    stack: "contoso",
    now: new Date("2026-11-25T12:00:00Z"),
  });

/**
 * The pages that the pictures are taken of, by the name of the picture: what the code renders now of a
 * recorded preview.
 */
export function picturePages(): Readonly<Record<string, string>> {
  return {
    "pull-request-comment": commentPage(),
    "terminal-review": terminalPage(),
    "review-page": renderHtml([reviewShown()]),
  };
}

/** A comment on a pull request, through a Markdown parser that is not ours. */
function commentPage(): string {
  const markdown = renderPullRequest({
    outcomes: [{ stack: "contoso", review: reviewShown() }],
    removed: [],
    code: [],
    verdict: gate([reviewShown()], "high"),
    failOn: "high",
    head: "8f3c1a7d5e2b4096a1c8d7e6f5b4a39281706f5e",
    runUrl: "https://github.com/contoso/access/actions/runs/100",
  });
  const comment = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>A review on a pull request</title>
<style>${style}</style>
<main>
<header><b>github-actions</b> commented</header>
<article>
${comment}
</article>
</main>
</html>
`;
}

/** What the codes of a terminal mean, as the review uses them. */
const codes: Readonly<Record<string, string>> = {
  1: "font-weight: bold",
  2: "opacity: .65",
  31: "color: #ff7b72",
  32: "color: #7ee787",
  33: "color: #e3b341",
  34: "color: #79c0ff",
  35: "color: #d2a8ff",
  36: "color: #76e3ea",
};

/** A review in a terminal of 100 columns. */
function terminalPage(): string {
  const text = renderTerminal([reviewShown()], { colour: true, width: 100 });
  const shown = text
    .replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`)
    // The end of one code ends all: they are nested, and each is opened before its text.
    .replace(/\u001b\[(\d+)m/g, (_, code: string) =>
      code in codes ? `<span style="${codes[code] ?? ""}">` : "</span>",
    );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>A review in a terminal</title>
<style>body { margin: 0; background: #0d1117; color: #e6edf3; } pre { margin: 0; padding: 20px; font: 13px/1.45 "Liberation Mono", monospace; }</style>
<pre><span style="${codes[2] ?? ""}">$</span> apponly review --stack contoso
${shown}</pre>
</html>
`;
}
