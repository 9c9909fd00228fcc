import { z } from "zod";
import { commandDocument } from "./document";

const state = z
  .enum(["granted", "covered", "missing", "unknown"])
  .describe("`covered`: by something wider. `unknown`: the token does not say.");
const bearer = {
  kind: z.enum(["application", "user"]),
  tenantId: z.string(),
  applicationId: z.string(),
};

/** What `apponly doctor` prints with `--json`. */
export const doctorShape = commandDocument("doctor", "Machine, deployer and reader", {
  tools: z
    .array(
      z.strictObject({
        tool: z.string(),
        ready: z.boolean().describe("Whether it will do as it is."),
        version: z.string().optional(),
        detail: z.string().describe("Where it is, or why it is not there."),
      }),
    )
    .readonly()
    .describe("Absent with --reader.")
    .optional(),
  deployer: z
    .strictObject({
      stack: z.string(),
      ok: z.boolean().describe("Whether nothing is known to be missing."),
      signIn: z.string(),
      ...bearer,
      objectId: z.string(),
      needs: z
        .array(
          z.strictObject({
            permission: z.string(),
            appRoleId: z.string(),
            state,
            by: z.string().describe("What covers it, or why it is not known.").optional(),
            reason: z.string(),
            source: z.string(),
          }),
        )
        .readonly(),
      ownership: z
        .array(
          z.strictObject({
            kind: z.string(),
            objectId: z.string(),
            state: z.enum(["owner", "not owner", "absent", "unknown"]),
          }),
        )
        .readonly(),
      excess: z
        .array(
          z.strictObject({
            name: z.string(),
            kind: z.enum(["permission", "directory role"]),
            why: z.string(),
          }),
        )
        .readonly()
        .describe("What the deployer may do and the stack does not need."),
      possible: z
        .array(z.strictObject({ permission: z.string(), reason: z.string() }))
        .readonly()
        .describe("What the deployer has not, and the stack may do without."),
    })
    .describe("Of the stack that is named.")
    .optional(),
  vaults: z
    .array(
      z.strictObject({
        generation: z.string(),
        key: z.string().describe("Identifier of the key."),
        signs: z.boolean().describe("Whether it signs for whoever ran this."),
        problem: z.string().describe("Why not, and which role is missing.").optional(),
      }),
    )
    .readonly()
    .describe("Absent where no key of the stack is in a vault.")
    .optional(),
  reader: z
    .strictObject({
      ok: z.boolean(),
      ...bearer,
      needs: z
        .array(
          z.strictObject({
            permission: z.string(),
            state,
            reason: z.string(),
            commands: z.array(z.string()).readonly(),
          }),
        )
        .readonly(),
      excess: z.array(z.string()).readonly(),
    })
    .describe("With --reader.")
    .optional(),
});

/** What {@link doctorShape} describes. */
export type DoctorDocument = z.infer<typeof doctorShape>;
