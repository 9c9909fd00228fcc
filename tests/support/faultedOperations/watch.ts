import type { TenantHandle } from "../../../simulator/tenantHandle";
import { exampleConfiguration, type Journey } from "../journey";
import type { TestedOperation } from "./operations";

/** Looks at the tenant after every request, and once all is done. */
export class Watch {
  readonly violations: string[] = [];
  readonly stop: () => void;
  private readonly before: readonly string[];

  /** @param after What the application holds once the operation has ended well. */
  constructor(
    private readonly journey: Journey,
    {
      keepsCertificate,
      keepsRole = false,
    }: Pick<TestedOperation, "keepsCertificate" | "keepsRole">,
    private readonly after: readonly string[],
  ) {
    const { tenant, simulator } = journey;
    this.before = whatIsHeld(tenant);
    const most = [...this.before, ...after].filter((one) => one.startsWith("right "));
    let now = this.before;
    this.stop = simulator.journal.subscribe(({ method, path, status }) => {
      // What is only read is as it was.
      now = method === "GET" ? now : whatIsHeld(tenant);
      const where = `after ${method} ${path} (${status})`;
      const more = now.filter((one) => one.startsWith("right ") && !most.includes(one));
      const roles = now.filter((one) => one.startsWith("right role"));
      const atMost = Math.max(count(this.before, "right role"), count(after, "right role"));
      if (more.length > 0 || roles.length > atMost) {
        this.note(`${where} the application holds more rights than before and after`);
      }
      if (keepsCertificate && !now.some((one) => one.startsWith("key "))) {
        this.note(`${where} the application holds no certificate`);
      }
      if (keepsRole && !now.some((one) => /^right (role|in Exchange)/.test(one))) {
        this.note(`${where} the application holds no role`);
      }
    });
  }

  /** What there is in the tenant and should not be, unless a note has named it. */
  leftovers(notes: readonly string[]): string[] {
    const isNamed = (id: unknown) =>
      notes.some((note) => note.includes(`az ad app delete --id ${textOf(id)}`));
    const held = whatIsHeld(this.journey.tenant);
    const own = applicationsOf(this.journey.tenant.state()).filter(({ id }) => !isNamed(id));
    const wanted = this.after.length > 0 ? 1 : 0;
    return [
      ...(kindsOf(held) === kindsOf(this.after)
        ? []
        : [`the application holds ${kindsOf(held)} instead of ${kindsOf(this.after)}`]),
      ...(own.length === wanted ? [] : [`there are ${own.length} app registrations, none named`]),
    ];
  }

  private note(violation: string): void {
    if (this.violations.length < 3) {
      this.violations.push(violation);
    }
  }
}

/** What applications of the example's name hold: rights, keys and federated credentials. */
export function whatIsHeld(tenant: TenantHandle): string[] {
  const state = tenant.state();
  const applications = applicationsOf(state);
  const principals = state.servicePrincipals.filter(({ appId }) =>
    applications.some((one) => one.appId === appId),
  );
  const isPrincipal = (id: unknown) => principals.some((one) => one.id === id);
  const federated = applications.flatMap(
    ({ id }) => state.federatedIdentityCredentials[textOf(id)] ?? [],
  );
  return [
    ...principals.map(() => "service principal"),
    ...state.appRoleAssignments
      .filter(({ principalId }) => isPrincipal(principalId))
      .map(
        ({ appRoleId, resourceId }) => `right consent ${textOf(resourceId)} ${textOf(appRoleId)}`,
      ),
    ...state.directoryRoleAssignments
      .filter(({ principalId }) => isPrincipal(principalId))
      .map(({ roleDefinitionId }) => `right role ${textOf(roleDefinitionId)}`),
    ...state.exchange.roleAssignments
      .filter(({ assigneeId }) => isPrincipal(assigneeId))
      .map(({ role, writeScope }) => `right in Exchange ${role} ${JSON.stringify(writeScope)}`),
    ...applications.flatMap(({ keyCredentials }) =>
      ((keyCredentials ?? []) as { keyId: string }[]).map(({ keyId }) => `key ${keyId}`),
    ),
    ...federated.map(({ name }) => `right federated ${textOf(name)}`),
  ];
}

function applicationsOf({ applications }: ReturnType<TenantHandle["state"]>) {
  return applications.filter(
    ({ displayName }) =>
      displayName === exampleConfiguration.displayName ||
      textOf(displayName).startsWith("TERRAFORM_UPDATE_"),
  );
}

function count(held: readonly string[], start: string): number {
  return held.filter((one) => one.startsWith(start)).length;
}

/** What is held, with keys counted and not named: they are new in every run. */
function kindsOf(held: readonly string[]): string {
  return held
    .map((one) => (one.startsWith("key ") ? "key" : one))
    .sort()
    .join(", ");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
