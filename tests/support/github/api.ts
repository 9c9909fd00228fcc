import { type Context, Hono } from "hono";
import { Faults, type LoopbackServer, serveOnLoopback } from "../loopback";
import { failure, page, repository } from "./answers";
import { type GitHubIssues, serveIssues } from "./issues";

/**
 * A stand-in of GitHub's REST API, as far as issues, comments and files of pull requests go. It follows
 * docs.github.com/rest: pages of at most 100 with a Link header, error bodies with `message` and
 * `documentation_url`, 65,536 characters for a comment, tokens that may only read.
 */
export interface GitHubApi extends LoopbackServer, GitHubIssues {
  readonly faults: Faults;
  readonly requests: string[];
  readonly comments: GitHubComment[];
  pullRequest: { number: number; head: string; author: string; files: GitHubFile[] };
  /** Files of a comparison, by `BASE...HEAD`. */
  readonly comparisons: Map<string, GitHubFile[]>;
  /** Newest review of each who may write, as GraphQL tells them. */
  readonly reviews: GitHubReview[];
  /** What a file was before, by its path and the commit; none where it was not there. */
  textBefore: (path: string, commit: string) => string | undefined;
  /** Adds a comment as somebody else would. */
  comment(login: string, body: string): GitHubComment;
  /** Called before each request is answered; what it returns is waited for. */
  onRequest: (request: string) => Promise<void> | void;
  reset(): void;
}

export interface GitHubComment {
  id: number;
  body: string;
  user: { login: string };
  html_url: string;
}

export interface GitHubReview {
  state: "APPROVED" | "CHANGES_REQUESTED" | "DISMISSED";
  body: string;
  submittedAt: string;
  author: { __typename: "User" | "Bot"; login: string } | null;
  editor: { login: string } | null;
  commit: { oid: string } | null;
}

export interface GitHubFile {
  filename: string;
  status: string;
  sha?: string;
  previous_filename?: string;
}

/** Tokens and whom they stand for. */
const tokens: Readonly<Record<string, { login: string; writes: boolean }>> = {
  "token-of-the-job": { login: "github-actions[bot]", writes: true },
  "token-of-a-fork": { login: "github-actions[bot]", writes: false },
  "token-of-an-app": { login: "apponly-review[bot]", writes: true },
};

export const firstHead = "1111111111111111111111111111111111111111";
export const firstBase = "0000000000000000000000000000000000000001";

