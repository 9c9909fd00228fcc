import {
  type GitHubClient,
  gitHubClient,
  type GitHubPace,
  hasStatus,
  isLimited,
} from "../../github/client";
import { ExportError } from "../exportError";
import type { PipelineValue } from "../pipelineValues";
import { explainGitHub, type GitHubPurpose } from "./failures";
import type { GitHubTarget } from "./target";

/** What an export to GitHub has done. */
export interface GitHubExport {
  /** Each entry in the order in which it was handled. */
  readonly entries: readonly {
    readonly name: string;
    readonly kind: "secret" | "variable";
    readonly state: "created" | "updated" | "unchanged";
  }[];
  /** What somebody should know about the environment. */
  readonly warnings: readonly string[];
}

type Entry = GitHubExport["entries"][number];

const writeScope = "Environments: write";

/**
 * Creates or updates the secrets and variables of one environment. An environment is never
 * created: it would have no protection rules. All that can be checked is checked before the first
 * write. Variables that have their value already are left as they are; secrets cannot be read back, so
 * they are written each time.
 *
 * @throws {ExportError} With the permission that is missing, or what else is at fault.
 * @see https://docs.github.com/rest/actions/secrets
 * @see https://docs.github.com/rest/actions/variables
 */
export async function exportToGitHub(
  target: GitHubTarget,
  secrets: readonly PipelineValue[],
  variables: readonly PipelineValue[],
  pace?: GitHubPace,
): Promise<GitHubExport> {
  checkSizes(secrets);
  const client = gitHubClient(target, pace);
  const { owner, repository: repo, environment: environment_name } = target;
  const place = { owner, repo, environment_name };
  const entries: Entry[] = [];
  const hidden = secrets.map(({ value }) => value);
  const attempt = async <T>(purpose: GitHubPurpose, request: () => Promise<T>): Promise<T> => {
    try {
      return await request();
    } catch (error) {
      const written = entries.filter(({ state }) => state !== "unchanged").map(({ name }) => name);
      throw explainGitHub(error, purpose, target, hidden, written);
    }
  };

  const warnings = await checkEnvironment(client, target, attempt);
  const present = await attempt(
    { what: "read the environment's variables", permission: writeScope },
    () => client.paginate(client.rest.actions.listEnvironmentVariables, { ...place, per_page: 30 }),
  );
  if (secrets.length > 0) {
    const { data: key } = await attempt(
      { what: "read the environment's key", permission: writeScope },
      () => client.rest.actions.getEnvironmentPublicKey(place),
    );
    // Everything is sealed before anything is sent.
    const boxes = await Promise.all(secrets.map(({ value }) => seal(value, key.key)));
    for (const [index, { name }] of secrets.entries()) {
      const { status } = await attempt(
        { what: `write the secret ${name}`, permission: writeScope },
        () =>
          client.rest.actions.createOrUpdateEnvironmentSecret({
            ...place,
            secret_name: name,
            encrypted_value: boxes[index]!,
            key_id: key.key_id,
          }),
      );
      entries.push({ name, kind: "secret", state: status === 201 ? "created" : "updated" });
    }
  }
  for (const { name, value } of variables) {
    const found = present.find((one) => one.name.toUpperCase() === name);
    const state =
      found?.value === value
        ? "unchanged"
        : await attempt({ what: `write the variable ${name}`, permission: writeScope }, () =>
            writeVariable(client, place, { name, value }, found !== undefined),
          );
    entries.push({ name, kind: "variable", state });
  }
  return { entries, warnings };
}

/** Names of what an environment holds; a secret's value cannot be read. */
export interface GitHubEntries {
  readonly secrets: readonly string[];
  readonly variables: readonly string[];
}

/**
 * Lists what an environment holds: nothing where there is no such environment any more.
 *
 * @throws {ExportError} With the permission that is missing, or what else is at fault.
 */
export async function listGitHubEntries(target: GitHubTarget): Promise<GitHubEntries> {
  const client = gitHubClient(target);
  const { owner, repository: repo, environment: environment_name } = target;
  const place = { owner, repo, environment_name, per_page: 30 };
  const { actions } = client.rest;
  try {
    const secrets = await client.paginate(actions.listEnvironmentSecrets, place);
    const variables = await client.paginate(actions.listEnvironmentVariables, place);
    const names = (all: readonly { name: string }[]) => all.map(({ name }) => name.toUpperCase());
    return { secrets: names(secrets), variables: names(variables) };
  } catch (error) {
    if (hasStatus(error, 404) && (await isRepositoryVisible(client, target))) {
      return { secrets: [], variables: [] };
    }
    const purpose = { what: "read the environment's entries", permission: "Environments: read" };
    throw explainGitHub(error, purpose, target, []);
  }
}

