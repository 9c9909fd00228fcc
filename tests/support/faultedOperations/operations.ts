import type { TenantSeed } from "../../../simulator/options";
import type { StackConfiguration } from "../journey";
import { exampleConfiguration } from "../journey";

/** One operation on a stack: what is configured before, and what then is wanted. */
export interface TestedOperation {
  readonly name: string;
  /** Configuration that is rolled out before; absent where the tenant has nothing yet. */
  readonly before?: StackConfiguration;
  /** Absent: everything is destroyed. */
  readonly after?: StackConfiguration;
  /** Whether pipelines have a valid certificate all along. */
  readonly keepsCertificate: boolean;
  /**
   * Whether the application has a role all along, of the directory or of Exchange's own, which the
   * deployer then administers too.
   *
   * @default false
   */
  readonly keepsRole?: boolean;
}

const [first] = exampleConfiguration.certificates;
const second = { ...first, name: "2027-05" };
const both = { certificates: [first, second], activeCertificate: "2026-11" };
const job = {
  name: "deploy",
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/access:environment:production",
};
const secondOwner = "11111111-2222-4333-8444-555555555555";

/** The tenant that the operations change. */
export const testedTenant: TenantSeed = {
  initialDomain: "contoso.onmicrosoft.com",
  users: [
    { id: secondOwner, userPrincipalName: "ada@contoso.onmicrosoft.com", displayName: "Ada" },
  ],
};

const base: StackConfiguration = exampleConfiguration;
const compliance = {
  ...base,
  workloads: ["exchange", "compliance"],
  directoryRoles: ["Exchange Administrator", "Compliance Administrator"],
};
const federated = { ...base, federatedCredentials: [job] };
const otherJob = { ...job, subject: "repo:contoso/access:ref:refs/heads/main" };
const owned = { ...base, owners: [secondOwner] };

const narrowed = {
  ...base,
  directoryRoles: [],
  exchangeRoles: [
    {
      role: "Mail Recipients",
      cmdlets: [{ name: "Get-Mailbox" }, { name: "Set-Mailbox", parameters: ["CustomAttribute1"] }],
      recipientFilter: "Department -eq 'Sales'",
    },
  ],
};

/** Every kind of change of a stack. */
export const testedOperations: readonly TestedOperation[] = [
  {
    name: "role change",
    before: base,
    after: { ...base, directoryRoles: ["Global Reader"] },
    keepsCertificate: true,
  },
  { name: "create", after: base, keepsCertificate: false },
  { name: "destroy", before: base, keepsCertificate: false },
  { name: "workload added", before: base, after: compliance, keepsCertificate: true },
  { name: "workload removed", before: compliance, after: base, keepsCertificate: true },
  { name: "federated credential added", before: base, after: federated, keepsCertificate: true },
  { name: "federated credential removed", before: federated, after: base, keepsCertificate: true },
  {
    name: "federated credential changed",
    before: federated,
    after: { ...base, federatedCredentials: [otherJob] },
    keepsCertificate: true,
  },
  { name: "owner added", before: base, after: owned, keepsCertificate: true },
  { name: "owner removed", before: owned, after: base, keepsCertificate: true },
  {
    name: "notes changed",
    before: base,
    after: { ...base, notes: "Connects for the mailbox reports" },
    keepsCertificate: true,
  },
  { name: "generation added", before: base, after: { ...base, ...both }, keepsCertificate: true },
  {
    name: "generation activated",
    before: { ...base, ...both },
    after: { ...base, ...both, activeCertificate: "2027-05" },
    keepsCertificate: true,
  },
  {
    name: "generation removed",
    before: { ...base, ...both, activeCertificate: "2027-05" },
    after: { ...base, certificates: [second] },
    keepsCertificate: true,
  },
  {
    name: "replaced in place",
    before: base,
    after: { ...base, certificates: [{ ...first, validityDays: 200 }] },
    keepsCertificate: false,
  },
  {
    name: "narrowed from a directory role",
    before: base,
    after: narrowed,
    keepsCertificate: true,
    keepsRole: true,
  },
];

const added = {
  ...compliance,
  directoryRoles: ["Global Reader", "Compliance Administrator"],
  federatedCredentials: [job],
  owners: [secondOwner],
  notes: "Connects for the mailbox reports",
  ...both,
};

/**
 * The same changes, several at once, and each on what the one before it has left: fewer runs send
 * every request.
 */
export const operationsInTurn: readonly TestedOperation[] = [
  { name: "create", after: base, keepsCertificate: false },
  { name: "all of it added", before: base, after: added, keepsCertificate: true },
  {
    name: "changed, and the second generation activated",
    before: added,
    after: { ...added, federatedCredentials: [otherJob], activeCertificate: "2027-05" },
    keepsCertificate: true,
  },
  {
    name: "all of it removed",
    before: added,
    after: { ...base, certificates: [second] },
    keepsCertificate: true,
  },
  {
    name: "replaced in place",
    before: { ...base, certificates: [second] },
    after: { ...base, certificates: [{ ...second, validityDays: 200 }] },
    keepsCertificate: false,
  },
  { name: "destroy", before: base, keepsCertificate: false },
];
