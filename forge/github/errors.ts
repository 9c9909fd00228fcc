import { RequestError } from "@octokit/request-error";
import { isLimited, networkReason } from "../../access/github/client";
import { ForgeFailure } from "../forgeFailure";

/**
 * Says why GitHub has refused something, and what to do.
 *
 * @param doing What was being done, for example `write the comment`.
 * @param fromFork Whether the pull request comes from a fork, whose token may only read.
 */
function explainGitHubError(error: unknown, doing: string, fromFork: boolean): unknown {
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
            `${begin}: ${said}. The token lacks the right. Give the job "permissions: { contents: read, pull-requests: write }"; a locked pull request takes no comments.`,
            true,
          );
    }
    case 404:
      return new ForgeFailure(
        `${begin}: ${said}. The token does not see the repository or the pull request. Give the job "permissions: { contents: read, pull-requests: write }".`,
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

/** Runs a call and explains its error. */
export async function callGitHub<T>(
  doing: string,
  fromFork: boolean,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw explainGitHubError(error, doing, fromFork);
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
