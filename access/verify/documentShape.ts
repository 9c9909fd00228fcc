import { z } from "zod";
import { cloudNames } from "../../components/catalog/clouds";
import { workloads } from "../../components/catalog/workloads";
import { diagnosisCodes } from "./errorTable";

/**
 * The links of the chain, in order. A chain begins with `certificate` or, for a federated
 * credential, with `assertion`; the rest is the same.
 */
export const linkNames = [
  "certificate",
  "assertion",
  "token",
  "organization",
  "permission",
  "role",
  "workload",
] as const;

/** One of {@link linkNames}. */
export type LinkName = (typeof linkNames)[number];

export const workload = z.enum(workloads).meta({ id: "workload" });
const seconds = z.int().min(0);

const identityShape = {
  kind: z.enum(["certificate", "federated"]),
  name: z
    .string()
    .describe(
      "Name of the generation or of the federated credential; of a file that is not the stack's, the file's name.",
    ),
  active: z.boolean().describe("Whether pipelines receive it; only of certificates.").optional(),
};

const link = z
  .strictObject({
    link: z.enum(linkNames),
    state: z.enum(["ok", "failed", "skipped"]),
    detail: z
      .string()
      .describe(
        "What was found, in a few words; of a failed link the code of the diagnosis; of a skipped one nothing.",
      ),
    lateSeconds: seconds.describe("How long the link was seen to be missing.").optional(),
    undeclared: z
      .array(z.string())
      .readonly()
      .describe("Permissions or roles that the token has and the stack does not declare.")
      .optional(),
  })
  .meta({ id: "link" });

const diagnosis = z
  .strictObject({
    code: z.enum(diagnosisCodes),
    cause: z.string().describe("One line."),
    remedy: z.string(),
    // Whether waiting may heal it: what was just granted needs minutes to reach every service.
    propagating: z.boolean(),
    source: z
      .string()
      .regex(/^https:\/\//)
      .describe("Page that says more."),
    // How long the service asks to wait.
    retryAfterSeconds: seconds.optional(),
  })
  .meta({ id: "diagnosis" });

const chain = z
  .strictObject({
    ...identityShape,
    workload,
    attempts: z.int().min(1).describe("How often it was tried, each time with a fresh token."),
    links: z.array(link).min(6).max(6).readonly(),
    diagnosis: diagnosis.describe("Absent when the chain holds.").optional(),
  })
  .meta({ id: "chain" });

const workflowRun = z
  .strictObject({
    ...identityShape,
    workload,
    state: z.enum(["connected", "failed", "skipped"]),
    detail: z
      .string()
      .describe("The cmdlet that answered, what the module said, or why it was not run."),
    moduleVersion: z.string().optional(),
    diagnosis: diagnosis.optional(),
  })
  .meta({ id: "run" });

const powershell = z
  .discriminatedUnion("state", [
    z.strictObject({ state: z.literal("skipped"), reason: z.string() }),
    z.strictObject({
      state: z.literal("ran"),
      ok: z.boolean().describe("Whether no connection failed; some may have been skipped."),
      powershellVersion: z.string().optional(),
      runs: z.array(workflowRun).readonly(),
    }),
  ])
  .meta({ id: "powershell", description: "Present with --powershell." });

/** What `apponly verify --format json` prints; published as `verify.schema.json`. */
export const verifyShape = z
  .strictObject({
    version: z
      .literal(1)
      .describe("Raised whenever a property is renamed, removed or changes its meaning."),
    ok: z
      .boolean()
      .describe(
        "Whether there is a chain and every chain holds. Says nothing of `notVerified` and `powershell`.",
      ),
    propagating: z.boolean().describe("Whether waiting may heal all that fails."),
    checkedAt: z
      .string()
      .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      .describe("When the verification ended, UTC."),
    waitedSeconds: seconds,
    tenantId: z.string(),
    organization: z.string(),
    cloud: z.enum(cloudNames),
    applicationId: z.string(),
    endpoints: z
      .array(z.string())
      .readonly()
      .describe(
        "Addresses that were asked, present only where they are not all Microsoft's: the verification then says nothing about a real tenant.",
      )
      .optional(),
    chains: z.array(chain).readonly(),
    notVerified: z
      .array(z.strictObject({ ...identityShape, reason: z.string() }))
      .readonly()
      .describe(
        "Identities of the stack whose credential this job does not hold: nothing is said about them.",
      ),
    powershell: powershell.optional(),
  })
  .meta({
    $id: "urn:apponly:verify:1",
    title: "Verification of a stack",
    description:
      "What `apponly verify --format json` prints: which identities of a stack connect to which workloads, and why others do not. It holds no key, password or token.",
  });

/** What {@link verifyShape} describes. */
export type VerifyDocument = z.infer<typeof verifyShape>;

/** One link and how it was found. `skipped` means that an earlier link has failed. */
export type LinkResult = Readonly<z.infer<typeof link>>;

/** Why a link of the chain fails, and what to do. */
export type Diagnosis = Readonly<z.infer<typeof diagnosis>>;

/** An identity of the stack that was not verified: nothing is said about whether it works. */
export type NotVerified = Readonly<VerifyDocument["notVerified"][number]>;

/** What signs in: a generation of the certificate, or a federated credential. */
export type IdentityName = Omit<NotVerified, "reason">;

/** One connection by the real module. */
export type ModuleRun = Readonly<z.infer<typeof workflowRun>>;

/** What came of `--powershell`: either nothing could be run, and why, or one entry a connection. */
export type ModuleOutcome = Readonly<z.infer<typeof powershell>>;
