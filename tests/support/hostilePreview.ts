import { readFileSync } from "node:fs";
import { join } from "node:path";

const recorded = readFileSync(join(__dirname, "../fixtures/previews/3.259.0/create.json"), "utf8");

/** A recorded preview in which the application has another name, wherever the name stands. */
export function previewText(name: string): string {
  return recorded.replaceAll("ExO PowerShell CBA", () => JSON.stringify(name).slice(1, -1));
}
