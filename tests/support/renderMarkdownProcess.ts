/**
 * Renders Markdown with parsers that are not ours: a JSON list of texts on standard input becomes a
 * list of their HTML, by parser, on standard output. A process of its own, because the parsers are
 * published as ES modules, which jest does not load.
 */
import { text } from "node:stream/consumers";

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
  const texts = JSON.parse(await text(process.stdin)) as string[];
  const rendered = texts.map((markdown): Rendered => ({
    micromark: micromark(markdown, {
      allowDangerousHtml: true,
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    }),
    marked: marked.parse(markdown) as string,
    markdownIt: markdownIt.render(markdown),
  }));
  process.stdout.write(JSON.stringify(rendered));
}

void main();
