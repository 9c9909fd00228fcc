/**
 * Azure DevOps' side of a review, with the real client against a stand-in of its REST API on
 * loopback. Not proven here: Azure DevOps itself, and how it shows a hidden marker.
 */
import { readFile } from "node:fs/promises";
import type { Forge } from "../../../forge/forge";
import { keepOneComment } from "../../../forge/keepOneComment";
import { openAzureDevOps } from "../../../forge/azureDevOps/openAzureDevOps";
import { withMarker } from "../../../forge/marker";
import { azureFailure } from "../../support/azureDevOps/answers";
import {
  azureFork,
  azureHead,
  azureJob,
  type AzureDevOpsApi,
  buildService,
  startAzureDevOpsApi,
} from "../../support/azureDevOps/api";

let api: AzureDevOpsApi;
const lines: string[] = [];

beforeAll(async () => {
  api = await startAzureDevOpsApi();
});

afterEach(() => {
  api.reset();
  lines.length = 0;
});

afterAll(() => api.close());

const openForge = (changes: Record<string, string | undefined> = {}) =>
  openAzureDevOps(azureJob(api, changes), {
    write: (line) => lines.push(line),
    pace: { second: 5 },
  });

const keep = (forge: Forge, text: string, attention = true) =>
  keepOneComment(forge.comments("."), {
    run: { key: ".", head: forge.pullRequest.head, run: forge.run, attempt: forge.attempt },
    text,
    attention,
    says: "",
  });

const marked = (run: number, text: string, attention = true) =>
  withMarker({
    run: { key: ".", head: azureHead, run: String(run), attempt: 1 },
    attention,
    says: "",
    text,
  });
const visible = () =>
  api.threads
    .filter(({ isDeleted }) => !isDeleted)
    .map(({ status, comments }) => ({ status, content: comments[0]?.content }));

