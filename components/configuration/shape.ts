import { z } from "zod";

/**
 * A whole number where text is wanted is that text: YAML takes `202611` for a number. Of a number
 * with a point the text is lost: 2026.10 has become 2026.1.
 */
const text = () =>
  z.preprocess((value) => (Number.isSafeInteger(value) ? String(value) : value), z.string());

/** Digits where a number is wanted are that number, as `pulumi config set` without `--path` writes it. */
const number = () =>
  z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value),
    z.number(),
  );

const flag = () =>
  z.preprocess(
    (value) => (value === "true" || value === "false" ? value === "true" : value),
    z.boolean(),
  );

/**
 * The form of each configuration key: types and required parts. Rules that concern values, or
 * several keys together, are in `components/validation`.
 */
const generation = z.strictObject({
  name: text(),
  source: text().optional(),
  subject: text().optional(),
  validityDays: number().optional(),
  keyBits: number().optional(),
  pfxEncryption: text().optional(),
  retireAfter: text().optional(),
});

/** One federated credential: issuer and subject, or one of the ready forms. */
export const federatedCredential = z.strictObject({
  name: text(),
  issuer: text().optional(),
  subject: text().optional(),
  audience: text().optional(),
  github: z
    .strictObject({
      repository: text(),
      ownerId: number().optional(),
      repositoryId: number().optional(),
      branch: text().optional(),
      tag: text().optional(),
      environment: text().optional(),
      pullRequest: flag().optional(),
    })
    .optional(),
  azureDevOps: z
    .strictObject({
      organizationId: text(),
      organization: text().optional(),
      project: text().optional(),
      serviceConnection: text().optional(),
      tenantId: text().optional(),
      serviceConnectionId: text().optional(),
    })
    .optional(),
});

const exception = z.strictObject({ role: text(), reason: text(), until: text() });

const exchangeRole = z.strictObject({
  role: text(),
  cmdlets: z
    .array(z.strictObject({ name: text(), parameters: z.array(text()).optional() }))
    .optional(),
  recipientFilter: text().optional(),
});

const complianceRoleGroup = z.strictObject({ name: text(), roles: z.array(text()).optional() });

/** Every key of the namespace `apponly`. */
export const configurationShape = z.strictObject({
  displayName: text(),
  workloads: z.array(text()),
  directoryRoles: z.array(text()),
  exchangeRoles: z.array(exchangeRole).optional(),
  complianceRoleGroups: z.array(complianceRoleGroup).optional(),
  cloud: text().optional(),
  organization: text().optional(),
  redirectUri: text().optional(),
  owners: z.array(text()).optional(),
  notes: text().optional(),
  carried: z.array(text()).optional(),
  certificates: z.array(generation).optional(),
  activeCertificate: text().optional(),
  federatedCredentials: z.array(federatedCredential).optional(),
  exceptions: z.array(exception).optional(),
  /** By which commands choose stacks; the program does not read them. */
  tags: z.record(z.string(), z.string()).optional(),
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
