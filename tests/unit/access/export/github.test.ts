/**
 * The export to a GitHub environment with the real client, against a stand-in that opens the sealed
 * boxes with libsodium. Not proven here: that github.com answers as its documentation says.
 */
import { gitHubClient, hasStatus } from "../../../../access/github/client";
import { exportToGitHub as exportAtPace, seal } from "../../../../access/export/github/environment";
import { readGitHubTarget } from "../../../../access/export/github/target";
import { failure } from "../../../support/github/answers";
import {
  type GitHubEnvironments,
  startGitHubEnvironments,
} from "../../../support/github/environments";

const secrets = [
  { name: "APPONLY_PFX", value: "MIIKqQIBAzCCCm8GCSqGSIb3DQEHAaCCCmAEggpcMIIKWDCC+/==" },
  { name: "APPONLY_PFX_PASSWORD", value: "a password only of this test" },
];
const variables = [
  { name: "APPONLY_TENANT_ID", value: "aaaabbbb-0000-cccc-1111-dddd2222eeee" },
  { name: "APPONLY_CERTIFICATE_THUMBPRINT", value: "0123456789ABCDEF0123456789ABCDEF01234567" },
];

/** Writes are not spaced a second apart here; in the journey of exports they are. */
const exportToGitHub = (...[target, secrets, variables, pace]: Parameters<typeof exportAtPace>) =>
  exportAtPace(target, secrets, variables, { spaced: false, ...pace });

let github: GitHubEnvironments;

beforeEach(async () => {
  github = await startGitHubEnvironments();
});

afterEach(async () => {
  expect(github.unknown).toEqual([]);
  await github.close();
});

const target = (changes: { environment?: string; token?: string } = {}) => ({
  owner: "contoso",
  repository: "access",
  environment: changes.environment ?? "production",
  token: changes.token ?? github.token,
  apiUrl: github.url,
});

const writes = () => github.requests.filter((request) => !request.startsWith("GET "));

/** The message of a refused export, which must hold no secret. */
async function refused(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => new Error("It was not refused."),
    (problem: unknown) => problem as Error,
  );
  expect(error.name).toBe("ExportError");
  for (const { value } of secrets) {
    expect(error.message).not.toContain(value);
  }
  for (const token of [github.token, github.readingToken]) {
    expect(error.message).not.toContain(token);
  }
  return error.message;
}

test("creates secrets and variables, then updates what has changed, and nothing twice", async () => {
  const environment = github.addEnvironment("production", "required_reviewers");
  const first = await exportToGitHub(target(), secrets, variables);
  expect(first).toEqual({
    entries: [
      { name: "APPONLY_PFX", kind: "secret", state: "created" },
      { name: "APPONLY_PFX_PASSWORD", kind: "secret", state: "created" },
      { name: "APPONLY_TENANT_ID", kind: "variable", state: "created" },
      { name: "APPONLY_CERTIFICATE_THUMBPRINT", kind: "variable", state: "created" },
    ],
    warnings: [],
  });
  expect(Object.fromEntries(environment.secrets)).toEqual(
    Object.fromEntries(secrets.map(({ name, value }) => [name, value])),
  );
  expect(Object.fromEntries(environment.variables)).toEqual(
    Object.fromEntries(variables.map(({ name, value }) => [name, value])),
  );

  const [tenant, thumbprint] = variables as [(typeof variables)[0], (typeof variables)[0]];
  github.requests.length = 0;
  const second = await exportToGitHub(
    target(),
    [],
    [tenant, { ...thumbprint, value: "FEDCBA9876543210FEDCBA9876543210FEDCBA98" }],
  );
  expect(second.entries.map(({ state }) => state)).toEqual(["unchanged", "updated"]);
  expect(writes()).toEqual([
    "PATCH /repos/contoso/access/environments/production/variables/APPONLY_CERTIFICATE_THUMBPRINT",
  ]);
  expect(github.requests.some((request) => request.includes("public-key"))).toBe(false);
});

test("finds variables behind the first page, and environments with any name", async () => {
  const environment = github.addEnvironment("prod/eu west", "wait_timer");
  for (let index = 0; index < 65; index += 1) {
    environment.variables.set(`OTHER_${index}`, "x");
  }
  environment.variables.set("APPONLY_TENANT_ID", variables[0]?.value ?? "");
  const { entries } = await exportToGitHub(
    target({ environment: "prod/eu west" }),
    [],
    variables.slice(0, 1),
  );
  expect(entries).toMatchObject([{ state: "unchanged" }]);
});

