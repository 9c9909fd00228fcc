import { z } from "zod";
import { commandDocument } from "./document";

/** What `apponly init` prints with `--json`. */
export const initShape = commandDocument("init", "New stacks", {
  files: z.array(z.string()).readonly().describe("All that was written."),
  stacks: z
    .array(z.strictObject({ stack: z.string(), tenantId: z.string(), settingsFile: z.string() }))
    .readonly(),
});

/** What {@link initShape} describes. */
export type InitDocument = z.infer<typeof initShape>;
