import type { VaultSource } from "../../components/catalog/vaults";
import { exitCodes, Failure } from "../../system/failure";
import { type Facts, filledText, shortLine } from "../../system/filledText";
import {
  doingOf,
  permissionFor,
  type VaultOperation,
  type VaultProblem,
  vaultProblems,
} from "./problems";

/** What was asked, for what a failure says. */
export interface VaultRequest {
  readonly operation: VaultOperation;
  readonly source: VaultSource;
  /** Address of the vault. */
  readonly vault: string;
  /** Name of the certificate or key. */
  readonly name: string;
  /** Where the two are written. @default the settings of a stack */
  readonly keys?: { readonly vault: string; readonly name: string };
  /** Takes secrets out of what the service says. @default nothing was sent that is one */
  readonly safe?: (text: string) => string;
}

/** A vault did not do what was asked; the message says why and what to do. */
export class VaultFailure extends Failure {
  constructor(
    readonly problem: VaultProblem,
    readonly facts: Facts,
    cause?: unknown,
  ) {
    const { cause: why, remedy } = vaultProblems[problem];
    super(`${filledText(why, facts)} ${filledText(remedy, facts)}`, exitCodes.failed, { cause });
  }
}

/** The parts of the SDK's errors that matter here; it exports no class for them. */
interface VaultError extends Error {
  readonly statusCode?: number;
  readonly code?: string;
}

/** Whether the vault has no certificate or key of that name, as opposed to no such vault. */
export function isNotFound(error: unknown): boolean {
  const { statusCode, code } = error as VaultError;
  return statusCode === 404 && /^(Certificate|Key)NotFound$/.test(code ?? "");
}

/** A refusal or a failure of a vault with its remedy, never with a secret in it. */
export function vaultFailure(error: unknown, request: VaultRequest): VaultFailure {
  if (error instanceof VaultFailure) {
    return error;
  }
  const { operation, source, vault, name, safe = (text: string) => text } = request;
  const { statusCode, code, message } = error as VaultError;
  const { vault: vaultKey, name: nameKey } = request.keys ?? {
    vault: "vault in apponly:certificates",
    name: "certificate in apponly:certificates",
  };
  // Shortened last, so that no secret is cut in two and missed.
  const said = shortLine(safe(message));
  const problem = problemOf(error as VaultError, said);
  return new VaultFailure(problem, {
    host: new URL(vault).host,
    error: problem === "vault-unreachable" ? (code ?? said) : said,
    status: `${statusCode}${code === undefined ? "" : ` ${code}`}`,
    name,
    nameKey,
    vaultKey,
    doing: doingOf(operation),
    permission: permissionFor(operation, source),
  });
}

/** @see https://learn.microsoft.com/azure/key-vault/general/rest-error-codes */
function problemOf({ name, statusCode, code }: VaultError, said: string): VaultProblem {
  if (/^(CredentialUnavailableError|AggregateAuthenticationError)$/.test(name)) {
    return "vault-no-credential";
  }
  if (/^(AuthenticationError|AuthenticationRequiredError)$/.test(name)) {
    return "vault-sign-in-refused";
  }
  switch (statusCode) {
    case undefined:
      return /^(ENOTFOUND|EAI_AGAIN)$/.test(code ?? "")
        ? "vault-unknown-host"
        : "vault-unreachable";
    case 401:
      return "vault-token-refused";
    case 403:
      return forbiddenOf(said);
    case 404:
      return "vault-not-found";
    case 409:
      return /recoverable/i.test(said) ? "vault-name-deleted" : "vault-refused";
    default:
      return "vault-refused";
  }
}

/** 403 stands for three things, which only the message tells apart. */
function forbiddenOf(said: string): VaultProblem {
  if (/client address|firewall|public network access|private link/i.test(said)) {
    return "vault-firewall";
  }
  return /disabled|expired|not yet valid/i.test(said)
    ? "vault-version-disabled"
    : "vault-forbidden";
}
