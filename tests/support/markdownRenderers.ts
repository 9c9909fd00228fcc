import { join } from "node:path";
import { throughCompiler } from "./compiler";
import { LineProcess, onOneLine } from "./lineProcess";
import type { Rendered } from "./renderMarkdownProcess";

/** micromark (GFM), marked and markdown-it, none of which is hardened. */
export class MarkdownParsers {
  private readonly parsers = new LineProcess(process.execPath, [
    ...throughCompiler,
    join(__dirname, "renderMarkdownProcess.ts"),
  ]);

  async render(texts: readonly string[]): Promise<Rendered[]> {
    return JSON.parse(await this.parsers.ask(onOneLine(texts))) as Rendered[];
  }

  close(): void {
    this.parsers.close();
  }
}
