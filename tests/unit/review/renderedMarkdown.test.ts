/**
 * What Markdown parsers that are not ours make of a review with hostile texts: the structure that
 * was meant, the texts as texts, and no link, image or markup of theirs. What the forges' own
 * renderers add, mentions and references, is looked for in what is left as plain text.
 */
import fc from "fast-check";
import { renderMarkdown, commentLimit } from "../../../review/render/markdown";

import { shortenText, visibleText } from "../../../system/visibleText";
import { MarkdownParsers } from "../../support/markdownRenderers";
import type { Rendered } from "../../support/renderMarkdownProcess";
import { changeWith, hostileReview, hostileTexts, reviewWith } from "./reviews";
import { anyText } from "../../support/anyText";

const parts = [
  ..."<>|`*_~[]()!#@&\\\"'=:;$%^{}-+. \n\t",
  "](",
  "<!--",
  "-->",
  "</code>",
  "</table>",
  "</details>",
  "<details open ontoggle=alert(1)>",
  "javascript:",
  "www.",
  "https://",
  "evil.example",
  "@octocat",
  "#123",
  "GH-7",
  "0123456789abcdef0123456789abcdef01234567",
  "&lt;",
  "&#x3c;",
  "\u202e",
  "\u200b",
  "\u001b[2J",
  "\u009b31m",
  "\u001b]0;title\u0007",
];
const samples = [
  ...hostileTexts,
  ...fc.sample(
    fc.array(fc.constantFrom(...parts), { maxLength: 14 }).map((list) => list.join("")),
    { numRuns: 250, seed: 20261124 },
  ),
  ...fc.sample(anyText({ maxLength: 50 }), { numRuns: 80, seed: 20261124 }),
];

const { changes, violations } = hostileReview("");
const rows = changes.length + violations.length;

const documents = samples.map((text) => renderMarkdown([hostileReview(text)]));
let rendered: Rendered[];

const parsers = new MarkdownParsers();

beforeAll(async () => {
  rendered = await parsers.render(documents);
});

afterAll(() => parsers.close());

/** Elements that a report has, however the parser writes them. */
const allowed =
  /<(?:\/?(?:h[23]|table|thead|tbody|tr|th|td|strong|code|p|blockquote|details|summary|ul|li)|br ?\/?)>|<!-- -->/g;

const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', amp: "&" };

const decoded = (html: string) =>
  html.replace(/&(?:#(\d+)|(lt|gt|quot|amp));/g, (_, code?: string, name = "") =>
    code === undefined ? (named[String(name)] ?? "") : String.fromCodePoint(Number(code)),
  );

const cellsOf = (html: string) =>
  [...html.matchAll(/<td>([\s\S]*?)<\/td>/g)].map(([, cell]) =>
    decoded((cell ?? "").replace(/<[^>]*>/g, "")),
  );

/** Runs of text between tags and comments, outside of code: where a forge looks for references. */
const plainRuns = (html: string) =>
  html
    .replace(/<code>[\s\S]*?<\/code>/g, "<>")
    .split(/<[^>]*>/)
    .map(decoded);

describe.each(["micromark", "marked", "markdownIt"] as const)("%s", (parser) => {
  it("makes of every text the structure that was meant, and nothing else", () => {
    for (const [index, all] of rendered.entries()) {
      const html = all[parser];
      const text = JSON.stringify(samples[index]);
      expect([text, html.replace(allowed, "").match(/[<>]/g)]).toEqual([text, null]);
      const count = (tag: string) => html.match(new RegExp(`<${tag}>`, "g"))?.length ?? 0;
      expect([text, ...["h2", "h3", "table", "tr", "td", "details"].map(count)]).toEqual([
        text,
        1,
        1,
        1,
        1 + rows,
        5 * rows,
        1,
      ]);
    }
  });

  it("shows every text as it is, with what cannot be seen written out", () => {
    for (const [index, all] of rendered.entries()) {
      const text = visibleText(samples[index] ?? "");
      const cut = (limit: number) => (text.trim() === "" ? "(empty)" : shortenText(text, limit));
      // The change is the last row but for the violations, which are milder.
      const [, what, whom] = cellsOf(all[parser]).slice(0, 5);
      const normal = (cell: string | undefined) => cell?.replace(/\u00a0/g, " ");
      expect(normal(what)).toBe(`adds directory role ${cut(160)}`);
      expect(normal(whom)).toBe(cut(100));
    }
  });

  it("leaves a forge nothing to make a mention, a reference or a link of", () => {
    const made: unknown[] = [];
    for (const [index, all] of rendered.entries()) {
      for (const run of plainRuns(all[parser])) {
        const found =
          /@[\w-]|#\d|\bGH-\d|![\d]|%\d|\bwww\.|:\/\/|\b[0-9a-f]{7,40}\b|:\w+:|\$\S/i.exec(run);
        if (found !== null) {
          made.push([samples[index], run, found[0]]);
        }
      }
    }
    expect(made).toEqual([]);
  });
});

it("is a test that notices: the same texts unescaped do all of that", async () => {
  const [raw] = await parsers.render([
    `| a |\n| - |\n| ${samples
      .slice(0, 25)
      .join(" ")
      .replace(/[\r\n|]/g, " ")} |\n`,
  ]);
  for (const html of Object.values(raw ?? {})) {
    expect(String(html)).toMatch(/<script>|<img/);
    expect(String(html)).toMatch(/<a href="(https?:\/\/)?(www\.)?evil/);
  }
});

it("stays whole at the limit of a comment", async () => {
  const reviews = Array.from({ length: 400 }, (_, index) =>
    reviewWith(
      [
        changeWith({ subject: samples[index % samples.length] ?? "", risk: "high" }),
        ...(index % 10 === 0 ? [changeWith({ target: `Job ${index}` })] : []),
      ],
      { tenant: `tenant${index}.onmicrosoft.com`, stack: `stack${index}` },
    ),
  );
  const markdown = renderMarkdown(reviews);
  expect(markdown.length).toBeLessThanOrEqual(commentLimit);
  const [result] = await parsers.render([markdown]);
  for (const html of Object.values(result ?? {}).map(String)) {
    const count = (pattern: RegExp) => html.match(pattern)?.length ?? 0;
    expect(count(/<tr>\s*<td><strong>critical<\/strong><\/td>/g)).toBe(40);
    // One of all stacks, one for each heading, and one for each fold below it.
    const folds = count(/<summary>Below critical/g);
    expect(folds).toBeGreaterThan(0);
    expect(count(/<table>/g)).toBe(1 + count(/<h3>/g) + folds);
    expect(count(/<td>/g)).toBe(5 * (count(/<tr>/g) - count(/<table>/g)));
  }
});

it("stays whole where even the critical changes are more than a comment can name", async () => {
  const reviews = Array.from({ length: 6000 }, (_, index) =>
    reviewWith([changeWith({ subject: `${samples[index % samples.length] ?? ""} ${index}` })], {
      tenant: `${samples[index % samples.length] ?? ""}${index}.example`,
    }),
  );
  const markdown = renderMarkdown(reviews);
  expect(markdown.length).toBeLessThanOrEqual(commentLimit);
  expect(markdown).toContain("6000 critical");
  expect(markdown).toContain("The list below is not whole.");
  const [result] = await parsers.render([markdown]);
  for (const html of Object.values(result ?? {}).map(String)) {
    expect(html.replace(allowed, "").replace(/<\/?(pre|code)[^<>]*>/g, "")).not.toMatch(/[<>]/);
    expect(html.match(/<pre>/g)).toHaveLength(1);
  }
});
