import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PfxFile } from "./readers/contract";

/** A folder for files with keys, readable by the owner only and removed after the tests. */
export class PfxFolder {
  // Made at the first file: where all tests are skipped, nothing would remove it again.
  private root: string | undefined;
  private count = 0;

  /** Writes a file and its password file. The password is handed to programs by that file only. */
  write(bytes: Buffer, password: string): PfxFile {
    const folder = (this.root ??= mkdtempSync(join(tmpdir(), "apponly-pfx-")));
    const path = join(folder, `${++this.count}.pfx`);
    const passwordPath = join(folder, `${this.count}.password`);
    writeFileSync(path, bytes, { mode: 0o600 });
    writeFileSync(passwordPath, `${password}\n`, { mode: 0o600 });
    return { folder, path, bytes, passwordPath, password };
  }

  remove(): void {
    if (this.root !== undefined) {
      rmSync(this.root, { recursive: true, force: true });
    }
  }
}
