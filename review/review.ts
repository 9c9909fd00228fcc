import { classifyStep } from "./classify/classifyStep";
import { Evidence } from "./evidence/evidence";
import type { PolicyConfiguration } from "../policy/rules/configuration";
import { types } from "../policy/rules/types";
import { textOf } from "../policy/rules/values";
import { isProviderType } from "./input/engineStep";
import type { Preview, PreviewStep } from "./input/preview";
import { parseUrn } from "./input/urn";
import type { PermissionChange, Replacement, StackReview } from "./documentShape";
import { compareRisk, permissionChangeKinds } from "./model";
import { decisionOf } from "./decision";
import { isGuid } from "../system/guid";
import { judgePolicies } from "./policies/judge";
import { compareText } from "../system/compareText";

/** What a preview does not say about itself. */
export interface ReviewContext {
  /** Name of the stack. @default the one in the preview */
  readonly stack?: string;
  readonly project?: string;
  /** Initial domain or id of the tenant. @default the one in the preview, where there is one */
  readonly tenant?: string;
  /** Day of the review, for what expires. @default now */
  readonly now?: Date;
  /** Names by object id of whom the preview names by ids only, such as the deployer. @default none */
  readonly principals?: ReadonlyMap<string, string>;
  /** Object id of whom the stack's updates sign in as, where it is known. */
  readonly deployer?: string | undefined;
  /** Levels and settings of the policies, as in the file for `pulumi preview --policy-pack-config`. */
  readonly policies?: PolicyConfiguration;
}

/**
 * Reviews a preview: which permissions it changes, how risky each change is and why, which
 * policies the stack violates, what it replaces, and how much else it touches.
 *
 * It works on any program with resources of the azuread provider.
 *
 * @example
 * const { changes } = review(parsePreviewText(text));
 * changes[0]?.risk // "critical"
 */
export function review(preview: Preview, context: ReviewContext = {}): StackReview {
  const now = context.now ?? new Date();
  const evidence = new Evidence(preview, now, context.principals);
  const changes: PermissionChange[] = [];
  const rest: Record<string, number> = {};
  for (const step of preview.steps) {
    const own = classifyStep(step, preview, evidence);
    changes.push(...own);
    if (own.length === 0 && !isProviderType(step.type)) {
      rest[step.op] = (rest[step.op] ?? 0) + 1;
    }
  }
  const { same } = preview.changeSummary;
  if (!preview.showsSames && same !== undefined && same > 0) {
    rest.same = same;
  }
  const first = parseUrn(preview.steps[0]?.urn ?? "");
  const project = context.project ?? first?.project;
  const tenant = context.tenant ?? tenantOf(preview);
  const tenantId = tenantIdOf(preview);
  const sorted = changes.sort(compareChanges);
  const decision = decisionOf(sorted);
  const complete = preview.gaps.length === 0;
  const policies = judgePolicies(preview, context.policies ?? {}, now);
  return {
    stack: context.stack ?? first?.stack ?? "unknown",
    ...(project === undefined ? {} : { project }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(context.deployer === undefined ? {} : { deployer: context.deployer }),
    ...(decision === undefined ? {} : { decision }),
    changes: sorted,
    violations: policies.violations,
    rest: Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))),
    replacements: replacementsOf(preview.steps),
    warnings: [
      ...new Set([
        ...preview.gaps,
        ...preview.diagnostics.map(({ message }) => message).filter((one) => !ofMachine.test(one)),
        ...policies.notes,
      ]),
    ],
    complete,
  };
}

function compareChanges(a: PermissionChange, b: PermissionChange): number {
  return (
    compareRisk(a.risk, b.risk) ||
    permissionChangeKinds.indexOf(a.kind) - permissionChangeKinds.indexOf(b.kind) ||
    compareText(a.subject, b.subject) ||
    compareText(a.resource, b.resource) ||
    compareText(a.action, b.action)
  );
}

/** What the engine says of the machine it runs on, and not of the stack. */
const ofMachine = /^(?:warning: )?using pulumi-\S+ from (?:\$PATH|\S+)/;

/** By code unit: the same on every machine. */

function tenantOf({ before, after, config }: Preview): string | undefined {
  const stacks = [after, before].map((view) => view.ofType(types.stack)[0]);
  for (const key of ["organization", "tenantId"]) {
    const [tenant] = stacks.flatMap((stack) => textOf(stack?.outputs[key]) ?? []);
    if (tenant !== undefined) {
      return tenant;
    }
  }
  const [provider] = [after, before].flatMap((view) => view.ofType(types.azureadProvider));
  return (
    textOf(config["apponly:organization"]) ??
    textOf(provider?.inputs.tenantId) ??
    textOf(config["azuread:tenantId"])
  );
}

/** Id of the tenant: of its outputs, else as the provider is configured with it. */
function tenantIdOf({ before, after, config }: Preview): string | undefined {
  const stacks = [after, before].map((view) => view.ofType(types.stack)[0]);
  const [provider] = [after, before].flatMap((view) => view.ofType(types.azureadProvider));
  return [
    ...stacks.map((stack) => textOf(stack?.outputs.tenantId)),
    textOf(provider?.inputs.tenantId),
    textOf(config["azuread:tenantId"]),
  ].find((id) => id !== undefined && isGuid(id));
}

/** Those that break most come first. */
const consequences: Readonly<Record<string, string>> = {
  [types.application]: "The application id changes: every pipeline must be updated.",
  [types.applicationRegistration]: "The application id changes: every pipeline must be updated.",
  [types.servicePrincipal]:
    "The object id changes: consents, directory roles and Exchange role groups are assigned anew.",
  [types.applicationCertificate]:
    "Jobs that use the old key stop, unless both certificates are valid while they change over.",
  [types.servicePrincipalCertificate]:
    "Jobs that use the old key stop, unless both certificates are valid while they change over.",
  [types.applicationPassword]: "Jobs that use the old client secret stop.",
  [types.servicePrincipalPassword]: "Jobs that use the old client secret stop.",
  [types.applicationFederated]: "Sign-in with tokens of the issuer fails in between.",
  [types.applicationFlexibleFederated]: "Sign-in with tokens of the issuer fails in between.",
  [types.appRoleAssignment]: "The permission is missing in between; running jobs may fail.",
  [types.directoryRoleAssignment]: "The role is missing in between; running jobs may fail.",
  [types.directoryRoleMember]: "The role is missing in between; running jobs may fail.",
  [types.selfSignedCert]: "The certificate is issued anew: its thumbprint changes.",
  [types.privateKey]:
    "The private key is made anew: every certificate made with it is replaced too.",
};

const replaced: ReadonlySet<string> = new Set([
  "replace",
  "create-replacement",
  "import-replacement",
]);

const consequenceOrder = Object.keys(consequences);

/**
 * The resources that a preview deletes and creates anew, and what that breaks. In an order of their
 * own: the engine's changes from run to run.
 */
function replacementsOf(steps: readonly PreviewStep[]): Replacement[] {
  const rank = ({ type }: PreviewStep) =>
    consequenceOrder.includes(type) ? consequenceOrder.indexOf(type) : consequenceOrder.length;
  return steps
    .filter(({ op }) => replaced.has(op))
    .sort((a, b) => rank(a) - rank(b) || (a.urn < b.urn ? -1 : 1))
    .map(({ urn, type }) => ({
      resource: urn,
      consequence:
        consequences[type] ?? "It is deleted and created anew; what refers to it has to follow.",
    }));
}
