import { z } from "zod";

/**
 * A whole number where text is wanted is that text: YAML takes `202611` for a number. Of a number
 * with a point the text is lost: 2026.10 has become 2026.1.
 */
const settingText = () =>
  z.preprocess((value) => (Number.isSafeInteger(value) ? String(value) : value), z.string());

/** Digits where a number is wanted are that number, as `pulumi config set` without `--path` writes it. */
const settingNumber = () =>
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
  name: settingText(),
  source: settingText().optional(),
  subject: settingText().optional(),
  validityDays: settingNumber().optional(),
  keyBits: settingNumber().optional(),
  pfxEncryption: settingText().optional(),
  vault: settingText().optional(),
  certificate: settingText().optional(),
  validityMonths: settingNumber().optional(),
  exportable: flag().optional(),
  version: settingText().optional(),
  cer: settingText().optional(),
  retireAfter: settingText().optional(),
});

/** One federated credential: issuer and subject, or one of the ready forms. */
export const federatedCredential = z.strictObject({
  name: settingText(),
  issuer: settingText().optional(),
  subject: settingText().optional(),
  audience: settingText().optional(),
  github: z
    .strictObject({
      repository: settingText(),
      ownerId: settingNumber().optional(),
      repositoryId: settingNumber().optional(),
      branch: settingText().optional(),
      tag: settingText().optional(),
      environment: settingText().optional(),
      pullRequest: flag().optional(),
    })
    .optional(),
  azureDevOps: z
    .strictObject({
      organizationId: settingText(),
      organization: settingText().optional(),
      project: settingText().optional(),
      serviceConnection: settingText().optional(),
      tenantId: settingText().optional(),
      serviceConnectionId: settingText().optional(),
    })
    .optional(),
});

const exception = z.strictObject({
  role: settingText(),
  reason: settingText(),
  until: settingText(),
});

const exchangeRole = z.strictObject({
  role: settingText(),
  cmdlets: z
    .array(z.strictObject({ name: settingText(), parameters: z.array(settingText()).optional() }))
    .optional(),
  recipientFilter: settingText().optional(),
});

const complianceRoleGroup = z.strictObject({
  name: settingText(),
  roles: z.array(settingText()).optional(),
});

/** Where an export has written: never what. */
const exportPlace = z.union([
  z.strictObject({ github: settingText(), environment: settingText() }),
  z.strictObject({ vault: settingText(), certificate: settingText() }),
]);

/** Every key of the namespace `apponly`. */
export const configurationShape = z.strictObject({
  displayName: settingText(),
  workloads: z.array(settingText()),
  directoryRoles: z.array(settingText()),
  exchangeRoles: z.array(exchangeRole).optional(),
  complianceRoleGroups: z.array(complianceRoleGroup).optional(),
  cloud: settingText().optional(),
  organization: settingText().optional(),
  redirectUri: settingText().optional(),
  owners: z.array(settingText()).optional(),
  notes: settingText().optional(),
  carried: z.array(settingText()).optional(),
  certificates: z.array(generation).optional(),
  activeCertificate: settingText().optional(),
  federatedCredentials: z.array(federatedCredential).optional(),
  exceptions: z.array(exception).optional(),
  /** By which commands choose stacks; the program does not read them. */
  tags: z.record(z.string(), z.string()).optional(),
  /** By which `apponly retire` finds what was exported; the program does not read them. */
  exports: z.array(exportPlace).optional(),
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
