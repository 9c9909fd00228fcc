import { z } from "zod";
import { cloudNames } from "../../components/catalog/clouds";
import { vaultSources } from "../../components/catalog/vaults";
import { workload } from "../verify/documentShape";

const guidText = z
  .string()
  .regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/)
  .meta({ id: "guid" });
const base64 = z
  .string()
  .regex(/^[A-Za-z0-9+/]+={0,2}$/)
  .meta({ id: "base64" });
const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)
  .meta({ id: "instant" });
const nonEmptyText = z.string().min(1);

const certificateShape = z
  .strictObject({
    name: z.string().describe("Name of the generation."),
    thumbprint: z
      .string()
      .regex(/^[0-9A-F]{40}$/)
      .describe("SHA-1."),
    thumbprintSha256: z.string().regex(/^[0-9A-F]{64}$/),
    subject: z.string(),
    notBefore: instant,
    notAfter: instant,
    active: z.boolean().describe("Whether pipelines receive it."),
    generated: z
      .boolean()
      .describe("Whether the stack made the key; otherwise the certificate was supplied."),
    cer: base64.describe("Content of a .cer file."),
    source: z
      .enum(["generated", "supplied", ...vaultSources])
      .describe("Where the key was made.")
      .optional(),
    vault: z
      .strictObject({
        key: z.string().describe("Identifier of the version of the key."),
        exportable: z.boolean().describe("Whether the key may be fetched."),
      })
      .describe("The key, where it is in a vault of Azure's.")
      .optional(),
  })
  .meta({ id: "certificate" });

/** What `apponly export --format json` writes; published as `export.schema.json`. */
export const exportShape = z
  .strictObject({
    version: z
      .literal(1)
      .describe(
        "Raised whenever a property is renamed, removed or changes its meaning. Properties may be added without it.",
      ),
    stack: nonEmptyText.describe("Name of the stack."),
    tenantId: guidText.describe("Tenant id."),
    organization: nonEmptyText.describe("Initial domain of the tenant, for -Organization."),
    cloud: z.enum(cloudNames).describe("Microsoft's cloud of the tenant."),
    applicationId: guidText.describe("Application (client) id, for -AppID."),
    applicationObjectId: guidText.describe("Object id of the app registration."),
    servicePrincipalObjectId: guidText.describe("Object id of the service principal."),
    workloads: z.array(workload).min(1).meta({ uniqueItems: true }),
    permissions: z
      .array(
        z.strictObject({
          resource: z.string(),
          resourceAppId: guidText,
          value: z.string(),
          appRoleId: guidText,
        }),
      )
      .describe("Application permissions that are granted."),
    directoryRoles: z.array(z.strictObject({ name: z.string(), templateId: guidText })),
    certificates: z
      .array(certificateShape)
      .describe("Every generation; empty where the jobs sign in only with federated credentials."),
    generation: z
      .string()
      .describe(
        "Name of the generation that is exported: the active one, or the one asked for. Absent without certificates.",
      )
      .optional(),
    connect: z
      .partialRecord(workload, z.record(z.string(), nonEmptyText))
      .describe(
        "PowerShell by workload and by the way to hand the credential over. No secret is inside.",
      ),
    secrets: z
      .strictObject({ pfx: base64.describe("The .pfx file."), pfxPassword: nonEmptyText })
      .describe("The key of the generation, only with --include-secrets.")
      .optional(),
  })
  .meta({
    $id: "urn:apponly:export:1",
    title: "App-only access of one stack",
    description: "What `apponly export --format json` writes.",
    dependentRequired: { secrets: ["generation"] },
  });

/** What {@link exportShape} describes. */
export type ExportDocument = z.infer<typeof exportShape>;
