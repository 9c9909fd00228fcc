import { z } from "zod";

/**
 * The form of each configuration key: types and required parts. Rules that concern values, or
 * several keys together, are in `components/validation`.
 */
const generation = z.strictObject({
  name: z.string(),
  source: z.string().optional(),
  subject: z.string().optional(),
  validityDays: z.number().optional(),
  keyBits: z.number().optional(),
  pfxEncryption: z.string().optional(),
  retireAfter: z.string().optional(),
});

/** One federated credential: issuer and subject, or one of the ready forms. */
export const federatedCredential = z.strictObject({
  name: z.string(),
  issuer: z.string().optional(),
  subject: z.string().optional(),
  audience: z.string().optional(),
  github: z
    .strictObject({
      repository: z.string(),
      ownerId: z.number().optional(),
      repositoryId: z.number().optional(),
      branch: z.string().optional(),
      tag: z.string().optional(),
      environment: z.string().optional(),
      pullRequest: z.boolean().optional(),
    })
    .optional(),
  azureDevOps: z
    .strictObject({
      organizationId: z.string(),
      organization: z.string().optional(),
      project: z.string().optional(),
      serviceConnection: z.string().optional(),
      tenantId: z.string().optional(),
      serviceConnectionId: z.string().optional(),
    })
    .optional(),
});

const exception = z.strictObject({ role: z.string(), reason: z.string(), until: z.string() });

/** Every key of the namespace `apponly`. */
export const configurationShape = z.strictObject({
  displayName: z.string(),
  workloads: z.array(z.string()),
  directoryRoles: z.array(z.string()),
  cloud: z.string().optional(),
  organization: z.string().optional(),
  redirectUri: z.string().optional(),
  owners: z.array(z.string()).optional(),
  notes: z.string().optional(),
  certificates: z.array(generation).optional(),
  activeCertificate: z.string().optional(),
  federatedCredentials: z.array(federatedCredential).optional(),
  exceptions: z.array(exception).optional(),
});

/** Keys whose value is text; Pulumi hands every other key over as JSON. */
export const textKeys: ReadonlySet<string> = new Set([
  "displayName",
  "cloud",
  "organization",
  "redirectUri",
  "notes",
  "activeCertificate",
]);
