/**
 * Renders Markdown with parsers that are not ours: each line on standard input, a JSON list of texts,
 * becomes a line with the list of their HTML, by parser, on standard output. A process of its own,
 * because the parsers are published as ES modules, which jest does not load.
 */
import { createInterface } from "node:readline";
import { onOneLine } from "./lineProcess";

/** The HTML of one text, by parser. */
export interface Rendered {
  readonly micromark: string;
  readonly marked: string;
  readonly markdownIt: string;
}

async function main(): Promise<void> {
  const [{ micromark }, { gfm, gfmHtml }, { Marked }, { default: MarkdownIt }] = await Promise.all([
    import("micromark"),
    import("micromark-extension-gfm"),
    import("marked"),
    import("markdown-it"),
  ]);
  const marked = new Marked({ gfm: true, async: false });
  const markdownIt = new MarkdownIt({ html: true, linkify: true });
  const render = (markdown: string): Rendered => ({
    micromark: micromark(markdown, {
      allowDangerousHtml: true,
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    }),
    marked: marked.parse(markdown) as string,
    markdownIt: markdownIt.render(markdown),
  });
  for await (const line of createInterface(process.stdin)) {
    const texts = JSON.parse(line) as string[];
    process.stdout.write(`${onOneLine(texts.map(render))}\n`);
  }
}

void main();
