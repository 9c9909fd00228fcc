import { z } from "zod";
import { commandDocument } from "./document";

/** What `apponly retire` prints with `--json`. */
export const retireShape = commandDocument("retire", "End of an access", {
  stack: z.string(),
  state: z
    .enum(["enabled", "disabled", "destroyed"])
    .describe("Of the access, after what the command did."),
  use: z
    .strictObject({
      enabled: z.boolean(),
      credentials: z
        .array(
          z.strictObject({
            name: z.string(),
            kind: z.enum(["certificate", "client secret", "federated credential"]),
            keyId: z.string(),
            vaultKey: z
              .string()
              .describe("Identifier of its key; absent where that is in no vault.")
              .optional(),
            lastSignIn: z.string().describe("Instant; absent where none is on record.").optional(),
          }),
        )
        .readonly(),
      lastSignIn: z.string().describe("Instant; absent where none is on record.").optional(),
      unknown: z.string().describe("Why use is not known.").optional(),
    })
    .describe("Who still used it before that; absent where the stack holds no application.")
    .optional(),
  remains: z
    .strictObject({
      left: z.array(z.string()).readonly(),
      unproven: z.array(z.string()).readonly().describe("What could not be looked at, and why."),
      kept: z
        .array(z.string())
        .readonly()
        .describe("Keys that stay in vaults; absent where there are none.")
        .optional(),
    })
    .describe("What is left of a destroyed access.")
    .optional(),
});

/** What {@link retireShape} describes. */
export type RetireDocument = z.infer<typeof retireShape>;
