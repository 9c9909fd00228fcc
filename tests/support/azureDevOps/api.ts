import { type Context, Hono } from "hono";
import { Faults, type LoopbackServer, serveOnLoopback } from "../loopback";
import { azureFailure } from "./answers";
import { processes, serveWorkItems, type WorkItems } from "./workItems";

/**
 * A stand-in of Azure DevOps' REST API, as far as work items and pull requests go: locations
 * of resources, connection data, iterations with pages of changes, threads with properties and
 * status. After learn.microsoft.com/rest/api/azure/devops/git.
 */
export interface AzureDevOpsApi extends LoopbackServer, WorkItems {
  readonly faults: Faults;
  readonly requests: string[];
  readonly threads: Thread[];
  pullRequest: {
    head: string;
    changes: Record<string, unknown>[];
    pageSize: number;
    createdBy: { id: string };
    reviewers: { id: string; uniqueName: string; vote: number; isContainer?: boolean }[];
  };
  /** What a file was before, by its path and the commit; none where it was not there. */
  textBefore: (path: string, commit: string) => string | undefined;
  thread(author: string, content: string, properties?: Record<string, unknown>): Thread;
  onRequest: (request: string) => Promise<void> | void;
  reset(): void;
}

export interface Thread {
  id: number;
  status: string;
  isDeleted: boolean;
  properties: Record<string, unknown>;
  comments: {
    id: number;
    content: string;
    commentType: string;
    isDeleted: boolean;
    author: { id: string };
    publishedDate?: string;
  }[];
}

export const azureHead = "1111111111111111111111111111111111111111";
export const azureFork = "0000000000000000000000000000000000000001";
export const buildService = "00000000-0000-0000-0000-00000000b01d";

const tokens: Readonly<Record<string, { id: string; writes: boolean }>> = {
  "token-of-the-job": { id: buildService, writes: true },
  "token-that-reads": { id: buildService, writes: false },
};

/** Where the client finds each resource, as the service itself tells it. */
const locations = [
  [
    "4216bdcf-b6b1-4d59-8b82-c34cc183fc8b",
    "pullRequestIterationChanges",
    "pullRequests/{pullRequestId}/iterations/{iterationId}/changes",
  ],
  [
    "d43911ee-6958-46b0-a42b-8445b8a0d004",
    "pullRequestIterations",
    "pullRequests/{pullRequestId}/iterations/{iterationId}",
  ],
  [
    "ab6e2e5d-a0b7-4153-b64a-a4efe0d49449",
    "pullRequestThreads",
    "pullRequests/{pullRequestId}/threads/{threadId}",
  ],
  [
    "965a3ec7-5ed8-455a-bdcb-835a5ea7fe7b",
    "pullRequestThreadComments",
    "pullRequests/{pullRequestId}/threads/{threadId}/comments/{commentId}",
  ],
  ["fb93c0db-47ed-4a31-8c20-47552878fb44", "items", "items"],
] as const;

const statuses = ["unknown", "active", "fixed", "wontFix", "closed", "byDesign", "pending"];

