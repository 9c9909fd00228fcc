import { getBearerHandler, WebApi } from "azure-devops-node-api";
import { restClientOptions } from "../../microsoft/network";
import { parseRetryAfter, pauseByClock, retry } from "../../system/retry";
import { ForgeFailure } from "../forgeFailure";
import type { AzureDevOpsJob } from "./context";

/** What the client of Azure DevOps attaches to an error. */
interface ClientError extends Error {
  readonly statusCode?: number;
  readonly responseHeaders?: Readonly<Record<string, string | undefined>>;
}

/** How often and how patiently a call is tried again. */
export interface Pace {
  /** Milliseconds of a second. @default 1000 */
  readonly second?: number;
}

/** Longest wait that Azure DevOps may ask for before it is given up, in seconds. */
const longestAzureDevOpsWait = 120;

/** How long an answer may take, in milliseconds. */
const azureDevOpsTimeout = 30_000;

/** Azure DevOps by the token of a job; nothing is asked yet. */
export function connectAzureDevOps({
  collectionUrl,
  token,
}: Pick<AzureDevOpsJob, "collectionUrl" | "token">): WebApi {
  return new WebApi(collectionUrl, getBearerHandler(token), {
    socketTimeout: azureDevOpsTimeout,
    ...restClientOptions(collectionUrl),
  });
}

/** What a token lacks, and how it gets it. */
export interface AzureDevOpsNeed {
  /** What to allow, as the end of a sentence that begins with "Allow". */
  readonly allow: string;
  /** What the token does not see where there is no answer, and what to do. */
  readonly unseen: string;
  /** What to do where a rule of the project forbids what is written. */
  readonly rule?: string;
}

const azureReviewNeed: AzureDevOpsNeed = {
  allow:
    '"Contribute to pull requests" to the build service account in the security settings of the repository',
  unseen:
    "the token does not see the repository or the pull request. Let the pipeline's job authorization reach the repository",
};

/**
 * Calls Azure DevOps: after 429 and 503 again as long as it asks for, after other 5xx and lost
 * connections again a few times.
 *
 * A write whose answer was lost is sent again too: a second thread is found and deleted afterwards.
 *
 * @param doing What is being done, for example `write the thread`.
 * @throws {ForgeFailure} If it is refused or stays unreachable.
 * @see https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits
 */
export async function callAzureDevOps<T>(
  doing: string,
  pace: Pace,
  call: () => Promise<T>,
  need = azureReviewNeed,
): Promise<T> {
  const second = pace.second ?? 1_000;
  try {
    return await retry(call, {
      attempts: 4,
      waitAfter: (error, attempt) => waitAfter(error as ClientError, attempt),
      pause: (milliseconds) => pauseByClock((milliseconds / 1_000) * second),
    });
  } catch (error) {
    throw explainAzureDevOpsError(error as ClientError, doing, need);
  }
}

/** Seconds until the next try; nothing if another one would be refused alike. */
function waitAfter(
  { statusCode, responseHeaders, message }: ClientError,
  tried: number,
): number | undefined {
  const asked = parseRetryAfter(responseHeaders?.["retry-after"]);
  if (statusCode === 429 || (statusCode === 503 && asked)) {
    const wait = asked || tried * tried;
    return wait <= longestAzureDevOpsWait ? wait : undefined;
  }
  const mayPass =
    statusCode === undefined
      ? !message.startsWith("Failed to find api location")
      : statusCode >= 500;
  return mayPass ? tried * tried : undefined;
}

function explainAzureDevOpsError(
  error: ClientError,
  doing: string,
  { allow, rule }: AzureDevOpsNeed,
): ForgeFailure {
  const { statusCode } = error;
  const begin = `Azure DevOps did not ${doing}`;
  if (statusCode === undefined && error.message.startsWith("Failed to find api location")) {
    return new ForgeFailure(
      `${begin}: it did not take the token. Pass SYSTEM_ACCESSTOKEN: $(System.AccessToken), and check the address of the organization.`,
    );
  }
  if (statusCode === undefined) {
    const code = (error as NodeJS.ErrnoException).code ?? error.message.slice(0, 200);
    return new ForgeFailure(`${begin}: it could not be reached (${code}). Run the job again.`);
  }
  const said = `${statusCode} "${error.message.slice(0, 200)}"`;
  switch (statusCode) {
    case 400:
      return new ForgeFailure(
        `${begin}: ${said}.${/^TF401320/.test(error.message) && rule !== undefined ? ` ${rule}.` : ""}`,
      );
    case 401:
      return new ForgeFailure(
        `${begin}: ${said}. The token is missing or expired. Pass SYSTEM_ACCESSTOKEN: $(System.AccessToken).`,
      );
    case 403:
      return new ForgeFailure(`${begin}: ${said}. Allow ${allow}.`, true);
    case 429:
      return new ForgeFailure(`${begin}: ${said}. Run the job again later.`);
    default:
      return new ForgeFailure(
        `${begin}: ${said}${statusCode >= 500 ? ", also when tried again. Run the job again, and see https://status.dev.azure.com" : ""}.`,
      );
  }
}

/**
 * Calls Azure DevOps for something; its client makes nothing of a 404 and of a page to sign in.
 *
 * @throws {ForgeFailure} As {@link callAzureDevOps}, and if there is no answer.
 */
export async function askAzureDevOps<T>(
  doing: string,
  pace: Pace,
  call: () => Promise<T | null | undefined>,
  need = azureReviewNeed,
): Promise<T> {
  const result = await callAzureDevOps(doing, pace, call, need);
  if (result === null || result === undefined) {
    throw new ForgeFailure(`Azure DevOps did not ${doing}: ${need.unseen}.`);
  }
  return result;
}
