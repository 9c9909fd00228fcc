import { directoryRoles, roleNamesFor, type Workload } from "../../components/catalog";
import { resourceOf } from "../endpoints";
import { acquireToken, decodeClaims, type TokenClaims } from "../tokens";
import { type Diagnosis, diagnose, titleOf } from "./diagnosis";
import { diagnoseCertificate, diagnoseRefusal } from "./signIn";
import type { Generation, Target, VerifyInput } from "./target";
import { probes, probeWorkload } from "./workload";

/** The links of the chain, in order. */
export const linkNames = ["certificate", "token", "permission", "role", "workload"] as const;

/** One of {@link linkNames}. */
export type LinkName = (typeof linkNames)[number];

/** One link and how it was found. `skipped` means that an earlier link has failed. */
export interface LinkResult {
  readonly link: LinkName;
  readonly state: "ok" | "failed" | "skipped";
  /** What was found, in a few words. */
  readonly detail: string;
}

/** The chain of one generation to one workload. */
export interface ChainResult {
  readonly generation: string;
  readonly active: boolean;
  readonly workload: Workload;
  readonly links: readonly LinkResult[];
  /** Why the chain is broken; absent when it holds. */
  readonly diagnosis?: Diagnosis;
}

/** The outcome of a verification. */
export interface VerifyReport {
  readonly ok: boolean;
  /** Whether waiting may heal all that fails. */
  readonly propagating: boolean;
  readonly chains: readonly ChainResult[];
}

/** Time, and how long to wait for what was granted to arrive. */
export interface VerifyOptions {
  /** Milliseconds to wait at most. @default 0 */
  readonly waitMs?: number;
  readonly now?: () => Date;
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Told before each further attempt which chain is late. */
  readonly onLate?: (late: ChainResult, waitMs: number) => void;
}

const longestPause = 30_000;

/**
 * Proves that every generation can connect to every workload: certificate, token, permission,
 * directory role, and a read-only cmdlet that the workload really answers.
 *
 * @example
 * const report = await verify(input, { waitMs: 30 * 60_000 });
 * process.exitCode = report.ok ? 0 : report.propagating ? 6 : 4;
 */
export async function verify(
  input: VerifyInput,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const now = options.now ?? (() => new Date());
  const sleep = options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  const deadline = now().getTime() + (options.waitMs ?? 0);
  const chains: ChainResult[] = [];
  for (const generation of input.generations) {
    for (const workload of input.workloads) {
      let chain = await verifyChain(input, generation, workload, now());
      for (let pause = 2000; chain.diagnosis?.propagating === true; pause *= 2) {
        const wait = Math.min(pause, longestPause);
        if (now().getTime() + wait > deadline) {
          break;
        }
        options.onLate?.(chain, wait);
        await sleep(wait);
        // With a fresh token: an older one still has the permissions and roles of its issue.
        chain = await verifyChain(input, generation, workload, now());
      }
      chains.push(chain);
    }
  }
  const broken = chains.filter((chain) => chain.diagnosis !== undefined);
  return {
    ok: broken.length === 0,
    propagating: broken.length > 0 && broken.every((chain) => chain.diagnosis?.propagating),
    chains,
  };
}

async function verifyChain(
  input: VerifyInput,
  generation: Generation,
  workload: Workload,
  now: Date,
): Promise<ChainResult> {
  const target: Target = { ...input, certificate: generation.certificate };
  const links: LinkResult[] = [];
  const end = (diagnosis?: Diagnosis): ChainResult => {
    const left = linkNames.slice(links.length + (diagnosis === undefined ? 0 : 1));
    const failed = diagnosis && linkNames[links.length];
    return {
      generation: generation.name,
      active: generation.active,
      workload,
      links: [
        ...links,
        ...(failed ? [{ link: failed, state: "failed", detail: diagnosis.cause } as const] : []),
        ...left.map((link) => ({ link, state: "skipped", detail: "" }) as const),
      ],
      ...(diagnosis === undefined ? {} : { diagnosis }),
    };
  };
  const pass = (link: LinkName, detail: string) => links.push({ link, state: "ok", detail });

  const invalid = diagnoseCertificate(generation.certificate, now);
  if (invalid !== undefined) {
    return end(invalid);
  }
  pass("certificate", `valid for ${daysLeft(generation.certificate.notAfter, now)} more days`);

  const token = await requestToken(target, generation, workload);
  if (typeof token !== "string") {
    return end(token);
  }
  const claims = decodeClaims(token);
  pass("token", `issued for ${claims.aud ?? "an unnamed resource"}`);

  if (claims.roles?.includes("Exchange.ManageAsApp") !== true) {
    return end(diagnose("consent-missing", { workload: titleOf(workload) }));
  }
  pass("permission", "Exchange.ManageAsApp");

  const roles = rolesOf(claims);
  const serving = roles.filter((role) => role.workloads.includes(workload));
  if (serving.length === 0) {
    const facts = { workload: titleOf(workload), roles: roleNamesFor(workload).join(", ") };
    return end(diagnose(hasAnyRole(claims) ? "role-unsupported" : "role-missing", facts));
  }
  pass("role", serving.map((role) => role.name).join(", "));

  const refused = await probeWorkload(target, workload, token);
  if (refused !== undefined) {
    return end(refused);
  }
  pass("workload", `${titleOf(workload)} answered ${probes[workload]}`);
  return end();
}

/**
 * Proves that a token is issued with a generation, for the first workload. Waits for a certificate
 * that was registered a moment ago.
 *
 * @returns Why no token is issued, or `undefined`.
 */
export async function proveSignIn(
  input: VerifyInput,
  waitMs: number,
  options: Pick<VerifyOptions, "now" | "sleep"> = {},
): Promise<string | undefined> {
  const now = options.now ?? (() => new Date());
  const sleep = options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  const deadline = now().getTime() + waitMs;
  for (const generation of input.generations) {
    for (let pause = 1000; ; pause = Math.min(pause * 2, longestPause)) {
      const target: Target = { ...input, certificate: generation.certificate };
      const token = await requestToken(target, generation, input.workloads[0] ?? "exchange");
      if (typeof token === "string") {
        break;
      }
      if (!token.propagating || now().getTime() + pause > deadline) {
        return `${token.cause} ${token.remedy}`;
      }
      await sleep(pause);
    }
  }
  return undefined;
}

async function requestToken(
  target: Target,
  generation: Generation,
  workload: Workload,
): Promise<string | Diagnosis> {
  try {
    return await acquireToken({
      endpoints: target.endpoints,
      tenantId: target.tenantId,
      clientId: target.applicationId,
      credential: {
        certificatePem: generation.certificate.certificatePem,
        privateKeyPem: generation.privateKeyPem,
      },
      resource: resourceOf(target.cloud, workload),
    });
  } catch (error) {
    return diagnoseRefusal(error, target, workload);
  }
}

/** What every token's `wids` has, whether or not the application holds a role. */
const defaultWid = "b79fbf4d-3ef9-4689-8143-76b194e85509";
const applicationWid = "0997a1d0-0d1d-4acb-b408-d5ca73121e90";

function hasAnyRole(claims: TokenClaims): boolean {
  return (claims.wids ?? []).some((wid) => wid !== defaultWid && wid !== applicationWid);
}

function rolesOf(claims: TokenClaims) {
  return directoryRoles.filter((role) => claims.wids?.includes(role.templateId));
}

function daysLeft(notAfter: string, now: Date): number {
  return Math.floor((new Date(notAfter).getTime() - now.getTime()) / 86_400_000);
}
