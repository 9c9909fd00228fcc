import { z } from "zod";
import { workload } from "../../access/verify/documentShape";
import { count } from "../../review/documentShape";
import { commandDocument } from "./document";

const adviceTexts = z.array(z.string()).readonly();
const scriptPlace = { file: z.string(), line: z.int().min(0) };

const need = z
  .strictObject({
    cmdlet: z.string(),
    workload,
    parameters: adviceTexts,
    uses: z
      .array(
        z.strictObject({
          ...scriptPlace,
          cmdlet: z.string(),
          workloads: z.array(workload).readonly(),
          parameters: adviceTexts,
          grade: z.enum(["certain", "possible"]),
          why: z.string().describe("Why it is only possible.").optional(),
        }),
      )
      .readonly(),
  })
  .meta({ id: "need" });
const needs = z.array(need).readonly();
const obstacles = z.array(z.strictObject({ need, why: z.string() })).readonly();

const advice = {
  grade: z
    .enum(["signed-in", "snapshot", "estimate"])
    .describe("What it rests on; the properties of one grade are absent from the others."),
  blindSpots: z
    .array(z.strictObject({ ...scriptPlace, what: z.string() }))
    .readonly()
    .describe("Places that could not be seen through."),
  sawEverything: z.boolean(),
  needs,
  broken: obstacles.describe("Cmdlets that fail app-only whatever the roles are."),
  failing: obstacles.describe("signed-in: what the application may not run.").optional(),
  surplus: z
    .record(z.string(), adviceTexts)
    .describe("signed-in: what it may run and no script runs, by workload.")
    .optional(),
  roles: z
    .array(z.strictObject({ role: z.string(), cmdlets: needs }))
    .readonly()
    .describe("snapshot: the least roles.")
    .optional(),
  uncovered: needs.describe("snapshot: needs that no role holds as a whole.").optional(),
  roleGroup: z.string().describe("snapshot: the built-in one with the least besides.").optional(),
  directoryRoles: adviceTexts
    .describe("snapshot: those whose holders are members of it.")
    .optional(),
  configuration: z.string().describe("snapshot: settings to paste.").optional(),
  known: z
    .array(z.strictObject({ need, directoryRole: z.string(), by: z.enum(["rule", "others"]) }))
    .readonly()
    .describe("estimate.")
    .optional(),
  unknown: needs.describe("estimate.").optional(),
};

/** What `apponly advise` prints with `--json`. */
export const adviseShape = z
  .union([
    commandDocument("advice", "What scripts need", advice),
    commandDocument("snapshot", "What --take-snapshot has read", {
      snapshot: z.string().describe("File that holds it."),
      roles: count,
      roleGroups: count,
    }),
  ])
  .meta({ $id: "urn:apponly:advise:1", title: "What scripts need, or what the tenant has" });

/** What {@link adviseShape} describes. */
export type AdviseDocument = z.infer<typeof adviseShape>;
