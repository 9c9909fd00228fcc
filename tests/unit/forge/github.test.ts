/**
 * GitHub's side of a review, with the real Octokit against a stand-in of GitHub's REST API on
 * loopback. Not proven here: GitHub itself.
 */
import { commentKey, withMarker } from "../../../forge/marker";
import type { Forge } from "../../../forge/forge";
import { keepOneComment } from "../../../forge/keepOneComment";
import { openGitHub } from "../../../forge/github/openGitHub";

import { failure } from "../../support/github/answers";
import {
  firstBase,
  firstHead,
  type GitHubApi,
  type GitHubReview,
  startGitHubApi,
} from "../../support/github/api";
import { makeStep, type StepOptions } from "../../support/github/step";

let api: GitHubApi;
const lines: string[] = [];

beforeAll(async () => {
  api = await startGitHubApi();
});

afterEach(() => {
  api.reset();
  lines.length = 0;
});

afterAll(() => api.close());

async function openForge(options: Partial<StepOptions> = {}): Promise<Forge> {
  const { environment } = await makeStep({ apiUrl: api.url, ...options });
  return openGitHub(environment, {
    write: (line) => lines.push(line),
    pace: { second: 5, spaced: false },
  });
}

async function keep(forge: Forge, text: string, key = commentKey("")) {
  const { pullRequest, run, attempt } = forge;
  return keepOneComment(forge.comments(key), {
    run: { key, head: pullRequest.head, run, attempt },
    text,
    attention: true,
    says: "",
  });
}

const bodies = () => api.comments.map(({ user, body }) => `${user.login}: ${body}`);
const marked = (run: number, text: string, key = ".") =>
  `github-actions[bot]: ${withMarker({
    run: { key, head: firstHead, run: String(run), attempt: 1 },
    attention: true,
    says: "",
    text,
  })}`;
const writes = () => api.requests.filter((one) => !/^GET |graphql/.test(one));

describe("comments", () => {
  test("creates one, and says where it is", async () => {
    expect(await keep(await openForge(), "first")).toEqual({
      outcome: "created",
      url: "https://github.com/contoso/access/pull/7#issuecomment-1000",
    });
    expect(bodies()).toEqual([marked(100, "first")]);
  });

  test("updates the comment that is its own", async () => {
    await keep(await openForge(), "first");
    expect(await keep(await openForge({ run: 101 }), "second")).toMatchObject({
      outcome: "updated",
    });
    expect(bodies()).toEqual([marked(101, "second")]);
    expect(writes()).toEqual([
      "POST /repos/contoso/access/issues/7/comments",
      "PATCH /repos/contoso/access/issues/comments/1000",
    ]);
  });

  test("finds its own behind 350 others, on the fourth page", async () => {
    for (let at = 0; at < 350; at += 1) {
      api.comment("somebody", `comment ${at}`);
    }
    const own = api.comment("github-actions[bot]", marked(99, "old").slice(21));
    await keep(await openForge(), "new");
    expect(api.comments).toHaveLength(351);
    expect(own.body).toBe(marked(100, "new").slice(21));
    expect(api.requests.filter((one) => one.startsWith("GET")).length).toBeGreaterThanOrEqual(4);
  });

  test("a marker that somebody else has written is not its own", async () => {
    api.comment("mallory", marked(999_999, "forged").slice(21));
    api.comment("github-actions[bot]", `quoted: ${marked(999_999, "echo").slice(21)}`);
    expect(await keep(await openForge(), "report")).toMatchObject({ outcome: "created" });
    expect(api.comments).toHaveLength(3);
  });

  test("writes as whoever the token is", async () => {
    await keep(await openForge({ token: "token-of-an-app" }), "first");
    await keep(await openForge({ token: "token-of-an-app", run: 101 }), "second");
    expect(api.comments.map(({ user }) => user.login)).toEqual(["apponly-review[bot]"]);
  });

  test("where the token may not say whose it is, it is the job's own", async () => {
    api.faults.add({ method: "POST", path: /graphql/, times: 2, answer: () => failure(403, "no") });
    await keep(await openForge(), "first");
    await keep(await openForge({ run: 101 }), "second");
    expect(bodies()).toEqual([marked(101, "second")]);
  });

  test("two projects on one pull request have a comment each", async () => {
    await keep(await openForge(), "root");
    await keep(await openForge(), "infra", commentKey("infra/access"));
    expect(bodies()).toEqual([marked(100, "root"), marked(100, "infra", "infra%2Faccess")]);
  });

  test("two runs at once leave one comment, with the newer report", async () => {
    // Both list before either writes.
    let waiting: (() => void)[] = [];
    let lists = 0;
    api.onRequest = (request) => {
      if (!/^GET .*comments$/.test(request) || lists >= 2) {
        return;
      }
      lists += 1;
      return new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (lists === 2) {
          waiting.forEach((go) => go());
          waiting = [];
        }
      });
    };
    const [older, newer] = [await openForge({ run: 100 }), await openForge({ run: 101 })];
    await Promise.all([keep(older, "older"), keep(newer, "newer")]);
    expect(bodies()).toEqual([marked(101, "newer")]);
    expect(writes().filter((one) => one.startsWith("POST"))).toHaveLength(2);
  });

  test("an older run does not overwrite a newer report", async () => {
    await keep(await openForge({ run: 101 }), "newer");
    expect(await keep(await openForge({ run: 100 }), "older")).toMatchObject({
      outcome: "outdated",
    });
    expect(bodies()).toEqual([marked(101, "newer")]);
  });

  test("nothing is written for a commit that is no longer the tip", async () => {
    api.pullRequest.head = "2".repeat(40);
    expect(await keep(await openForge(), "old")).toEqual({ outcome: "outdated" });
    expect(writes()).toEqual([]);
  });

  test("a comment deleted between list and update is written again", async () => {
    await keep(await openForge(), "first");
    api.onRequest = (request) => {
      if (request.startsWith("PATCH")) {
        api.comments.length = 0;
      }
    };
    await keep(await openForge({ run: 101 }), "second");
    expect(bodies()).toEqual([marked(101, "second")]);
  });
});