test("somebody else creates or removes a variable meanwhile: the other verb is used", async () => {
  const environment = github.addEnvironment("production", "required_reviewers");
  github.onRequest = (request) => {
    if (request.startsWith("POST ")) {
      environment.variables.set("APPONLY_TENANT_ID", "other");
    }
  };
  const created = await exportToGitHub(target(), [], variables.slice(0, 1));
  expect(created.entries).toMatchObject([{ state: "updated" }]);
  github.onRequest = (request) => {
    if (request.startsWith("PATCH ")) {
      environment.variables.delete("APPONLY_TENANT_ID");
    }
  };
  const updated = await exportToGitHub(target(), [], [{ name: "APPONLY_TENANT_ID", value: "new" }]);
  expect(updated.entries).toMatchObject([{ state: "created" }]);
  expect(environment.variables.get("APPONLY_TENANT_ID")).toBe("new");
});

test("an environment without protection rules is warned of", async () => {
  github.addEnvironment("production");
  const { warnings } = await exportToGitHub(target(), [], []);
  expect(warnings).toEqual([
    expect.stringMatching(
      /"production" has no protection rules: every workflow of contoso\/access/,
    ),
  ]);
});

test("a missing environment is not created, and nothing is written", async () => {
  const message = await refused(exportToGitHub(target(), secrets, variables));
  expect(message).toMatch(/contoso\/access has no environment "production".*would be unprotected/);
  expect(writes()).toEqual([]);
  expect(github.environments.size).toBe(0);
});

