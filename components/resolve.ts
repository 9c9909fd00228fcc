import type {
  CertificateCredentialArgs,
  ExceptionArgs,
  ExchangeAppOnlyArgs,
  FederatedCredentialArgs,
  WorkloadGrantsArgs,
} from "./args";
import { clouds } from "./catalog/clouds";
import { directoryRoles, type DirectoryRole } from "./catalog/directoryRoles";
import { type ApplicationPermission, permissionsFor } from "./catalog/permissions";
import { type Workload, workloads } from "./catalog/workloads";
import { ConfigurationError, type Fault, type Parsed } from "./faults";
import { parseCertificates } from "./validation/certificates";
import { federatedFaults } from "./validation/federated";
import { parseCertificate, type ResolvedCertificate } from "./validation/resolvedCertificate";
import { identityFaults } from "./validation/identity";
import { textFaults } from "./validation/texts";
import {
  parseOwnRoles,
  type ResolvedOwnRoles,
  workloadsOfOwnRoles,
} from "./validation/exchangeRoles";
import { exceptionFaults, parseRoles, parseWorkloads } from "./validation/roles";

/** What {@link WorkloadGrantsArgs} stand for. */
export interface ResolvedGrants {
  /** In the catalog's order: another order of the same changes nothing to review. */
  readonly workloads: readonly Workload[];
  readonly permissions: readonly ApplicationPermission[];
  /** In the table's order. */
  readonly roles: readonly DirectoryRole[];
  readonly exceptions: readonly ExceptionArgs[];
}

/** What {@link ExchangeAppOnlyArgs} stand for. */
export interface ResolvedAccess extends ResolvedGrants, ResolvedOwnRoles {
  readonly certificates: readonly ResolvedCertificate[];
  /** Name of the generation that pipelines receive; absent without certificates. */
  readonly activeCertificate?: string;
  readonly federatedCredentials: readonly Required<FederatedCredentialArgs>[];
  /** The time by which all of it was judged. */
  readonly now: Date;
}

/**
 * Arguments are resolved once: whoever asks again for the same object gets the same answer. So what
 * reads a stack's settings decides by its own clock what the components go by, and a component
 * hands to those within it what it has resolved. Only one that is used by itself gets here without.
 */
class Resolver<Args extends object, Resolved> {
  private readonly known = new WeakMap<Args, Resolved>();

  constructor(private readonly parse: (args: Args, now: Date) => Parsed<Resolved | undefined>) {}

  /** @throws {ConfigurationError} Lists every fault at once. */
  resolve(args: Args, now?: Date): Resolved {
    const known = this.known.get(args);
    if (known !== undefined) {
      return known;
    }
    const { value, faults } = this.parse(args, now ?? new Date());
    if (faults.length > 0 || value === undefined) {
      throw new ConfigurationError(faults);
    }
    this.known.set(args, value);
    return value;
  }

  /** Arguments whose resolution is known already. */
  resolved(args: Args, value: Resolved): Args {
    this.known.set(args, value);
    return args;
  }
}

/** Resolves the arguments of `ExchangeAppOnly`. */
export const accessArgs = new Resolver(parseAccess);

/** Resolves the arguments of `WorkloadGrants`. */
export const grantsArgs = new Resolver<WorkloadGrantsArgs, ResolvedGrants>(parseGrants);

/** Resolves the arguments of `CertificateCredential`. */
export const credentialArgs = new Resolver((args: CertificateCredentialArgs, now) =>
  parseCertificate(args.generation, "generation", now),
);

/**
 * Everything that the arguments say and everything wrong with them, as far as they are known: values
 * that another resource still has to produce are not judged.
 *
 * @param now Decides which exceptions and certificates are live.
 */
export function parseAccess(args: ExchangeAppOnlyArgs, now: Date): Parsed<ResolvedAccess> {
  const { certificates = [], federatedCredentials: federated = [] } = args;
  const ownRoles = parseOwnRoles(args, parseWorkloads(args.workloads).value);
  const grants = parseGrants(args, now, workloadsOfOwnRoles(ownRoles.value));
  const parsed = parseCertificates(certificates, args.activeCertificate, now);
  const faults = [
    ...identityFaults(args),
    ...grants.faults,
    ...ownRoles.faults,
    ...parsed.faults,
    ...federatedFaults(federated),
    ...(certificates.length + federated.length === 0 ? [noCredential] : []),
  ];
  return {
    faults: [
      ...faults,
      // A value that breaks a rule of its own is at fault once.
      ...textFaults(args).filter(({ path }) => faults.every((other) => other.path !== path)),
    ],
    value: {
      ...grants.value,
      ...ownRoles.value,
      certificates: parsed.value,
      activeCertificate: args.activeCertificate ?? certificates[0]?.name,
      federatedCredentials: federated.map(
        ({ audience = clouds.global.exchangeAudience, ...one }) => ({
          ...one,
          audience,
        }),
      ),
      now,
    },
  };
}

function parseGrants(
  {
    exceptions = [],
    ...args
  }: Pick<WorkloadGrantsArgs, "workloads" | "directoryRoles" | "exceptions">,
  now: Date,
  servedByOwnRoles: readonly Workload[] = [],
): Parsed<ResolvedGrants> {
  const { value: served, faults } = parseWorkloads(args.workloads);
  const roles = parseRoles(args.directoryRoles, served, servedByOwnRoles);
  return {
    faults: [...faults, ...roles.faults, ...exceptionFaults(exceptions, roles.value, now)],
    value: {
      workloads: workloads.filter((workload) => served.includes(workload)),
      permissions: permissionsFor(served),
      roles: directoryRoles.filter((role) => roles.value.includes(role)),
      exceptions,
    },
  };
}

const noCredential: Fault = {
  path: "certificates",
  judgedBy: ["federatedCredentials"],
  rule: "is empty, and so is federatedCredentials: nothing could sign in.",
  remedy:
    "Add a certificate, for example { name: 2026-11, subject: contoso.org }, or a federated credential.",
};
