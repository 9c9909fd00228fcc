import { z } from "zod";
import { failedStack } from "../../review/documentShape";
import { commandDocument } from "./document";

const daysLeft = z.int().describe("Whole days until it expires, negative afterwards.");

/** What `apponly certificates` prints with `--json`. */
export const certificatesShape = commandDocument("certificates", "Certificates of stacks", {
  stacks: z
    .array(
      z.strictObject({
        stack: z.string(),
        tenant: z.string().describe("Initial domain; absent before the first update.").optional(),
        generations: z
          .array(
            z.strictObject({
              name: z.string(),
              thumbprint: z.string().describe("SHA-1; empty before it is registered."),
              notAfter: z.string().describe("Last instant of validity, UTC.").optional(),
              daysLeft: daysLeft.optional(),
              active: z.boolean().describe("Whether pipelines receive it."),
              registered: z.boolean().describe("Whether the application holds it."),
            }),
          )
          .readonly(),
        unread: z
          .string()
          .describe("Why the tenant could not be asked; `registered` is then told by the state.")
          .optional(),
        federated: z
          .array(
            z.strictObject({
              name: z.string(),
              issuer: z.string(),
              subject: z.string(),
              audience: z.string(),
            }),
          )
          .readonly()
          .describe("What a job signs in with where there is no certificate."),
        further: z
          .array(
            z.strictObject({
              keyId: z.string(),
              thumbprint: z.string(),
              daysLeft,
              duplicateOf: z
                .string()
                .describe("Generation whose certificate it holds once more.")
                .optional(),
            }),
          )
          .readonly()
          .describe("Certificates that the application holds apart from the stack."),
        secrets: z
          .array(
            z.strictObject({
              keyId: z.string(),
              name: z.string().describe("Empty where it has none."),
              notAfter: z.string().describe("Last instant of validity, UTC."),
            }),
          )
          .readonly()
          .describe("Client secrets that the application holds: the stack makes none."),
      }),
    )
    .readonly(),
  failed: z
    .array(failedStack)
    .readonly()
    .describe("Stacks that could not be looked at, of which nothing else is told.")
    .optional(),
  removed: z
    .strictObject({ keyId: z.string(), thumbprint: z.string() })
    .describe("The entry that --remove has removed.")
    .optional(),
});

/** What {@link certificatesShape} describes. */
export type CertificatesDocument = z.infer<typeof certificatesShape>;