test("a token that may not write is told which permission it lacks", async () => {
  github.addEnvironment("production", "required_reviewers");
  const message = await refused(
    exportToGitHub(target({ token: github.readingToken }), secrets, variables),
  );
  expect(message).toMatch(
    /did not let the token write the secret APPONLY_PFX \(403.*permission environments: write.*Nothing was written\./,
  );
});

test("a token that may write but not read environments is enough", async () => {
  github.addEnvironment("production");
  const { entries } = await exportToGitHub(
    target({ token: github.writingToken }),
    [],
    variables.slice(0, 1),
  );
  expect(entries).toMatchObject([{ state: "created" }]);
});

test("a token that is not accepted", async () => {
  const message = await refused(exportToGitHub(target({ token: "expired" }), secrets, variables));
  expect(message).toMatch(/does not accept the token \(401, "Bad credentials"\)/);
});

test("a secret of more than 48 KB is refused before anything is asked", async () => {
  const large = [{ name: "APPONLY_PFX", value: "A".repeat(48 * 1024 + 1) }];
  await expect(exportToGitHub(target(), large, [])).rejects.toThrow(
    /APPONLY_PFX has 49153 bytes, more than the 49152.*Nothing was written.*key-vault/,
  );
  expect(github.requests).toEqual([]);
  const environment = github.addEnvironment("production", "wait_timer");
  const fitting = [{ name: "APPONLY_PFX", value: "A".repeat(48 * 1024) }];
  await exportToGitHub(target(), fitting, []);
  expect(environment.secrets.get("APPONLY_PFX")).toHaveLength(48 * 1024);
});

test("limits and failures are waited out, as long as GitHub asks", async () => {
  github.addEnvironment("production", "wait_timer");
  github.faults.add({
    method: "GET",
    path: /public-key$/,
    answer: () => failure(503, "No server is currently available", { "retry-after": "1" }),
  });
  github.faults.add({
    method: "PUT",
    path: /APPONLY_PFX$/,
    answer: () => failure(429, "Too Many Requests", { "retry-after": "2" }),
  });
  const started = Date.now();
  const { entries } = await exportToGitHub(target(), secrets.slice(0, 1), []);
  expect(entries).toHaveLength(1);
  expect(Date.now() - started).toBeGreaterThanOrEqual(3_000);
});

describe("what is tried again", () => {
  const calls = async (status: number, headers: Record<string, string> = {}, times = 99) => {
    github.addEnvironment("production", "wait_timer");
    github.faults.add({
      method: "GET",
      path: /public-key$/,
      times,
      answer: () => failure(status, "failed", headers),
    });
    const client = gitHubClient(
      { apiUrl: github.url, token: github.token },
      { second: 1, spaced: false },
    );
    await client.rest.actions
      .getEnvironmentPublicKey({ owner: "contoso", repo: "access", environment_name: "production" })
      .catch((error: unknown) => expect(hasStatus(error, status)).toBe(true));
    return github.requests.length;
  };

  test("a failure three times, one that asks for more than two minutes not at all", async () => {
    expect(await calls(502)).toBe(4);
    github.requests.length = 0;
    github.faults.clear();
    expect(await calls(503, { "retry-after": "121" })).toBe(1);
  });

  test("a limit once it has passed", async () => {
    expect(await calls(429, { "retry-after": "7" }, 1)).toBe(2);
  });

  test.each([400, 401, 403, 404, 409, 422])("a refusal with %s is final", async (status) => {
    expect(await calls(status)).toBe(1);
  });
});

test("a failure half-way says what was written; run again, it is complete", async () => {
  const environment = github.addEnvironment("production", "wait_timer");
  github.faults.add({
    method: "PUT",
    path: /APPONLY_PFX_PASSWORD$/,
    answer: () => failure(422, "Validation Failed"),
  });
  const message = await refused(exportToGitHub(target(), secrets, variables));
  expect(message).toMatch(
    /failed to write the secret APPONLY_PFX_PASSWORD \(422, "Validation Failed"\)\. Written before: APPONLY_PFX\. Run the same command again/,
  );
  await exportToGitHub(target(), secrets, variables);
  expect([...environment.secrets.keys()]).toEqual(["APPONLY_PFX", "APPONLY_PFX_PASSWORD"]);
});

test("what GitHub says is shown without secrets and on one line", async () => {
  github.addEnvironment("production", "wait_timer");
  github.faults.add({
    method: "PUT",
    path: /APPONLY_PFX$/,
    answer: () =>
      failure(
        422,
        `bad\n::error::x ${github.token} ${secrets[0]?.value} ${encodeURIComponent(secrets[0]?.value ?? "")}`,
      ),
  });
  const message = await refused(exportToGitHub(target(), secrets, variables));
  expect(message).not.toMatch(/\n/);
  expect(message).toContain('"bad ::error::x *** *** ***"');
});

test("a GitHub that cannot be reached", async () => {
  const address = github.url;
  await github.close();
  const message = await refused(
    exportToGitHub({ ...target(), apiUrl: address }, secrets, variables, { second: 5 }),
  );
  expect(message).toMatch(
    /^127\.0\.0\.1:\d+ gave no answer: ECONNREFUSED\..*Nothing was written\./,
  );
  github = await startGitHubEnvironments();
});

test("a key that libsodium does not take gets no secret", async () => {
  await expect(seal("secret", Buffer.alloc(31).toString("base64"))).rejects.toThrow(
    /not one of libsodium's, so no secret was sent/,
  );
});

describe("the command line", () => {
  const read = (changes: Record<string, string | undefined>, repository = "contoso/access") =>
    readGitHubTarget({
      repository,
      environment: "production",
      variables: { GITHUB_TOKEN: "ghs_1", ...changes },
    });

  test("the token comes from the environment, GH_TOKEN first", () => {
    expect(read({})).toMatchObject({ token: "ghs_1", apiUrl: "https://api.github.com" });
    expect(read({ GH_TOKEN: "ghp_2\n" })).toMatchObject({ token: "ghp_2" });
    expect(() => read({ GITHUB_TOKEN: "" })).toThrow(/No token for GitHub\. Set GH_TOKEN/);
    expect(() => read({ GH_TOKEN: "secret\r\nX-Header: 1" })).toThrow(
      /^(?!.*secret).*characters that no token has/,
    );
  });

  test.each(["", "contoso", "contoso/access/x", "con toso/a", "../x", "contoso/..", "a/b?c"])(
    "%j is not a repository",
    (repository) => {
      expect(() => read({}, repository)).toThrow(/--repository/);
    },
  );

  test("GitHub Enterprise by its address; the token goes nowhere unencrypted", () => {
    expect(read({ GITHUB_API_URL: "https://github.contoso.org/api/v3/" })).toMatchObject({
      apiUrl: "https://github.contoso.org/api/v3",
    });
    for (const url of ["http://github.contoso.org", "ftp://x", "x", "https://u:p@github.com"]) {
      expect(() => read({ GITHUB_API_URL: url })).toThrow(
        /GITHUB_API_URL is not the https address/,
      );
    }
  });
});
