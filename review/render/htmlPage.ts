import { createHash } from "node:crypto";
import { visibleText } from "../../system/visibleText";

/** What a page is made with besides its content. */
export interface PageParts {
  /** Plain text that holds nothing out of a stack. */
  readonly title: string;
  readonly style: string;
  /** The page's own program; a page without one runs nothing. */
  readonly script?: string;
}

/**
 * One HTML page that needs nothing else. Its policy lets in its own style sheet and program, each by
 * its hash, and no request.
 *
 * @param content Parts of the body, as HTML.
 * @see https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP
 */
export function htmlPage(
  { title, style, script }: PageParts,
  ...content: readonly string[]
): string {
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    ...(script === undefined ? [] : [`script-src '${hashOf(script)}'`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    "<main>",
    ...content,
    "</main>",
    ...(script === undefined ? [] : [`<script>${script}</script>`]),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function hashOf(content: string): string {
  return `sha256-${createHash("sha256").update(content).digest("base64")}`;
}

/** A text as HTML, in an element or a quoted attribute; what cannot be seen is written out. */
export function escapedHtml(text: string): string {
  return visibleText(text).replace(/[&<>"'`=]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Set apart from the text around it, so that right-to-left letters cannot move that. */
export function codeOf(text: string): string {
  return `<code><bdi>${escapedHtml(text)}</bdi></code>`;
}