/** @param textBefore What a file was before, unless a test says otherwise. */
export async function startAzureDevOpsApi(
  textBefore: (path: string, commit: string) => string | undefined = () => "config: {}\n",
): Promise<AzureDevOpsApi> {
  const faults = new Faults();
  const requests: string[] = [];
  const threads: Thread[] = [];
  const initial = () => ({
    head: azureHead,
    changes: [],
    pageSize: 2_000,
    createdBy: { id: "author" },
    reviewers: [],
  });
  let nextId = 500;
  const app = new Hono();
  const state: Omit<AzureDevOpsApi, "url" | "close"> = {
    faults,
    requests,
    threads,
    workItems: [],
    workItemTypes: processes.agile,
    requiredFields: [] as string[],
    pullRequest: initial(),
    onRequest: () => undefined,
    textBefore,
    thread: (author, content, properties = {}) => {
      const thread: Thread = {
        id: nextId++,
        status: "active",
        isDeleted: false,
        properties,
        comments: [
          {
            id: 1,
            content,
            commentType: "text",
            isDeleted: false,
            author: { id: author },
            publishedDate: "2026-11-25T12:00:00Z",
          },
        ],
      };
      threads.push(thread);
      return thread;
    },
    reset: () => {
      faults.clear();
      requests.length = 0;
      threads.length = 0;
      state.workItems.length = 0;
      state.workItemTypes = processes.agile;
      state.requiredFields = [];
      nextId = 500;
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
    tokens[/^bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? ""];
  app.use("*", async (c, next) => {
    if (account(c) === undefined) {
      // The service answers a token it does not know with its page to sign in.
      return c.html("<html><title>Azure DevOps Services | Sign In</title></html>", 203);
    }
    const reads =
      /^GET$|^OPTIONS$/.test(c.req.method) || /wit\/(wiql|workItemsBatch)$/.test(c.req.path);
    if (!reads && account(c)?.writes !== true) {
      return azureFailure(
        403,
        "TF401027: You need the Git 'PullRequestContribute' permission to perform this action.",
      );
    }
    return next();
  });

  const repository = "/contoso/:project/_apis/git/repositories/:repository";
  const pull = `${repository}/pullRequests/42`;
  app.on("OPTIONS", "/contoso/_apis/git", (c) =>
    c.json({
      count: locations.length + 1,
      value: [
        ...locations.map(([id, resourceName, path]) =>
          location(id, resourceName, `{project}/_apis/{area}/repositories/{repositoryId}/${path}`),
        ),
        location(
          "01a46dea-7d46-4d40-bc84-319e7c260d99",
          "pullRequests",
          "{project}/_apis/{area}/pullRequests/{pullRequestId}",
        ),
      ],
    }),
  );
  app.on("OPTIONS", "/contoso/_apis/Location", (c) =>
    c.json({
      count: 1,
      value: [
        {
          ...location(
            "e81700f7-3be2-46de-8624-2eb35882fcaa",
            "ResourceAreas",
            "_apis/{resource}/{areaId}",
          ),
          area: "Location",
        },
      ],
    }),
  );
  app.get("/contoso/_apis/ResourceAreas", (c) => c.json({ count: 0, value: [] }));
  app.get("/contoso/_apis/connectionData", (c) =>
    c.json({
      authenticatedUser: { id: account(c)?.id, providerDisplayName: "Access Build Service" },
    }),
  );
  app.get("/contoso/:project/_apis/git/pullRequests/42", (c) =>
    c.json({
      pullRequestId: 42,
      createdBy: state.pullRequest.createdBy,
      reviewers: state.pullRequest.reviewers,
      lastMergeSourceCommit: { commitId: state.pullRequest.head },
    }),
  );
  const commonRefCommit = { commitId: azureFork };
  app.get(`${pull}/iterations`, (c) =>
    c.json({ count: 2, value: [{ id: 1 }, { id: 2, commonRefCommit }] }),
  );
  app.get(`${repository}/items`, (c) => {
    const text = state.textBefore(
      c.req.query("path") ?? "",
      c.req.query("versionDescriptor.version") ?? "",
    );
    return text === undefined
      ? azureFailure(404, "TF401174: The item could not be found in the repository.")
      : c.text(text);
  });
  app.get(`${pull}/iterations/2/changes`, (c) => {
    const { changes, pageSize } = state.pullRequest;
    const skip = Number(c.req.query("$skip") ?? 0);
    const top = Math.min(Number(c.req.query("$top") ?? 100), pageSize);
    const more = skip + top < changes.length;
    return c.json({
      changeEntries: changes.slice(skip, skip + top),
      nextSkip: more ? skip + top : 0,
      nextTop: more ? top : 0,
    });
  });
  app.get(`${pull}/threads`, (c) => c.json({ count: threads.length, value: threads }));
  app.post(`${pull}/threads`, async (c) => {
    const sent = await c.req.json<{
      comments: { content: string }[];
      status: number;
      properties: Record<string, unknown>;
    }>();
    const thread = state.thread(
      account(c)?.id ?? "",
      sent.comments[0]?.content ?? "",
      sent.properties,
    );
    thread.status = statuses[sent.status] ?? "unknown";
    return c.json(thread);
  });
  app.patch(`${pull}/threads/:thread`, async (c) => {
    const found = threads.find(({ id }) => id === Number(c.req.param("thread")));
    if (found === undefined) {
      return azureFailure(404, "The thread does not exist.");
    }
    found.status = statuses[(await c.req.json<{ status: number }>()).status] ?? "unknown";
    return c.json(found);
  });
  app.patch(`${pull}/threads/:thread/comments/1`, async (c) => {
    const [comment] =
      threads.find(({ id }) => id === Number(c.req.param("thread")))?.comments ?? [];
    if (comment === undefined || comment.isDeleted) {
      return azureFailure(404, "The comment does not exist.");
    }
    comment.content = (await c.req.json<{ content: string }>()).content;
    return c.json(comment);
  });
  app.delete(`${pull}/threads/:thread/comments/1`, (c) => {
    const found = threads.find(({ id }) => id === Number(c.req.param("thread")));
    const [comment] = found?.comments ?? [];
    if (found === undefined || comment === undefined) {
      return azureFailure(404, "The comment does not exist.");
    }
    comment.isDeleted = true;
    found.isDeleted = true;
    return c.body(null, 200);
  });
  serveWorkItems(app, state, (c) => account(c)?.id);
  app.notFound((c) => azureFailure(501, `The stand-in has no ${c.req.method} ${c.req.path}`));
  const server = await serveOnLoopback(app);
  return Object.assign(state, { ...server, url: `${server.url}/contoso/` });
}

function location(id: string, resourceName: string, routeTemplate: string) {
  return {
    id,
    area: "git",
    resourceName,
    routeTemplate,
    resourceVersion: 1,
    minVersion: "1.0",
    maxVersion: "7.2",
    releasedVersion: "7.1",
  };
}

/** What a job of Azure Pipelines finds in its environment. */
export function azureJob(
  api: Pick<AzureDevOpsApi, "url">,
  changes: Record<string, string | undefined> = {},
): Record<string, string | undefined> {
  return {
    TF_BUILD: "True",
    SYSTEM_COLLECTIONURI: api.url,
    SYSTEM_TEAMPROJECT: "Tenant access",
    BUILD_REPOSITORY_ID: "8d2a1b5e-0000-0000-0000-000000000001",
    BUILD_REPOSITORY_PROVIDER: "TfsGit",
    BUILD_BUILDID: "900",
    SYSTEM_JOBATTEMPT: "1",
    SYSTEM_PULLREQUEST_PULLREQUESTID: "42",
    SYSTEM_PULLREQUEST_SOURCECOMMITID: azureHead,
    SYSTEM_PULLREQUEST_ISFORK: "False",
    SYSTEM_ACCESSTOKEN: "token-of-the-job",
    ...changes,
  };
}
