import { Hono } from "hono";
import sodium from "libsodium-wrappers";
import { Faults, type LoopbackServer, serveOnLoopback } from "../loopback";
import { failure } from "./answers";

/** An environment as GitHub keeps it; secrets are kept decrypted, to be looked at. */
export interface EnvironmentState {
  readonly secrets: Map<string, string>;
  readonly variables: Map<string, string>;
  protectionRules: { id: number; type: string }[];
}

/**
 * A stand-in of GitHub's REST API, as far as the secrets and variables of environments go. Sealed
 * boxes are opened with libsodium, as GitHub does. It follows docs.github.com/rest: pages of at
 * most 30 variables, 201 and 204, 409 for a variable that is there, 422 for another key's box.
 */
export interface GitHubEnvironments extends LoopbackServer {
  readonly faults: Faults;
  /** Method and path of each request. */
  readonly requests: string[];
  /** Those the stand-in does not know. */
  readonly unknown: string[];
  readonly repository: string;
  /** May do everything. */
  readonly token: string;
  /** May read, and write nothing. */
  readonly readingToken: string;
  /** May write environments, and not read what needs the permission "Actions". */
  readonly writingToken: string;
  readonly environments: Map<string, EnvironmentState>;
  /** Called before each request is answered. */
  onRequest: (request: string) => void;
  addEnvironment(name: string, protectedBy?: string): EnvironmentState;
}

const repository = "contoso/access";

