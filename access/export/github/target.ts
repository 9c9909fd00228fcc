import type { GitHubAccess } from "../../github/client";
import { isSafeForCredentials } from "../../../system/loopback";
import { UsageFailure } from "../../../system/failure";
import type { Environment } from "../../../system/environment";

/** The environment of a repository that receives an export. */
export interface GitHubTarget extends GitHubAccess {
  readonly owner: string;
  readonly repository: string;
  readonly environment: string;
}

/** What a {@link GitHubTarget} is read from. */
export interface GitHubTargetInput {
  /** `OWNER/NAME`. */
  readonly repository?: string | undefined;
  readonly environment?: string | undefined;
  /** The process environment: `GH_TOKEN` or `GITHUB_TOKEN`, and `GITHUB_API_URL`. */
  readonly variables: Environment;
}

/**
 * Reads where an export goes.
 *
 * @throws {UsageFailure} If a part is missing or malformed; the message never repeats the token.
 */
export function readGitHubTarget(input: GitHubTargetInput): GitHubTarget {
  const { repository = "", environment = "", variables } = input;
  const [, owner, name] = /^([A-Za-z0-9-]{1,39})\/([A-Za-z0-9._-]{1,100})$/.exec(repository) ?? [];
  if (owner === undefined || name === undefined || name === "." || name === "..") {
    throw new UsageFailure(
      repository === ""
        ? "--format github needs --repository OWNER/NAME."
        : `--repository "${repository}" is not the name of a repository. Write it as OWNER/NAME.`,
    );
  }
  if (environment === "" || environment.length > 255) {
    throw new UsageFailure(
      environment === ""
        ? "--format github needs --environment NAME, an environment of the repository."
        : "--environment is longer than the 255 characters that GitHub allows.",
    );
  }
  // The order of GitHub's own command.
  const token = (variables.GH_TOKEN || variables.GITHUB_TOKEN || "").trim();
  if (token === "") {
    throw new UsageFailure(
      "No token for GitHub. Set GH_TOKEN or GITHUB_TOKEN to a token that may write the repository's environments.",
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new UsageFailure(
      "The token in GH_TOKEN or GITHUB_TOKEN has characters that no token has. Set it again, without line breaks or quotes.",
    );
  }
  return { owner, repository: name, environment, token, apiUrl: readApiUrl(variables) };
}

function readApiUrl({ GITHUB_API_URL }: GitHubTargetInput["variables"]): string {
  const text = GITHUB_API_URL?.trim() || "https://api.github.com";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    url.username !== "" ||
    url.password !== "" ||
    url.search !== "" ||
    url.hash !== "" ||
    !isSafeForCredentials(url)
  ) {
    throw new UsageFailure(
      "GITHUB_API_URL is not the https address of a GitHub API. Unset it for github.com; for GitHub Enterprise Server it is https://HOST/api/v3.",
    );
  }
  return text.replace(/\/+$/, "");
}