describe("errors of the API", () => {
  const comments = /comments/;

  test("401 names the token as the fault", async () => {
    await expect(keep(await openForge({ token: "expired" }), "x")).rejects.toThrow(
      'GitHub did not list the comments: 401 "Bad credentials". The token is missing, expired or of another server. Pass github-token: ${{ github.token }}.',
    );
  });

  test("403 of a fork's token says that it may only read", async () => {
    const fork = await openForge({ token: "token-of-a-fork", headRepository: "mallory/access" });
    await expect(keep(fork, "x")).rejects.toMatchObject({
      readOnly: true,
      message:
        'GitHub did not write the comment: 403 "Resource not accessible by integration". The pull request comes from a fork, whose token may only read. The report is in the job summary.',
    });
  });

  test("403 of the repository's own branch says which right is missing", async () => {
    await expect(keep(await openForge({ token: "token-of-a-fork" }), "x")).rejects.toThrow(
      /The token lacks the right\. Give the job "permissions: { contents: read, pull-requests: write }"/,
    );
  });

  test("404 says that the token does not see it", async () => {
    api.faults.add({ method: "GET", path: comments, answer: () => failure(404, "Not Found") });
    await expect(keep(await openForge(), "x")).rejects.toThrow(
      /404 "Not Found"\. The token does not see the repository or the pull request/,
    );
  });

  test("422 shows what GitHub found wrong", async () => {
    await expect(keep(await openForge(), "x".repeat(70_000))).rejects.toThrow(
      /422 "Validation Failed.*Body is too long \(maximum is 65536 characters\)/,
    );
  });

  test.each([500, 502, 503])("%d is tried again", async (status) => {
    api.faults.add({
      method: "POST",
      path: comments,
      times: 2,
      answer: () => failure(status, "Server Error"),
    });
    expect(await keep(await openForge(), "x")).toMatchObject({ outcome: "created" });
  });

  test("500 that stays is explained", async () => {
    api.faults.add({ method: "GET", path: comments, times: 9, answer: () => failure(500, "Oops") });
    await expect(keep(await openForge(), "x")).rejects.toThrow(
      'GitHub did not list the comments: 500 "Oops", also when tried again. Run the job again, and see https://www.githubstatus.com.',
    );
  });

  test("a write that took effect and still answered 502 leaves one comment", async () => {
    api.faults.add({
      method: "POST",
      path: comments,
      takesEffect: true,
      answer: () => failure(502, "Bad Gateway"),
    });
    await keep(await openForge(), "x");
    expect(bodies()).toEqual([marked(100, "x")]);
  });

  test("a connection that ends without an answer is tried again", async () => {
    api.faults.add({ method: "GET", path: comments, answer: "drop" });
    api.faults.add({ method: "POST", path: comments, answer: "drop", takesEffect: true });
    await keep(await openForge(), "x");
    expect(bodies()).toEqual([marked(100, "x")]);
  });

  test("a server that cannot be reached is explained", async () => {
    const forge = await openForge({ apiUrl: "http://127.0.0.1:1" });
    await expect(keep(forge, "x")).rejects.toThrow(
      /GitHub did not list the comments: it could not be reached \(.+\)\. Run the job again\./,
    );
  });

  test("a secondary rate limit is waited for as long as it asks", async () => {
    const answer = () =>
      failure(403, "You have exceeded a secondary rate limit.", { "retry-after": "20" });
    api.faults.add({ method: "POST", path: comments, times: 2, answer });
    const begun = performance.now();
    expect(await keep(await openForge(), "x")).toMatchObject({ outcome: "created" });
    // 20 seconds of 5 milliseconds, twice.
    expect(performance.now() - begun).toBeGreaterThan(190);
  });

  test("a rate limit that lasts is explained, with its end", async () => {
    const reset = Math.floor(Date.now() / 1_000) + 3_000;
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) };
    const answer = () => failure(403, "API rate limit exceeded", headers);
    api.faults.add({ method: "GET", path: comments, times: 9, answer });
    await expect(keep(await openForge(), "x")).rejects.toThrow(
      `The rate limit is used up until ${new Date(reset * 1_000).toISOString().replace(".000", "")}.`,
    );
  });

  test("no error repeats the token", async () => {
    const error = await keep(await openForge({ token: "a-token-nobody-may-see" }), "x").catch(
      String,
    );
    expect(JSON.stringify(error)).not.toContain("a-token-nobody-may-see");
  });
});

