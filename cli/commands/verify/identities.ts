import type { JobTokenSource } from "../../../microsoft/jobToken";
import type { VerifyInput } from "../../../access/verify/target";
import type { NotVerified } from "../../../access/verify/documentShape";
import type { CertificateOutput, FederatedCredentialOutput } from "../../../components/outputs";
import { useOneOf } from "../../../system/didYouMean";
import { UsageFailure } from "../../../system/failure";
import { identitiesOfJob, identityFromFile } from "./suppliedAssertion";
import { generationFromKey, generationFromPfx } from "./suppliedKey";
import type { Environment } from "../../../system/environment";

/** What the command line hands over beside the stack. */
export interface SuppliedCredentials {
  /** The only generation or federated credential to verify. */
  readonly generation?: string;
  readonly pfx?: string;
  readonly key?: string;
  readonly assertionFile?: string;
}

/** What is verified, and what is not. */
export interface Identities extends Required<Pick<VerifyInput, "generations" | "federated">> {
  readonly notVerified: readonly NotVerified[];
}

/** Where identities come from besides the command line. */
export interface IdentitySources {
  readonly certificates: readonly CertificateOutput[];
  /** Generations whose key the stack has, or a vault that signs for it. */
  readonly own: VerifyInput["generations"];
  readonly federated: readonly FederatedCredentialOutput[];
  readonly environment: Environment;
  readonly job: JobTokenSource | undefined;
}

/**
 * Everything of a stack that can sign in, divided into what this job holds the credential of and
 * what it cannot verify. A credential that is handed over is the only one verified.
 *
 * @throws {UsageFailure} If a file cannot be used, or the stack has nothing of that name.
 */
export async function identitiesFor(
  supplied: SuppliedCredentials,
  sources: IdentitySources,
): Promise<Identities> {
  const { pfx, key, assertionFile } = supplied;
  const { certificates, environment } = sources;
  if (pfx !== undefined || key !== undefined || assertionFile !== undefined) {
    return namedPart(supplied.generation, sources, {
      generations: [
        ...(pfx === undefined ? [] : [await generationFromPfx(pfx, environment, certificates)]),
        ...(key === undefined ? [] : [await generationFromKey(key, environment, certificates)]),
      ],
      federated:
        assertionFile === undefined
          ? []
          : [await identityFromFile(assertionFile, sources.federated)],
      notVerified: [],
    });
  }
  const own = new Set(sources.own.map(({ name }) => name));
  const ofJob = await identitiesOfJob(sources.federated, sources.job);
  return namedPart(supplied.generation, sources, {
    generations: sources.own,
    federated: ofJob.federated,
    notVerified: [
      ...certificates
        .filter(({ name }) => !own.has(name))
        .map(({ name, active }): NotVerified => ({
          kind: "certificate",
          name,
          active,
          reason:
            "The stack has no key of it. Verify where the key is: hand it over with --pfx FILE or --key FILE.",
        })),
      ...ofJob.notVerified,
    ],
  });
}

/** The part of the identities that has a name. */
function namedPart(
  name: string | undefined,
  { certificates, federated }: IdentitySources,
  all: Identities,
): Identities {
  if (name === undefined) {
    return all;
  }
  const known = [...certificates, ...federated].map((one) => one.name);
  if (!known.includes(name)) {
    throw new UsageFailure(
      `--generation "${name}" is not in the stack. ${known.length === 0 ? "It has none." : useOneOf(name, known)}`,
    );
  }
  const isNamed = (one: { readonly name: string }) => one.name === name;
  const left = {
    generations: all.generations.filter(isNamed),
    federated: all.federated.filter(isNamed),
    notVerified: all.notVerified.filter(isNamed),
  };
  const [other] = [...all.generations, ...all.federated];
  if (other !== undefined && Object.values(left).every((part) => part.length === 0)) {
    throw new UsageFailure(
      `--generation "${name}" is not what was handed over: that is "${other.name}". Leave --generation out, or hand the other over.`,
    );
  }
  return left;
}
