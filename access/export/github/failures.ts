import { RequestError } from "@octokit/request-error";
import { networkReason } from "../../github/client";
import { ExportError } from "../exportError";
import { withoutSecrets } from "../withoutSecrets";
import type { GitHubTarget } from "./target";

/** What a request was for, as the end of "GitHub did not let the token …". */
export interface GitHubPurpose {
  /** For example `write the secret APPONLY_PFX`. */
  readonly what: string;
  /** The permission of a fine-grained token that it needs. */
  readonly permission: string;
}

/**
 * A refusal or a failure of GitHub with its remedy. What GitHub says itself is quoted in part, and
 * never with a secret in it.
 *
 * @param written What had been written before, so that a person knows where things stand.
 */
export function explainGitHub(
  error: unknown,
  purpose: GitHubPurpose,
  target: GitHubTarget,
  secrets: readonly string[],
  written: readonly string[] = [],
): ExportError {
  if (error instanceof ExportError) {
    return error;
  }
  const state =
    written.length === 0
      ? "Nothing was written."
      : `Written before: ${written.join(", ")}. Run the same command again to complete it.`;
  const safe = (text: string) => withoutSecrets(text, [...secrets, target.token]);
  const text =
    error instanceof RequestError
      ? githubCauseOf(error, purpose, target, safe)
      : `To ${purpose.what} failed: ${safe(error instanceof Error ? error.message : String(error))}`;
  return new ExportError(`${text} ${state}`);
}

function githubCauseOf(
  error: RequestError,
  purpose: GitHubPurpose,
  target: GitHubTarget,
  safe: (text: string) => string,
): string {
  const { host } = new URL(target.apiUrl);
  const { what, permission } = purpose;
  if (error.response === undefined) {
    return `${host} gave no answer: ${safe(networkReason(error))}. Check the network, HTTPS_PROXY, and GITHUB_API_URL.`;
  }
  const { status } = error;
  const said = answerText(error, safe);
  // GitHub names what an endpoint needs, so that this text cannot become outdated.
  const accepted = error.response.headers["x-accepted-github-permissions"];
  const needed = accepted === undefined ? permission : String(accepted).replaceAll("=", ": ");
  const remedy = `A fine-grained token needs the repository permission ${needed}, a classic one the scope repo; the GITHUB_TOKEN of a workflow cannot have it.`;
  const repository = `${target.owner}/${target.repository}`;
  switch (status) {
    case 401:
      return `GitHub does not accept the token (401${said}). Set GH_TOKEN or GITHUB_TOKEN to one that has not expired or been revoked.`;
    case 403:
      return `GitHub did not let the token ${what} (403${said}). ${remedy}`;
    case 404:
      return `GitHub does not find, or does not show the token, what is needed to ${what} in ${repository} (404${said}). ${remedy}`;
    case 429:
      return `GitHub limits requests (429${said}) and was not asked again. Wait, then run the command again.`;
    default:
      return `GitHub failed to ${what} (${status}${said}).`;
  }
}

function answerText(error: RequestError, safe: (text: string) => string): string {
  const data = error.response?.data as { message?: unknown } | undefined;
  const text = typeof data?.message === "string" ? data.message : "";
  // Control characters would reach the terminal, or begin a line with a command for a pipeline.
  // Shortened last, so that no secret is cut in two and missed.
  const line = safe(text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")).slice(0, 200);
  return line === "" ? "" : `, "${line}"`;
}