/** A repository that the token may not see answers as an environment that is not there. */
async function isRepositoryVisible(
  client: GitHubClient,
  { owner, repository: repo }: GitHubTarget,
): Promise<boolean> {
  return client.rest.repos.get({ owner, repo }).then(
    () => true,
    () => false,
  );
}

function checkSizes(secrets: readonly PipelineValue[]): void {
  const large = secrets.find(({ value }) => Buffer.byteLength(value) > largestSecret);
  if (large !== undefined) {
    throw new ExportError(
      `${large.name} has ${Buffer.byteLength(large.value)} bytes, more than the ${largestSecret} that a GitHub secret may have. Nothing was written. Use --format key-vault, and let the job fetch it there.`,
    );
  }
}

type Attempt = <T>(purpose: GitHubPurpose, request: () => Promise<T>) => Promise<T>;

async function checkEnvironment(
  client: GitHubClient,
  target: GitHubTarget,
  attempt: Attempt,
): Promise<string[]> {
  const { owner, repository: repo, environment: environment_name } = target;
  const missing = new ExportError(
    `The repository ${owner}/${repo} has no environment "${environment_name}", or the token may not see it. Create it with its protection rules first (Settings, Environments): an export does not create it, because it would be unprotected. Nothing was written.`,
  );
  const environment = await attempt(
    { what: "read the environment", permission: "Actions: read" },
    async () => {
      try {
        return (await client.rest.repos.getEnvironment({ owner, repo, environment_name })).data;
      } catch (error) {
        if (hasStatus(error, 404)) {
          throw missing;
        }
        // A token that may write secrets need not be one that may read environments.
        if (hasStatus(error, 403) && !isLimited(error)) {
          return undefined;
        }
        throw error;
      }
    },
  );
  const isUnprotected =
    environment !== undefined &&
    (environment.protection_rules ?? []).length === 0 &&
    !environment.deployment_branch_policy;
  return isUnprotected
    ? [
        `The environment "${environment_name}" has no protection rules: every workflow of ${owner}/${repo}, on any branch, can use the certificate. Add required reviewers or allowed branches.`,
      ]
    : [];
}

/** Two exports at once, or a variable removed meanwhile, turn one verb into the other. */
async function writeVariable(
  client: GitHubClient,
  place: { owner: string; repo: string; environment_name: string },
  { name, value }: PipelineValue,
  exists: boolean,
): Promise<"created" | "updated"> {
  const create = async () => {
    await client.rest.actions.createEnvironmentVariable({ ...place, name, value });
    return "created" as const;
  };
  const update = async () => {
    await client.rest.actions.updateEnvironmentVariable({ ...place, name, value });
    return "updated" as const;
  };
  const [first, second, turn] = exists ? [update, create, 404] : [create, update, 409];
  try {
    return await first();
  } catch (error) {
    if (hasStatus(error, turn)) {
      return second();
    }
    throw error;
  }
}

/** Bytes of a secret that GitHub takes at most. */
const largestSecret = 48 * 1024;

/**
 * A secret that only the holder of the private key, GitHub, can open.
 *
 * @param publicKey The environment's public key, base64.
 * @returns The sealed box, base64.
 * @throws {ExportError} If the key is not one.
 * @see https://docs.github.com/rest/guides/encrypting-secrets-for-the-rest-api
 */
export async function seal(secret: string, publicKey: string): Promise<string> {
  const { default: sodium } = await import("libsodium-wrappers");
  await sodium.ready;
  const key = Buffer.from(publicKey, "base64");
  if (key.length !== sodium.crypto_box_PUBLICKEYBYTES) {
    throw new ExportError(
      "The public key that GitHub answered is not one of libsodium's, so no secret was sent. Check GITHUB_API_URL.",
    );
  }
  const box = sodium.crypto_box_seal(sodium.from_string(secret), key);
  return sodium.to_base64(box, sodium.base64_variants.ORIGINAL);
}