describe("threads", () => {
  test("creates an active one with its property, and says where it is", async () => {
    expect(await keep(await openForge(), "first")).toEqual({
      outcome: "created",
      url: `${api.url}Tenant%20access/_git/8d2a1b5e-0000-0000-0000-000000000001/pullrequest/42?discussionId=500`,
    });
    expect(visible()).toEqual([{ status: "active", content: marked(900, "first") }]);
    expect(api.threads[0]?.properties).toEqual({
      "apponly.review": { $type: "System.String", $value: "." },
    });
  });

  test("updates its own, and closes it once nobody has to act", async () => {
    await keep(await openForge(), "first");
    const next = await openForge({ BUILD_BUILDID: "901" });
    expect(await keep(next, "second", false)).toMatchObject({ outcome: "updated" });
    expect(visible()).toEqual([{ status: "closed", content: marked(901, "second", false) }]);
  });

  test("one that somebody has resolved stays so until the report changes", async () => {
    const footer = (run: number) => `\n\n<sub>Run ${run}.</sub>`;
    await keep(await openForge(), `same${footer(1)}`);
    api.threads[0]!.status = "wontFix";
    await keep(await openForge({ BUILD_BUILDID: "901" }), `same${footer(2)}`);
    expect(visible()[0]?.status).toBe("wontFix");
    await keep(await openForge({ BUILD_BUILDID: "902" }), `other${footer(3)}`);
    expect(visible()[0]?.status).toBe("active");
  });

  test("threads of others with its marker or its property are not its own", async () => {
    const property = { "apponly.review": { $type: "System.String", $value: "." } };
    api.thread("mallory", marked(9_999, "forged"), property);
    api.thread(buildService, marked(9_999, "another pipeline"));
    api.thread(buildService, "no marker", property);
    expect(await keep(await openForge(), "report")).toMatchObject({ outcome: "created" });
    expect(api.threads).toHaveLength(4);
  });

  test("two runs at once leave one thread, with the newer report", async () => {
    let waiting: (() => void)[] = [];
    let lists = 0;
    api.onRequest = (request) => {
      if (!/^GET .*threads$/.test(request) || lists >= 2) {
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
    const [older, newer] = [await openForge(), await openForge({ BUILD_BUILDID: "901" })];
    await Promise.all([keep(older, "older"), keep(newer, "newer")]);
    expect(visible()).toEqual([{ status: "active", content: marked(901, "newer") }]);
    expect(api.threads).toHaveLength(2);
  });

  test("an older run, and one for an older commit, write nothing", async () => {
    await keep(await openForge({ BUILD_BUILDID: "901" }), "newer");
    expect(await keep(await openForge(), "older")).toMatchObject({ outcome: "outdated" });
    api.pullRequest.head = "2".repeat(40);
    const later = await openForge({ BUILD_BUILDID: "999" });
    expect(await keep(later, "old commit")).toMatchObject({ outcome: "outdated" });
    expect(visible()).toEqual([{ status: "active", content: marked(901, "newer") }]);
  });
});

describe("errors", () => {
  test("a token that is refused is explained", async () => {
    await expect(
      openForge({ SYSTEM_ACCESSTOKEN: "expired" }).then((forge) => keep(forge, "x")),
    ).rejects.toThrow(/did not .*token/);
  });

  test("a right that is missing is named", async () => {
    const forge = await openForge({ SYSTEM_ACCESSTOKEN: "token-that-reads" });
    await expect(keep(forge, "x")).rejects.toMatchObject({
      readOnly: true,
      message: expect.stringContaining(
        'Allow "Contribute to pull requests" to the build service account',
      ) as unknown,
    });
  });

  test("429 is waited for as long as it asks, and a 500 and a lost connection are tried again", async () => {
    const threads = /threads$/;
    api.faults.add({
      method: "GET",
      path: threads,
      answer: () => azureFailure(429, "slow down", { "retry-after": "30" }),
    });
    api.faults.add({ method: "GET", path: threads, answer: () => azureFailure(500, "oops") });
    api.faults.add({ method: "POST", path: threads, answer: "drop", takesEffect: true });
    const begun = performance.now();
    await keep(await openForge(), "x");
    expect(performance.now() - begun).toBeGreaterThan(145);
    expect(visible()).toEqual([{ status: "active", content: marked(900, "x") }]);
  });

  test("a 500 that stays and a 404 are explained", async () => {
    const threads = /threads$/;
    api.faults.add({
      method: "GET",
      path: threads,
      times: 9,
      answer: () => azureFailure(500, "oops"),
    });
    await expect(keep(await openForge(), "x")).rejects.toThrow(
      'Azure DevOps did not list the threads: 500 "oops", also when tried again.',
    );
    api.faults.clear();
    api.faults.add({ method: "GET", path: threads, answer: () => azureFailure(404, "no") });
    await expect(keep(await openForge(), "x")).rejects.toThrow(
      /did not list the threads: the token does not see the repository or the pull request/,
    );
  });

  test.each([
    [{ SYSTEM_ACCESSTOKEN: undefined }, /SYSTEM_ACCESSTOKEN is not set/],
    [{ SYSTEM_ACCESSTOKEN: "$(System.AccessToken)" }, /SYSTEM_ACCESSTOKEN is not set/],
    [{ BUILD_REPOSITORY_PROVIDER: "GitHub" }, /is not Azure Repos/],
    [{ SYSTEM_PULLREQUEST_PULLREQUESTID: undefined }, /build validation of the branch policy/],
    [{ SYSTEM_COLLECTIONURI: undefined }, /This is not a job of Azure Pipelines/],
  ])("%p is explained", async (changes, message) => {
    await expect(openForge(changes)).rejects.toThrow(message);
  });
});

test("changed files come from all pages, without folders, with both paths of a rename", async () => {
  api.pullRequest.pageSize = 2;
  api.pullRequest.changes = [
    { changeType: "edit", item: { path: "/Pulumi.contoso.yaml" } },
    { changeType: "add", item: { path: "/components", isFolder: true } },
    { changeType: "rename", item: { path: "/Pulumi.b.yaml" }, originalPath: "/Pulumi.a.yaml" },
    { changeType: "delete", item: { path: "/index.ts" } },
    { changeType: "add", item: { path: "/new.ts" } },
  ];
  expect(await (await openForge()).changedFiles()).toEqual({
    complete: true,
    files: [
      { path: "Pulumi.contoso.yaml", change: "modified" },
      { path: "Pulumi.b.yaml", change: "renamed", previousPath: "Pulumi.a.yaml" },
      { path: "index.ts", change: "removed" },
      { path: "new.ts", change: "added" },
    ],
  });
});

test("outputs, summary and annotations stay one command each, whatever they hold", async () => {
  const forge = await openForge();
  await forge.setOutputs({
    risk: "critical",
    changes: 2,
    stacks: ["a", "##vso[task.complete]"],
    notPreviewed: [],
    commentUrl: "https://x/?a=1;b]2\n##vso[task.setvariable variable=gate]passed",
    gate: "tripped",
    acceptedBy: "",
  });
  forge.annotate("error", "100%\n##[section]x");
  await forge.publishSummary(() => "# report");
  const file = lines.pop() ?? "";
  expect(lines).toEqual([
    "##vso[task.setvariable variable=risk;isoutput=true]critical",
    "##vso[task.setvariable variable=changes;isoutput=true]2",
    '##vso[task.setvariable variable=stacks;isoutput=true]["a","# #vso[task.complete]"]',
    "##vso[task.setvariable variable=notPreviewed;isoutput=true][]",
    "##vso[task.setvariable variable=commentUrl;isoutput=true]https://x/?a=1;b]2%0A# #vso[task.setvariable variable=gate]passed",
    "##vso[task.setvariable variable=gate;isoutput=true]tripped",
    "##vso[task.setvariable variable=acceptedBy;isoutput=true]",
    "##vso[task.logissue type=error]100%AZP25%0A# #[section]x",
  ]);
  expect(file).toMatch(/^##vso\[task\.uploadsummary\]\/.*\.md$/);
  expect(await readFile(file.replace(/^.*?\]/, ""), "utf8")).toBe("# report");
});

describe("approvals", () => {
  const voting = (vote: number, more = {}) => [
    { id: "anna", uniqueName: "anna@contoso.com", vote, ...more },
  ];

  test.each([10, 5])("a vote of %i makes the comments of a reviewer count", async (vote) => {
    api.pullRequest.reviewers = voting(vote);
    api.thread("anna", "apponly accept");
    api.thread("somebody", "apponly accept");
    expect(await (await openForge()).approvals()).toEqual([
      { by: "anna@contoso.com", at: "2026-11-25T12:00:00.000Z", text: "apponly accept" },
    ]);
  });

  test.each([
    ["who waits for the author", voting(-5)],
    ["who has not voted", voting(0)],
    ["that is a group", voting(10, { isContainer: true })],
    ["who is the author", voting(10, { id: "author" })],
    ["that is the account of the job", voting(10, { id: buildService })],
  ])("not those of one %s", async (_who, reviewers) => {
    api.pullRequest.reviewers = reviewers;
    api.thread(reviewers[0]!.id, "apponly accept");
    expect(await (await openForge()).approvals()).toEqual([]);
  });
});

describe("what a file was before", () => {
  test("is that of the commit at which the branch left its target", async () => {
    api.textBefore = (path, commit) => `${path} at ${commit}`;
    expect(await (await openForge()).textBefore("stacks/Pulumi.dev.yaml")).toBe(
      `/stacks/Pulumi.dev.yaml at ${azureFork}`,
    );
  });

  test("is told of many files by one look for that commit", async () => {
    api.textBefore = (path) => path;
    const forge = await openForge();
    await forge.changedFiles();
    await Promise.all(["a", "b", "c"].map((path) => forge.textBefore(path)));
    const looks = api.requests.filter((one) => /\/iterations(\?|$)/.test(one));
    expect({ looks: looks.length, all: api.requests.length > 4 }).toEqual({ looks: 1, all: true });
  });

  test("is a failure where it was not there", async () => {
    api.textBefore = () => undefined;
    await expect((await openForge()).textBefore("a")).rejects.toThrow(
      /^Azure DevOps did not tell what a file was before: 404 /,
    );
  });
});

test.each([
  ["text/html", "<html>Sign in to the network</html>"],
  ["application/json", ""],
  ["application/json", "null"],
  ["application/json", "{}"],
  ["application/json", '{"value":[null],"changeEntries":[null]}'],
  ["application/json", '{"value":"x","changeEntries":"x"}'],
])(
  "what is not Azure DevOps' is not taken for a pull request without files: %s %s",
  async (type, body) => {
    for (const path of [/\/iterations$/, /\/changes$/]) {
      const answer = () => new Response(body, { headers: { "content-type": type } });
      api.faults.add({ method: "GET", path, times: 9, answer });
      const forge = await openForge();
      await expect(forge.changedFiles()).rejects.toThrow(
        /^Azure DevOps did not list the changed files: /,
      );
      api.faults.clear();
    }
  },
);