export async function startGitHubEnvironments(): Promise<GitHubEnvironments> {
  await sodium.ready;
  const faults = new Faults();
  const requests: string[] = [];
  const unknown: string[] = [];
  const environments = new Map<string, EnvironmentState>();
  const keys = sodium.crypto_box_keypair();
  const keyId = "568250167242549743";
  const tokens = {
    token: "github_pat_of_somebody_who_may_write",
    readingToken: "github_pat_of_somebody_who_may_read",
    writingToken: "github_pat_of_somebody_who_may_write_only",
  };
  const state: Omit<GitHubEnvironments, "url" | "close"> = {
    faults,
    requests,
    unknown,
    repository,
    ...tokens,
    environments,
    onRequest: () => undefined,
    addEnvironment: (name, protectedBy) => {
      const added: EnvironmentState = {
        secrets: new Map(),
        variables: new Map(),
        protectionRules: protectedBy === undefined ? [] : [{ id: 1, type: protectedBy }],
      };
      environments.set(name, added);
      return added;
    },
  };
  const app = new Hono();

  app.use(async (c, next) => {
    const { pathname } = new URL(c.req.url);
    const request = `${c.req.method} ${pathname}`;
    requests.push(request);
    state.onRequest(request);
    const fault = faults.take(c.req.method, pathname);
    if (fault === undefined || fault.takesEffect === true) {
      await next();
    }
    if (fault?.answer === "drop") {
      (c.env as { incoming: { socket: { destroy(): void } } }).incoming.socket.destroy();
    } else if (fault !== undefined) {
      c.res = undefined;
      c.res = fault.answer();
    }
  });
  app.use(async (c, next) => {
    const given = /^(?:token|bearer) (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    if (!Object.values<string | undefined>(tokens).includes(given)) {
      return failure(401, "Bad credentials");
    }
    const reads = c.req.method === "GET";
    const needsActions = /\/environments\/[^/]+$/.test(new URL(c.req.url).pathname);
    if (
      (given === tokens.readingToken && !reads) ||
      (given === tokens.writingToken && needsActions)
    ) {
      return failure(403, "Resource not accessible by personal access token", {
        "x-accepted-github-permissions": needsActions ? "actions=read" : "environments=write",
      });
    }
    return next();
  });

  const base = `/repos/${repository}/environments/:environment`;
  const findEnvironment = (name: string) => environments.get(decodeURIComponent(name));
  const missing = () => failure(404, "Not Found");

  app.get(base, (c) => {
    const environment = findEnvironment(c.req.param("environment"));
    return environment === undefined
      ? missing()
      : c.json({
          id: 161_088_068,
          name: c.req.param("environment"),
          protection_rules: environment.protectionRules,
          deployment_branch_policy: null,
        });
  });
  app.get(`${base}/secrets/public-key`, (c) =>
    findEnvironment(c.req.param("environment")) === undefined
      ? missing()
      : c.json({
          key_id: keyId,
          key: sodium.to_base64(keys.publicKey, sodium.base64_variants.ORIGINAL),
        }),
  );
  app.put(`${base}/secrets/:name`, async (c) => {
    const environment = findEnvironment(c.req.param("environment"));
    const name = c.req.param("name");
    const body = await c.req.json<{ encrypted_value?: string; key_id?: string }>();
    if (environment === undefined) {
      return missing();
    }
    if (!isName(name) || body.key_id !== keyId || typeof body.encrypted_value !== "string") {
      return failure(422, "Validation Failed");
    }
    let value: string;
    try {
      const box = sodium.from_base64(body.encrypted_value, sodium.base64_variants.ORIGINAL);
      value = sodium.to_string(sodium.crypto_box_seal_open(box, keys.publicKey, keys.privateKey));
    } catch {
      return failure(422, "Bad request - Could not decrypt the encrypted_value");
    }
    if (Buffer.byteLength(value) > 48 * 1024) {
      return failure(422, "Secret value is too large");
    }
    const known = environment.secrets.has(name.toUpperCase());
    environment.secrets.set(name.toUpperCase(), value);
    return known ? c.body(null, 204) : c.json({}, 201);
  });
  app.get(`${base}/secrets`, (c) => {
    const environment = findEnvironment(c.req.param("environment"));
    const all = [...(environment?.secrets.keys() ?? [])].map((name) => ({ name }));
    return environment === undefined
      ? missing()
      : c.json({ total_count: all.length, secrets: all });
  });
  app.get(`/repos/${repository}`, (c) => c.json({ full_name: repository }));
  app.get(`${base}/variables`, (c) => {
    const environment = findEnvironment(c.req.param("environment"));
    if (environment === undefined) {
      return missing();
    }
    const all = [...environment.variables].map(([name, value]) => ({ name, value }));
    const size = Math.min(Number(c.req.query("per_page") ?? 10), 30);
    const page = Number(c.req.query("page") ?? 1);
    const next = new URL(c.req.url);
    next.searchParams.set("page", String(page + 1));
    return c.json(
      { total_count: all.length, variables: all.slice((page - 1) * size, page * size) },
      200,
      page * size < all.length ? { link: `<${next.href}>; rel="next"` } : {},
    );
  });
  app.post(`${base}/variables`, async (c) => {
    const environment = findEnvironment(c.req.param("environment"));
    const { name, value } = await c.req.json<{ name?: string; value?: string }>();
    if (environment === undefined) {
      return missing();
    }
    if (name === undefined || value === undefined || !isName(name)) {
      return failure(422, "Validation Failed");
    }
    if (environment.variables.has(name)) {
      return failure(409, "Already exists - Variable already exists");
    }
    environment.variables.set(name, value);
    return c.json({}, 201);
  });
  app.patch(`${base}/variables/:name`, async (c) => {
    const environment = findEnvironment(c.req.param("environment"));
    const name = c.req.param("name");
    const { value } = await c.req.json<{ value?: string }>();
    if (environment?.variables.has(name) !== true) {
      return missing();
    }
    environment.variables.set(name, value ?? "");
    return c.body(null, 204);
  });
  app.notFound((c) => {
    if (!c.req.path.startsWith(`/repos/${repository}/environments/`)) {
      return missing();
    }
    unknown.push(`${c.req.method} ${c.req.path}`);
    return failure(501, `The stand-in has no ${c.req.method} ${c.req.path}`);
  });
  return Object.assign(state, await serveOnLoopback(app));
}

/** Letters, digits and underscores, not a digit first, and not GitHub's own prefix. */
function isName(name: string): boolean {
  return /^[A-Z_][A-Z0-9_]*$/i.test(name) && !/^GITHUB_/i.test(name);
}
