import { inspectToolchain } from "../../toolchain";
import type { Terminal } from "../steps";

/** Prints what is on the machine: tools, versions, which plugins will run and why. */
export async function doctor(terminal: Terminal): Promise<void> {
  for (const { tool, ready, version, detail } of await inspectToolchain()) {
    terminal.write(
      `${ready ? "✓" : "·"} ${tool.padEnd(18)} ${(version ?? "").padEnd(10)} ${detail}\n`,
    );
  }
}
