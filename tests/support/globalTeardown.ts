import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename } from "node:path";

/** After everything: removes the folder that `globalSetup` made, and nothing that it did not. */
const globalTeardown = () => {
  if (basename(tmpdir()).startsWith("apponly-tests-")) {
    rmSync(tmpdir(), { recursive: true, force: true, maxRetries: 3 });
  }
};

export = globalTeardown;
