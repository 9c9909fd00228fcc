import { createColors } from "picocolors";
import { azureCliCloud } from "../../../components/catalog/azureCli";
import { cloudOfGraph } from "../../../components/catalog/clouds";
import { applicationIds } from "../../../policy/rules/data/microsoftApplications";
import type { NeedResult } from "../../../microsoft/deployer/assess";
import type { Ownership } from "../../../microsoft/deployer/ownership";
import type { DoctorDocument } from "../../documents/doctor";
import type { DeployerReport } from "../../../operations/deployer";

/**
 * What `apponly doctor --format json` prints about a deployer. Without the token and without what
 * it signs in with.
 */
export function deployerDocument(report: DeployerReport): NonNullable<DoctorDocument["deployer"]> {
  const { deployer, needs, ownership, excess, possible } = report;
  return {
    stack: report.stack,
    ok: report.ok,
    signIn: report.method,
    kind: deployer.kind,
    tenantId: deployer.tenantId,
    applicationId: deployer.applicationId,
    objectId: deployer.objectId,
    needs: needs.map(({ permission, state, by, reason, source }) => ({
      permission: permission.name,
      appRoleId: permission.id,
      state,
      by,
      reason,
      source,
    })),
    ownership,
    excess,
    possible,
  };
}

/** The same for people: what is needed, what is missing and how to grant it, what is too much. */
export function describeDeployer(report: DeployerReport, colour = false): string {
  const paint = createColors(colour);
  const { deployer, needs, ownership, excess, possible } = report;
  const marks = {
    granted: paint.green("✓"),
    covered: paint.green("✓"),
    missing: paint.red("✗"),
    unknown: paint.yellow("?"),
  };
  const who =
    deployer.kind === "user"
      ? `user ${deployer.objectId}`
      : `application ${deployer.applicationId}`;
  return [
    "",
    `Deployer of the stack ${report.stack}: ${who}, tenant ${deployer.tenantId}, signed in by ${report.method}`,
    "",
    ...needs.map((need) => `${marks[need.state]} ${needName(need, report)}${needText(need)}`),
    ...ownership.map((one) => `${ownershipMark(one, paint)} ${ownershipText(one)}`),
    ...possible.map(({ permission, reason }) => `${paint.dim("·")} ${pad(permission)}${reason}`),
    ...excess.map(({ name, why }) => `${paint.yellow("!")} ${pad(name)}in excess: ${why}`),
    "",
    ...conclusion(report),
    "",
  ].join("\n");
}

const pad = (text: string) => `${text.padEnd(34)} `;

/** For a user, directory roles are what counts. */
function needName({ permission, leastRole }: NeedResult, { deployer }: DeployerReport): string {
  return pad(deployer.kind === "user" ? leastRole : permission.name);
}

function needText({ state, by, reason }: NeedResult): string {
  switch (state) {
    case "granted":
      return reason;
    case "covered":
      return `${reason} (by ${by ?? ""})`;
    case "missing":
      return `missing: ${reason}`;
    case "unknown":
      return `not known, ${by ?? ""}: ${reason}`;
  }
}

function ownershipMark({ state }: Ownership, paint: ReturnType<typeof createColors>): string {
  if (state === "owner") {
    return paint.green("✓");
  }
  return state === "not owner" ? paint.red("✗") : paint.yellow("?");
}

function ownershipText({ kind, objectId, state }: Ownership): string {
  const texts = {
    owner: `the deployer owns the ${kind} ${objectId}`,
    "not owner": `the deployer does not own the ${kind} ${objectId}, and may change only what it owns`,
    absent: `the ${kind} ${objectId} is no longer in the tenant; run \`pulumi refresh\``,
    unknown: `who owns the ${kind} ${objectId} could not be read`,
  };
  return `${pad(`owner of the ${kind}`)}${texts[state]}`;
}

function conclusion(report: DeployerReport): string[] {
  const { deployer, graph, needs, ownership, ok } = report;
  const missing = needs.filter(({ state }) => state === "missing");
  const foreign = ownership.filter(({ state }) => state === "not owner");
  if (ok) {
    return needs.some(({ state }) => state === "unknown")
      ? ["Nothing is known to be missing; what is marked ? the token does not say."]
      : ["The deployer may do everything this stack needs."];
  }
  if (deployer.kind === "user") {
    return [
      `An update would fail halfway. Ask for: ${[...new Set(missing.map(({ leastRole }) => leastRole))].join(", ")}. Roles of Privileged Identity Management count once they are activated; sign in again afterwards.`,
    ];
  }
  const { applicationId, objectId } = deployer;
  return [
    "An update would fail halfway. An administrator of the tenant can run:",
    "",
    ...azureCliCloud(cloudOfGraph(graph)).map((command) => `  ${command}`),
    ...missing.map(
      ({ permission }) =>
        `  az ad app permission add --id ${applicationId} --api ${applicationIds.microsoftGraph} --api-permissions ${permission.id}=Role`,
    ),
    ...(missing.length > 0 ? [`  az ad app permission admin-consent --id ${applicationId}`] : []),
    ...foreign.map((object) =>
      object.kind === "application"
        ? `  az ad app owner add --id ${object.objectId} --owner-object-id ${objectId}`
        : `  az rest --method POST --url '${graph}/v1.0/servicePrincipals/${object.objectId}/owners/$ref' --body '{"@odata.id":"${graph}/v1.0/directoryObjects/${objectId}"}'`,
    ),
    "",
    "Then sign in again: a token keeps the permissions of the moment it was issued.",
  ];
}
