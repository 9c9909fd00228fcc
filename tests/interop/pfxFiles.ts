import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PfxFile } from "./readers/contract";

/** A folder for files with keys, readable by the owner only and removed after the tests. */
export class PfxFolder {
  private readonly root = mkdtempSync(join(tmpdir(), "apponly-pfx-"));
  private count = 0;

  /** Writes a file and its password file. The password is handed to programs by that file only. */
  write(bytes: Buffer, password: string): PfxFile {
    const path = join(this.root, `${++this.count}.pfx`);
    const passwordPath = join(this.root, `${this.count}.password`);
    writeFileSync(path, bytes, { mode: 0o600 });
    writeFileSync(passwordPath, `${password}\n`, { mode: 0o600 });
    return { folder: this.root, path, bytes, passwordPath, password };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
