import { z } from "zod";
import { commandDocument } from "./document";

/** What `apponly toolchain` prints with `--json`. */
export const toolchainShape = commandDocument("toolchain", "What runs a stack", {
  pulumi: z.strictObject({
    command: z.string().describe("Path of the Pulumi CLI."),
    version: z.string(),
    source: z.enum(["path", "cache", "installer", "go"]).describe("Where it came from."),
  }),
  plugins: z
    .array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(["official", "stand-in"]),
        version: z.string(),
        location: z.string().describe("Path; empty where the engine is left to download it."),
        reason: z.string().describe("Why this one."),
      }),
    )
    .readonly(),
});

/** What {@link toolchainShape} describes. */
export type ToolchainDocument = z.infer<typeof toolchainShape>;
