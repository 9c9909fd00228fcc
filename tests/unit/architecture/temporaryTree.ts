/** A small tree of files, to try the checks of the project's structure on. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const root = join(__dirname, "..", "..", "..");

export class TemporaryTree {
  readonly folder = mkdtempSync(join(tmpdir(), "apponly-structure-"));

  /** Makes a package that declares zod, and ajv for development, and finds every installed one. */
  constructor() {
    const declared = { dependencies: { zod: "*" }, devDependencies: { ajv: "*" } };
    this.write("package.json", JSON.stringify({ name: "tree", ...declared }));
    this.write("tsconfig.json", "{}");
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"), "junction");
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