describe("changed files", () => {
  test("come from all pages, with both paths of a rename", async () => {
    api.pullRequest.files = [
      ...Array.from({ length: 250 }, (_, at) => ({ filename: `docs/${at}.md`, status: "added" })),
      { filename: "Pulumi.b.yaml", status: "renamed", previous_filename: "Pulumi.a.yaml" },
      { filename: "index.ts", status: "removed" },
      { filename: "package.json", status: "changed" },
    ];
    const { files, complete } = await (await openForge()).changedFiles();
    expect(complete).toBe(true);
    expect(files).toHaveLength(253);
    expect(files.slice(-3)).toEqual([
      { path: "Pulumi.b.yaml", change: "renamed", previousPath: "Pulumi.a.yaml" },
      { path: "index.ts", change: "removed" },
      { path: "package.json", change: "modified" },
    ]);
  });

  test("are not whole once GitHub's limit of 3,000 is reached", async () => {
    api.pullRequest.files = Array.from({ length: 3_500 }, (_, at) => ({
      filename: `docs/${at}.md`,
      status: "added",
    }));
    expect((await (await openForge()).changedFiles()).complete).toBe(false);
  });
});

describe("the step", () => {
  test("a fork is one whose repository is another one, or has been deleted", async () => {
    const fromFork = async (headRepository: string | null) =>
      (await openForge({ headRepository })).pullRequest.fromFork;
    expect(await fromFork("contoso/access")).toBe(false);
    expect(await fromFork("mallory/access")).toBe(true);
    expect(await fromFork(null)).toBe(true);
  });

  test("a run for pull_request_target is refused", async () => {
    await expect(openForge({ event: "pull_request_target" })).rejects.toThrow(
      /gives the job secrets while the pull request decides what is previewed/,
    );
  });

  test("outside of GitHub Actions, the error names what is missing", async () => {
    await expect(openGitHub({}, { write: () => undefined })).rejects.toThrow(
      "This is not a step of GitHub Actions: GITHUB_REPOSITORY, GITHUB_EVENT_NAME, GITHUB_EVENT_PATH, GITHUB_RUN_ID are missing or malformed.",
    );
  });

  test("an annotation stays one command, whatever it holds", async () => {
    (await openForge()).annotate("error", "100%\n::set-output name=risk::none\r##[error]x");
    expect(lines).toEqual(["::error::100%25%0A::set-output name=risk::none%0D# #[error]x"]);
  });
});

