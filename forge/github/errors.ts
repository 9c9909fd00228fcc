import { RequestError } from "@octokit/request-error";
import { isLimited, networkReason } from "../../access/github/client";
import { ForgeFailure } from "../forgeFailure";

/** What a job needs for a call, and why it may lack it. */
export interface GitHubNeed {
  /** Permissions of the job, as a workflow writes them. */
  readonly permissions: string;
  /** What the token has to see besides the repository. */
  readonly sees: string;
  /** What else refuses a write. */
  readonly besides: string;
  /** Whether the pull request comes from a fork, whose token may only read. */
  readonly fromFork: boolean;
}

const gitHubReviewNeed: GitHubNeed = {
  permissions: "contents: read, pull-requests: write",
  sees: "the pull request",
  besides: "a locked pull request takes no comments",
  fromFork: false,
};

/**
 * Says why GitHub has refused something, and what to do.
 *
 * @param doing What was being done, for example `write the comment`.
 */
function explainGitHubError(
  error: unknown,
  doing: string,
  { permissions, sees, besides, fromFork }: GitHubNeed,
): unknown {
  if (!(error instanceof RequestError)) {
    return error;
  }
  const { status, response } = error;
  const begin = `GitHub did not ${doing}`;
  if (response === undefined) {
    return new ForgeFailure(
      `${begin}: it could not be reached (${networkReason(error)}). Run the job again.`,
    );
  }
  const said = `${status} "${answerMessage(response.data)}"`;
  const { headers } = response;
  switch (status) {
    case 401:
      return new ForgeFailure(
        `${begin}: ${said}. The token is missing, expired or of another server. Pass github-token: \${{ github.token }}.`,
      );
    case 403:
    case 429: {
      if (isLimited(error)) {
        return new ForgeFailure(
          `${begin}: ${said}. The rate limit is used up${resetOf(headers["x-ratelimit-reset"])}. Run the job again after that.`,
        );
      }
      return fromFork
        ? new ForgeFailure(
            `${begin}: ${said}. The pull request comes from a fork, whose token may only read. The report is in the job summary.`,
            true,
          )
        : new ForgeFailure(
            `${begin}: ${said}. The token lacks the right. Give the job "permissions: { ${permissions} }"; ${besides}.`,
            true,
          );
    }
    case 404:
      return new ForgeFailure(
        `${begin}: ${said}. The token does not see the repository or ${sees}. Give the job "permissions: { ${permissions} }".`,
      );
    case 422:
      return new ForgeFailure(
        `${begin}: ${said}. The request is not valid${answerDetails(response.data)}.`,
      );
    default:
      return new ForgeFailure(
        `${begin}: ${said}${status >= 500 ? ", also when tried again. Run the job again, and see https://www.githubstatus.com" : ""}.`,
      );
  }
}

/**
 * Runs a call and explains its error.
 *
 * @param need Of calls about pull requests only what differs.
 */
export async function callGitHub<T>(
  doing: string,
  need: Partial<GitHubNeed>,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw explainGitHubError(error, doing, { ...gitHubReviewNeed, ...need });
  }
}

function answerMessage(data: unknown): string {
  const message = (data as { message?: unknown } | undefined)?.message;
  return typeof message === "string" ? message.slice(0, 200) : "no message";
}

function answerDetails(data: unknown): string {
  const errors = (data as { errors?: unknown } | undefined)?.errors;
  return Array.isArray(errors) ? `: ${JSON.stringify(errors).slice(0, 300)}` : "";
}

function resetOf(reset: string | undefined): string {
  const at = Number(reset);
  return Number.isSafeInteger(at) && at > 0
    ? ` until ${new Date(at * 1_000).toISOString().replace(/\.\d+Z$/, "Z")}`
    : "";
}
