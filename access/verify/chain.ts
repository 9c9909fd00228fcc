import { type Workload, workloadTitles } from "../../components/catalog/workloads";
import { dayMs } from "../../system/durations";
import { tokenResourceOf } from "../../microsoft/endpoints";
import { AssertionUnavailable } from "../../microsoft/jobToken";
import { VaultFailure } from "../../microsoft/keyVault/failures";
import { acquireToken, type Credential, decodeClaims } from "../../microsoft/tokens";
import { diagnose, isDiagnosis } from "./diagnosis";
import {
  type Diagnosis,
  type IdentityName,
  type LinkName,
  linkNames,
  type LinkResult,
} from "./documentShape";
import {
  diagnosePermission,
  diagnoseRole,
  exchangePermission,
  servingRoles,
  undeclaredIn,
} from "./grants";
import { diagnoseOrganization } from "./organization";
import type { ChainResult } from "./report";
import { diagnoseCertificate, diagnoseRefusal, diagnoseValidity } from "./signIn";
import {
  credentialOf,
  type Identity,
  isFederated,
  isInVault,
  type Target,
  targetOf,
  type VaultGeneration,
  type VerifyInput,
} from "./target";
import { probeWorkload } from "./workload";

/** Follows the chain of one identity to one workload once, with a fresh token. */
export async function followChain(
  input: VerifyInput,
  identity: Identity,
  workload: Workload,
  now: Date,
): Promise<ChainResult> {
  const chain = new Chain(isFederated(identity));
  const diagnosis = await follow(chain, input, identity, workload, now);
  return {
    identity: identityNameOf(identity),
    workload,
    links: chain.links(diagnosis),
    attempts: 1,
    diagnosis,
  };
}

/** How a report names an identity. */
export function identityNameOf(identity: Identity): IdentityName {
  return isFederated(identity)
    ? { kind: "federated", name: identity.name }
    : { kind: "certificate", name: identity.name, active: identity.active };
}

async function follow(
  chain: Chain,
  input: VerifyInput,
  identity: Identity,
  workload: Workload,
  now: Date,
): Promise<Diagnosis | undefined> {
  const target = targetOf(input, identity);
  const credential = await prepare(chain, identity, now);
  if (isDiagnosis(credential)) {
    return credential;
  }
  const token = await requestToken(target, credential, workload, now);
  if (isDiagnosis(token)) {
    return token;
  }
  const claims = decodeClaims(token);
  chain.pass("token", `issued for ${claims.aud ?? "an unnamed resource"}`);

  const elsewhere = await diagnoseOrganization(target);
  if (elsewhere !== undefined) {
    return elsewhere;
  }
  chain.pass("organization", target.organization);

  if (claims.roles?.includes(exchangePermission) !== true) {
    return diagnosePermission(input, workload);
  }
  const undeclared = undeclaredIn(claims, input);
  chain.pass("permission", exchangePermission, undeclared.permissions);

  const roles = servingRoles(claims, workload);
  const answered = await probeWorkload(target, workload, token, input.ownCmdlets?.[workload]);
  if (roles.length === 0) {
    if (isDiagnosis(answered)) {
      return diagnoseRole(input, workload, claims);
    }
    // Rights can come from a role group of the workload too, of which the token knows nothing.
    chain.pass(
      "role",
      "none in the token; a role group of the workload gives the rights",
      undeclared.directoryRoles,
    );
  } else {
    chain.pass("role", roles.join(", "), undeclared.directoryRoles);
  }
  if (isDiagnosis(answered)) {
    return answered;
  }
  chain.pass("workload", `${workloadTitles[workload]} answered ${answered}`);
  return undefined;
}

async function prepare(
  chain: Chain,
  identity: Identity,
  now: Date,
): Promise<Credential | Diagnosis> {
  if (isFederated(identity)) {
    try {
      const credential = await credentialOf(identity);
      chain.pass("assertion", "issued by the outside identity provider");
      return credential;
    } catch (error) {
      if (error instanceof AssertionUnavailable) {
        return diagnose("assertion-unavailable", { error: error.message });
      }
      throw error;
    }
  }
  if (isInVault(identity)) {
    return prepareInVault(chain, identity, now);
  }
  const invalid = diagnoseCertificate(identity, now);
  if (invalid !== undefined) {
    return invalid;
  }
  const hint = hintOfProvider(identity.pfx?.keyProvider);
  chain.pass("certificate", `${validityInWords(identity.certificate.notAfter, now)}${hint}`);
  return credentialOf(identity);
}

async function prepareInVault(
  chain: Chain,
  identity: VaultGeneration,
  now: Date,
): Promise<Credential | Diagnosis> {
  const { certificate, host } = identity;
  const invalid = diagnoseValidity(certificate, now);
  if (invalid !== undefined) {
    return invalid;
  }
  try {
    const credential = await credentialOf(identity);
    chain.pass("certificate", `${validityInWords(certificate.notAfter, now)}; signed in ${host}`);
    return credential;
  } catch (error) {
    if (error instanceof VaultFailure) {
      return diagnose(error.problem, error.facts);
    }
    throw error;
  }
}

/** A token of the identity for a workload, or why there is none. */
export async function requestToken(
  target: Target,
  credential: Credential,
  workload: Workload,
  now: Date,
): Promise<string | Diagnosis> {
  try {
    return await acquireToken({
      endpoints: target.endpoints,
      tenantId: target.tenantId,
      clientId: target.applicationId,
      credential,
      resource: tokenResourceOf(target.cloud, workload),
    });
  } catch (error) {
    return diagnoseRefusal(error, target, workload, now);
  }
}

/** The links found so far. */
class Chain {
  private readonly passed: LinkResult[] = [];
  private readonly names: readonly LinkName[];

  constructor(federated: boolean) {
    const other = federated ? "certificate" : "assertion";
    this.names = linkNames.filter((name) => name !== other);
  }

  pass(link: LinkName, detail: string, undeclared: readonly string[] = []): void {
    const more = undeclared.length === 0 ? {} : { undeclared };
    this.passed.push({ link, state: "ok", detail, ...more });
  }

  links(diagnosis: Diagnosis | undefined): LinkResult[] {
    const left = this.names
      .slice(this.passed.length)
      .map((link, index): LinkResult =>
        index === 0 && diagnosis !== undefined
          ? { link, state: "failed", detail: diagnosis.code }
          : { link, state: "skipped", detail: "" },
      );
    return [...this.passed, ...left];
  }
}

/**
 * Windows PowerShell 5.1 signs with keys of a CSP only, and Windows puts a key that names none into CNG.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 * @see https://learn.microsoft.com/windows/win32/api/wincrypt/nf-wincrypt-pfximportcertstore
 */
function hintOfProvider(name: string | undefined): string {
  // All of Microsoft's CSPs are named so; its CNG providers "... Key Storage Provider", and that of the TPM.
  if (name === undefined || /Cryptographic Provider|Base Smart Card Crypto Provider/i.test(name)) {
    return "";
  }
  const names =
    name === "" ? "the .pfx names no provider" : `the .pfx names a CNG provider, ${name}`;
  return `; ${names}: Windows PowerShell 5.1 may refuse its key, PowerShell 7 does not`;
}

function validityInWords(notAfter: string, now: Date): string {
  const left = new Date(notAfter).getTime() - now.getTime();
  const days = Math.floor(left / dayMs);
  if (days >= 2) {
    return `valid for ${days} more days`;
  }
  const hours = Math.floor(left / 3_600_000);
  return hours >= 1 ? `valid for ${hours} more hours` : "valid for less than an hour";
}