describe("approvals", () => {
  const review = (change: Partial<GitHubReview> = {}): GitHubReview => ({
    state: "APPROVED",
    body: "apponly accept",
    submittedAt: "2026-11-25T12:00:00Z",
    author: { __typename: "User", login: "anna" },
    editor: null,
    commit: { oid: firstHead },
    ...change,
  });

  test("tells who has approved, when, which commit and in which words", async () => {
    api.reviews.push(
      review(),
      review({ author: { __typename: "User", login: "ben" }, commit: null }),
    );
    expect(await (await openForge()).approvals()).toEqual([
      { by: "anna", at: "2026-11-25T12:00:00Z", commit: firstHead, text: "apponly accept" },
      { by: "ben", at: "2026-11-25T12:00:00Z", text: "apponly accept" },
    ]);
  });

  test.each([
    [
      "of an app, whose token a workflow has",
      { author: { __typename: "Bot", login: "github-actions" } },
    ],
    ["whose text somebody else has edited", { editor: { login: "mallory" } }],
    ["of the author", { author: { __typename: "User", login: "octavia" } }],
    ["that was dismissed", { state: "DISMISSED" }],
    ["that asks for changes", { state: "CHANGES_REQUESTED" }],
    ["of an account that is gone", { author: null }],
  ] satisfies [string, Partial<GitHubReview>][])("does not count one %s", async (_what, change) => {
    api.reviews.push(review(change));
    expect(await (await openForge()).approvals()).toEqual([]);
  });

  test("counts one whose author has edited it", async () => {
    api.reviews.push(review({ editor: { login: "anna" } }));
    expect(await (await openForge()).approvals()).toHaveLength(1);
  });
});

describe("a merge queue", () => {
  const base = "2".repeat(40);

  test("is of the pull request that its branch names, at the commit of the queue", async () => {
    const forge = await openForge({ queuedOn: base });
    expect(forge.pullRequest).toEqual({
      number: 7,
      head: firstHead,
      fromFork: false,
      queued: true,
    });
  });

  test("changes what its commit changes of the one it is put on", async () => {
    api.comparisons.set(`${base}...${firstHead}`, [
      { filename: "Pulumi.dev.yaml", status: "modified", sha: "3".repeat(40) },
    ]);
    expect(await (await openForge({ queuedOn: base })).changedFiles()).toEqual({
      files: [{ path: "Pulumi.dev.yaml", change: "modified", content: "3".repeat(40) }],
      complete: true,
    });
  });

  test("of 300 files or more GitHub does not list all", async () => {
    const files = Array.from({ length: 301 }, (_, at) => ({
      filename: `${at}.ts`,
      status: "added",
    }));
    api.comparisons.set(`${base}...${firstHead}`, files);
    const changed = await (await openForge({ queuedOn: base })).changedFiles();
    expect(changed).toMatchObject({ complete: false });
  });
});

describe("what a file was before", () => {
  test("is that of the tip that the pull request is for, or that a queue has put it on", async () => {
    const base = "2".repeat(40);
    api.textBefore = (path, commit) => `${path} at ${commit}`;
    expect(await (await openForge()).textBefore("stacks/Pulumi.dev.yaml")).toBe(
      `stacks/Pulumi.dev.yaml at ${firstBase}`,
    );
    expect(await (await openForge({ queuedOn: base })).textBefore("a")).toBe(`a at ${base}`);
  });

  test("is a failure where it was not there", async () => {
    api.textBefore = () => undefined;
    await expect((await openForge()).textBefore("a")).rejects.toThrow(
      'GitHub did not tell what a file was before: 404 "Not Found".',
    );
  });
});

test.each([
  ["text/html", "<html>Sign in to the network</html>"],
  ["application/json", ""],
  ["application/json", "null"],
  ["application/json", "{}"],
  ["application/json", "[null]"],
  ["application/json", '"files"'],
])(
  "what is not GitHub's is not taken for a pull request without files: %s %s",
  async (type, body) => {
    for (const path of [/\/files$/, /\/compare\//]) {
      const answer = () => new Response(body, { headers: { "content-type": type } });
      api.faults.add({ method: "GET", path, times: 9, answer });
      const forge = await openForge(path.source.includes("files") ? {} : { queuedOn: firstBase });
      await expect(forge.changedFiles()).rejects.toThrow("A proxy may have answered in");
      api.faults.clear();
    }
  },
);