/** @param textBefore What a file was before, unless a test says otherwise. */
export async function startGitHubApi(
  textBefore: (path: string, commit: string) => string | undefined = () => "config: {}\n",
): Promise<GitHubApi> {
  const faults = new Faults();
  const requests: string[] = [];
  const comments: GitHubComment[] = [];
  const initial = () => ({
    number: 7,
    head: firstHead,
    author: "octavia",
    files: [] as GitHubFile[],
  });
  const comparisons = new Map<string, GitHubFile[]>();
  const reviews: GitHubReview[] = [];
  let nextId = 1_000;
  const app = new Hono();

  const state: Omit<GitHubApi, "url" | "close"> = {
    faults,
    requests,
    comments,
    comparisons,
    reviews,
    issues: [],
    takesLabels: true,
    pullRequest: initial(),
    onRequest: () => undefined,
    textBefore,
    comment: (login, body) => {
      const id = nextId++;
      const comment = {
        id,
        body,
        user: { login },
        html_url: `https://github.com/${repository}/pull/7#issuecomment-${id}`,
      };
      comments.push(comment);
      return comment;
    },
    reset: () => {
      faults.clear();
      requests.length = 0;
      comments.length = 0;
      comparisons.clear();
      reviews.length = 0;
      state.issues.length = 0;
      state.takesLabels = true;
      nextId = 1_000;
      state.pullRequest = initial();
      state.onRequest = () => undefined;
      state.textBefore = textBefore;
    },
  };

  app.use(async (c, next) => {
    const { pathname } = new URL(c.req.url);
    const request = `${c.req.method} ${pathname}`;
    requests.push(request);
    await state.onRequest(request);
    const fault = faults.take(c.req.method, pathname);
    if (fault === undefined || fault.takesEffect === true) {
      await next();
    }
    if (fault?.answer === "drop") {
      (c.env as { incoming: { socket: { destroy(): void } } }).incoming.socket.destroy();
      return c.body(null, 500);
    }
    if (fault !== undefined) {
      c.res = undefined;
      c.res = fault.answer();
    }
  });

  const account = (c: Context) =>
    tokens[/^(?:token|bearer) (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? ""];
  app.use("*", async (c, next) => {
    if (account(c) === undefined) {
      return failure(401, "Bad credentials");
    }
    if (
      !/^GET|^POST \/graphql/.test(`${c.req.method} ${new URL(c.req.url).pathname}`) &&
      account(c)?.writes !== true
    ) {
      return failure(403, "Resource not accessible by integration");
    }
    return next();
  });

  const pulls = `/repos/${repository}/pulls/:number`;
  app.post("/graphql", async (c) => {
    const { query } = await c.req.json<{ query: string }>();
    const { author } = state.pullRequest;
    const pullRequest = { author: { login: author }, latestOpinionatedReviews: { nodes: reviews } };
    return query.includes("viewer")
      ? c.json({ data: { viewer: { login: account(c)?.login } } })
      : query.includes("latestOpinionatedReviews(first: 100, writersOnly: true)")
        ? c.json({ data: { repository: { pullRequest } } })
        : c.json({ errors: [{ message: "unknown query" }] });
  });
  app.get("/user", () => failure(403, "Resource not accessible by integration"));
  app.get(pulls, (c) => {
    const { number, head } = state.pullRequest;
    return Number(c.req.param("number")) === number
      ? c.json({ number, head: { sha: head } })
      : failure(404, "Not Found");
  });
  app.get(`${pulls}/files`, (c) => page(c, state.pullRequest.files.slice(0, 3_000)));
  app.get(`/repos/${repository}/contents/:path{.+}`, (c) => {
    const text = state.textBefore(c.req.param("path"), c.req.query("ref") ?? "");
    const isRaw = /application\/vnd\.github\.(v3\.)?raw/.test(c.req.header("accept") ?? "");
    return text === undefined ? failure(404, "Not Found") : isRaw ? c.text(text) : c.json({});
  });
  app.get(`/repos/${repository}/compare/:basehead`, (c) => {
    const files = comparisons.get(c.req.param("basehead"));
    return files === undefined ? failure(404, "Not Found") : c.json({ files: files.slice(0, 300) });
  });
  app.get(`/repos/${repository}/issues/:number/comments`, (c) => page(c, comments));
  app.post(`/repos/${repository}/issues/:number/comments`, async (c) => {
    const { body } = await c.req.json<{ body: string }>();
    return tooLong(body) ?? c.json(state.comment(account(c)?.login ?? "", body), 201);
  });
  app.patch(`/repos/${repository}/issues/comments/:id`, async (c) => {
    const { body } = await c.req.json<{ body: string }>();
    const found = comments.find(({ id }) => id === Number(c.req.param("id")));
    if (found === undefined) {
      return failure(404, "Not Found");
    }
    const long = tooLong(body);
    if (long === undefined) {
      found.body = body;
    }
    return long ?? c.json(found);
  });
  app.delete(`/repos/${repository}/issues/comments/:id`, (c) => {
    const at = comments.findIndex(({ id }) => id === Number(c.req.param("id")));
    if (at < 0) {
      return failure(404, "Not Found");
    }
    comments.splice(at, 1);
    return c.body(null, 204);
  });
  serveIssues(app, state, (c) => account(c)?.login);
  app.notFound((c) =>
    new URL(c.req.url).pathname.startsWith("/repos/")
      ? failure(404, "Not Found")
      : failure(501, `The stand-in has no ${c.req.method} ${c.req.path}`),
  );
  return Object.assign(state, await serveOnLoopback(app));
}

function tooLong(body: string): Response | undefined {
  return [...body].length <= 65_536
    ? undefined
    : failure(
        422,
        "Validation Failed",
        {},
        {
          errors: [
            {
              resource: "IssueComment",
              code: "unprocessable",
              field: "data",
              message: "Body is too long (maximum is 65536 characters)",
            },
          ],
        },
      );
}
