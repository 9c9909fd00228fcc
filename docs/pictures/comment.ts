import { readFileSync } from "node:fs";
import { join } from "node:path";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { renderPullRequest } from "../../review/render/pullRequest";
import { gate } from "../../review/gate";
import { parsePreviewText } from "../../review/input/previewText";
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

/**
 * The page that the picture in docs/how-to/review-pull-requests.md is taken of: a comment as the
 * code renders it now, of a recorded preview, through a Markdown parser that is not ours.
 */
export function commentPage(): string {
  const found = review(parsePreviewText(readFileSync(recorded, "utf8")), {
    stack: "contoso",
    now: new Date("2026-11-25T12:00:00Z"),
  });
  const markdown = renderPullRequest({
    outcomes: [{ stack: "contoso", review: found }],
    removed: [],
    code: [],
    verdict: gate([found], "high"),
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
