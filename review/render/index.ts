export { renderHtml } from "./html";
export { jsonText, renderJson, type ReviewDocument, reviewDocumentVersion } from "./json";
export { commentLimit, type MarkdownOptions, renderMarkdown } from "./markdown";
export { markdownCode, markdownProse } from "./markdownText";
export { renderTerminal, type TerminalOptions } from "./terminal";
