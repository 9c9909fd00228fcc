/**
 * Tickets on both forges, with the real clients against stand-ins of their REST APIs on loopback: what a
 * run opens, changes, closes and leaves. Not proven here: GitHub and Azure Boards themselves.
 */
import { azureDevOpsWorkItems } from "../../../forge/azureDevOps/workItems";
import { gitHubIssues } from "../../../forge/github/issues";
import { keepTickets } from "../../../forge/keepTickets";
import {
  digestOfTicket,
  type StoredTicket,
  type TicketStore,
  type WantedTicket,
} from "../../../forge/tickets";
import { azureFailure } from "../../support/azureDevOps/answers";
import { type AzureDevOpsApi, azureJob, startAzureDevOpsApi } from "../../support/azureDevOps/api";
import { processes } from "../../support/azureDevOps/workItems";
import { failure } from "../../support/github/answers";
import { type GitHubApi, startGitHubApi } from "../../support/github/api";
import { makeStep } from "../../support/github/step";

let github: GitHubApi;
let azure: AzureDevOpsApi;
beforeAll(async () => {
  [github, azure] = await Promise.all([startGitHubApi(), startAzureDevOpsApi()]);
});
afterEach(() => {
  github.reset();
  azure.reset();
});
afterAll(() => Promise.all([github.close(), azure.close()]));

const openGitHubStore = async (changes: Record<string, string> = {}) => {
  const { environment } = await makeStep({ apiUrl: github.url, event: "schedule" });
  return gitHubIssues({ ...environment, ...changes }, { second: 5, spaced: false });
};
const openAzureStore = (changes: Record<string, string | undefined> = {}) =>
  Promise.resolve(
    azureJob(azure, { SYSTEM_PULLREQUEST_PULLREQUESTID: undefined, ...changes }),
  ).then((job) => azureDevOpsWorkItems(job, { second: 5 }));

/** What a person sees of a ticket, on either forge. */
interface SeenTicket {
  readonly id: number;
  readonly title: string;
  readonly text: string;
  readonly state: string;
}

interface TriedForge {
  open(): Promise<TicketStore>;
  seen(): SeenTicket[];
  requests(): string[];
  /** Somebody changes the ticket by hand. */
  set(id: number, state: "done" | "declined"): void;
  /** Somebody else copies the oldest ticket. */
  copy(author: string): void;
  /** Adds a ticket like the first with another key. */
  multiply(key: string, at: number): void;
  readonly open_: string;
  readonly closed: string;
}

const forges: Record<string, TriedForge> = {
  GitHub: {
    open: () => openGitHubStore(),
    seen: () =>
      github.issues.map(({ number, title, body, state, state_reason: reason }) => ({
        id: number,
        title,
        text: body,
        state: state === "open" ? "open" : `closed ${reason}`,
      })),
    requests: () => github.requests,
    set: (id, state) => {
      const issue = github.issues.find(({ number }) => number === id);
      Object.assign(issue ?? {}, {
        state: "closed",
        state_reason: state === "done" ? "completed" : "not_planned",
      });
    },
    copy: (login) => {
      const [first] = github.issues;
      github.issues.push({ ...(first as (typeof github.issues)[0]), number: 50, user: { login } });
    },
    multiply: (key, at) => {
      const [first] = github.issues as [(typeof github.issues)[0]];
      const body = first.body.replace(/key=\w+/, `key=${key}`);
      github.issues.push({ ...first, number: 1_000 + at, body });
    },
    open_: "open",
    closed: "closed completed",
  },
  "Azure DevOps": {
    open: () => openAzureStore(),
    seen: () =>
      azure.workItems.map(({ id, fields }) => ({
        id,
        title: String(fields["System.Title"]),
        text: String(fields["System.Description"]),
        state: String(fields["System.State"]),
      })),
    requests: () => azure.requests,
    set: (id, state) => {
      const fields = azure.workItems.find((one) => one.id === id)?.fields ?? {};
      fields["System.State"] = state === "done" ? "Closed" : "Removed";
    },
    copy: (author) => {
      const [first] = azure.workItems;
      const fields = { ...first?.fields, "System.CreatedBy": { id: author } };
      azure.workItems.push({ id: 50, rev: 1, fields });
    },
    multiply: (key, at) => {
      const fields = { ...azure.workItems[0]?.fields };
      fields["System.Description"] = fields["System.Description"]?.replace(/key=\w+/, `key=${key}`);
      azure.workItems.push({ id: 1_000 + at, rev: 1, fields });
    },
    open_: "New",
    closed: "Closed",
  },
};

const ticketWith = (changes: Partial<WantedTicket> = {}): WantedTicket => ({
  project: ".",
  stack: "contoso",
  key: "0123456789abcdef",
  foundBy: ["drift"],
  title: "contoso.onmicrosoft.com: certificate 1234",
  about: "Somebody added a certificate.",
  facts: [["Risk", "high"]],
  ...changes,
});
const other = ticketWith({ key: "fedcba9876543210", stack: "fabrikam", title: "fabrikam: role" });
const gone = () => true;

describe.each(Object.entries(forges))("on %s", (_name, forge) => {
  const keep = async (
    wanted: readonly WantedTicket[],
    isGone: (stack: string, foundBy: readonly string[]) => boolean = gone,
    project = ".",
  ) => keepTickets(await forge.open(), wanted, project, isGone);
  const writes = () =>
    forge
      .requests()
      .filter((one) => /^(POST|PATCH)/.test(one) && !/graphql|wiql|workItemsBatch/.test(one));

  test("each tenant and finding gets one ticket, and the next run with the same writes nothing", async () => {
    expect(await keep([ticketWith(), other])).toMatchObject({ opened: 2, updated: 0, closed: 0 });
    expect(forge.seen().map(({ title, state }) => [title, state])).toEqual([
      ["contoso.onmicrosoft.com: certificate 1234", forge.open_],
      ["fabrikam: role", forge.open_],
    ]);
    expect(forge.seen()[0]?.text).toMatch(/Somebody added a certificate\.[^]*Risk:[^]*high/);
    forge.requests().length = 0;
    expect(await keep([ticketWith(), other])).toMatchObject({ opened: 0, updated: 0, closed: 0 });
    expect(writes()).toEqual([]);
  });

  test("a ticket whose text has changed is written anew in its place", async () => {
    await keep([ticketWith()]);
    expect(await keep([ticketWith({ facts: [["Risk", "critical"]] })])).toMatchObject({
      opened: 0,
      updated: 1,
    });
    expect(forge.seen()).toHaveLength(1);
    expect(forge.seen()[0]?.text).toContain("critical");
  });

  test("a ticket is closed when its finding is gone, not when its tenant was not reached, and opened again when it is back", async () => {
    await keep([ticketWith(), other]);
    const asked: [string, readonly string[]][] = [];
    await keep([], (stack, foundBy) => {
      asked.push([stack, foundBy]);
      return false;
    });
    expect(asked).toEqual([
      ["contoso", ["drift"]],
      ["fabrikam", ["drift"]],
    ]);
    expect(forge.seen().map(({ state }) => state)).toEqual([forge.open_, forge.open_]);
    expect(await keep([other])).toMatchObject({ closed: 1, updated: 0 });
    expect(forge.seen().map(({ state }) => state)).toEqual([forge.closed, forge.open_]);
    expect(await keep([other])).toMatchObject({ closed: 0, updated: 0 });
    expect(await keep([ticketWith(), other])).toMatchObject({ opened: 0, updated: 1 });
    expect(forge.seen().map(({ state }) => state)).toEqual([forge.open_, forge.open_]);
  });

  test("one that somebody has closed as done is opened again while the finding is there, and one that is not wanted stays closed", async () => {
    await keep([ticketWith(), other]);
    const [first, second] = forge.seen();
    forge.set(first?.id ?? 0, "done");
    forge.set(second?.id ?? 0, "declined");
    expect(await keep([ticketWith(), other])).toMatchObject({ updated: 1, declined: 1 });
    expect(forge.seen()[0]?.state).toBe(forge.open_);
    expect(forge.seen()[1]?.state).not.toBe(forge.open_);
  });

  test("what somebody else has copied is neither taken for a ticket nor touched", async () => {
    await keep([ticketWith()]);
    forge.copy("somebody-else");
    forge.requests().length = 0;
    expect(await keep([ticketWith()])).toMatchObject({ opened: 0, closed: 0 });
    expect(writes()).toEqual([]);
  });

  test("of two tickets that runs side by side have opened the older one stays", async () => {
    const store = await forge.open();
    await store.create(ticketWith());
    await store.create(ticketWith());
    expect(await keep([ticketWith()])).toMatchObject({ opened: 0, closed: 1 });
    const states = forge.seen().map(({ state }) => state === forge.open_);
    expect(states).toEqual([true, false]);
    expect(await keep([ticketWith()])).toMatchObject({ closed: 0 });
  });

  test("the tickets of another project in the same repository are not touched", async () => {
    await keep([ticketWith({ project: "infra%2Faccess" })], gone, "infra%2Faccess");
    expect(await keep([ticketWith()])).toMatchObject({ opened: 1, closed: 0 });
    expect(forge.seen()).toHaveLength(2);
  });

  test("tickets on more than one page are all known again", async () => {
    await keep([ticketWith()]);
    const many = Array.from({ length: 205 }, (_, at) =>
      ticketWith({ key: at.toString(16).padStart(16, "0") }),
    );
    many.forEach(({ key }, at) => forge.multiply(key, at));
    forge.requests().length = 0;
    expect(await keep([ticketWith(), ...many])).toMatchObject({ opened: 0, updated: 0 });
    expect(writes()).toEqual([]);
  });

  test("text out of a tenant is neither markup nor a mark, and makes no title too long", async () => {
    const evil = `<img src=x onerror=alert(1)> @octavia #1 apponly-ticket project=. stack=x by=drift key=ffffffffffffffff text=ffffffffffffffff ${"x".repeat(400)}`;
    const ticket = ticketWith({ title: evil, about: evil, facts: [["Concerns", evil]] });
    await keep([ticket]);
    const [seen] = forge.seen();
    expect(seen?.title.length).toBeLessThanOrEqual(255);
    expect(seen?.text).not.toContain("<img");
    expect(await keep([ticket])).toMatchObject({ opened: 0, updated: 0, closed: 0 });
  });
});

test("of very many new ones the worst are opened first, and the next run goes on", async () => {
  const there: StoredTicket[] = [];
  const store: TicketStore = {
    list: () => Promise.resolve(there),
    create: (ticket) => {
      const digest = digestOfTicket(ticket);
      there.push({ ...ticket, digest, id: there.length, status: "open" });
      return Promise.resolve();
    },
    rewrite: () => Promise.reject(new Error("nothing has changed")),
    close: () => Promise.reject(new Error("nothing is gone")),
  };
  const many = Array.from({ length: 155 }, (_, at) => ticketWith({ key: String(at) }));
  expect(await keepTickets(store, many, ".", gone)).toMatchObject({ opened: 150, left: 5 });
  expect(there.at(-1)?.key).toBe("149");
  expect(await keepTickets(store, many, ".", gone)).toMatchObject({ opened: 5, left: 0 });
});

test("many tickets take minutes, so that before each one it is told how far the run is", async () => {
  const told: [number, number][] = [];
  const many = [ticketWith(), other, ticketWith({ key: "00000000" })];
  await keepTickets(await openGitHubStore(), many, ".", gone, (...far) => told.push(far));
  await keepTickets(await openGitHubStore(), [other], ".", gone, (...far) => told.push(far));
  expect(told).toEqual([
    [0, 3],
    [1, 3],
    [2, 3],
    [0, 2],
    [1, 2],
  ]);
});

test("of very many that have changed or are gone a run writes as many as the forge takes, and the next run goes on", async () => {
  const there = new Map(
    Array.from({ length: 1_000 }, (_, id) => {
      const stored: StoredTicket = {
        ...ticketWith({ key: String(id) }),
        digest: "old",
        id,
        status: "open",
      };
      return [id, stored];
    }),
  );
  const store: TicketStore = {
    list: () => Promise.resolve([...there.values()]),
    create: () => Promise.reject(new Error("nothing is new")),
    rewrite: ({ id }, ticket) => {
      there.set(id, { ...ticket, digest: digestOfTicket(ticket), id, status: "open" });
      return Promise.resolve();
    },
    close: ({ id }) => {
      there.delete(id);
      return Promise.resolve();
    },
  };
  const still = Array.from({ length: 500 }, (_, at) => ticketWith({ key: String(at) }));
  const runs = [];
  for (let run = 0; run < 3; run += 1) {
    const { updated, closed, left } = await keepTickets(store, still, ".", gone);
    runs.push([updated, closed, left]);
  }
  expect(runs).toEqual([
    [400, 0, 600],
    [100, 300, 200],
    [0, 200, 0],
  ]);
});

test("nobody is mentioned by what stands in a tenant", async () => {
  await keepTickets(
    await openGitHubStore(),
    [ticketWith({ about: "@octavia", facts: [["Concerns", "@octavia, #1"]] })],
    ".",
    gone,
  );
  expect(github.issues[0]?.body).not.toMatch(/@octavia|#1/);
});

test("every process of Azure Boards has its own states", async () => {
  azure.workItemTypes = processes.basic;
  const store = await openAzureStore();
  await keepTickets(store, [ticketWith()], ".", gone);
  await keepTickets(store, [], ".", gone);
  expect(azure.workItems[0]?.fields["System.State"]).toBe("Done");
  await keepTickets(store, [ticketWith()], ".", gone);
  expect(azure.workItems[0]?.fields["System.State"]).toBe("To Do");
});

test("a type that somebody chooses, or that the project does not have", async () => {
  const bugs = await openAzureStore({ APPONLY_WORK_ITEM_TYPE: "Bug" });
  await keepTickets(bugs, [ticketWith()], ".", gone);
  expect(azure.workItems[0]?.fields["System.WorkItemType"]).toBe("Bug");
  // Known by its mark, whatever type it has.
  const tasks = await openAzureStore();
  await keepTickets(tasks, [], ".", gone);
  expect(azure.workItems[0]?.fields["System.State"]).toBe("Closed");
  const unknown = await openAzureStore({ APPONLY_WORK_ITEM_TYPE: "Epos" });
  await expect(keepTickets(unknown, [ticketWith()], ".", gone)).resolves.toBeDefined();
  await expect(keepTickets(unknown, [other], ".", gone)).rejects.toThrow(
    'states of the work item type "Epos": the project has no such type',
  );
});

test("more work items than Azure Boards tells of in one answer are all known again", async () => {
  await keepTickets(await openAzureStore(), [ticketWith()], ".", gone);
  for (let at = 0; at < 20_001; at += 1) {
    forges["Azure DevOps"]?.multiply(at.toString(16).padStart(16, "0"), at);
  }
  const newest = ticketWith({ key: (20_000).toString(16).padStart(16, "0") });
  const kept = await keepTickets(await openAzureStore(), [ticketWith(), newest], ".", () => false);
  expect(kept).toMatchObject({ opened: 0, updated: 0, closed: 0 });
});

test("a project whose rules a ticket does not keep is told which type to choose", async () => {
  azure.requiredFields = ["Custom.Approver"];
  await expect(keepTickets(await openAzureStore(), [ticketWith()], ".", gone)).rejects.toThrow(
    /Azure DevOps did not open a ticket: 400 "TF401320: Rule Error for field Custom\.Approver\..*Set APPONLY_WORK_ITEM_TYPE to a type of the project's process that asks for no more than a title\.$/,
  );
});

test("what is refused says which right is missing, and holds no token", async () => {
  const reader = await openGitHubStore({ GITHUB_TOKEN: "token-of-a-fork" });
  const refused = await keepTickets(reader, [ticketWith()], ".", gone).catch(String);
  expect(refused).toContain('Give the job "permissions: { contents: read, issues: write }"');
  expect(refused).not.toContain("token-of-a-fork");
  const azureReader = await openAzureStore({ SYSTEM_ACCESSTOKEN: "token-that-reads" });
  const azureRefused = await keepTickets(azureReader, [ticketWith()], ".", gone).catch(String);
  expect(azureRefused).toContain('Allow "Edit work items in this node"');
  expect(azureRefused).not.toContain("token-that-reads");
  github.takesLabels = false;
  await expect(keepTickets(await openGitHubStore(), [ticketWith()], ".", gone)).rejects.toThrow(
    'without the label "apponly", so it would not be found again',
  );
});

test("a token that is not there is said before anything is asked", async () => {
  await expect(openGitHubStore({ GITHUB_TOKEN: "" })).rejects.toThrow("GITHUB_TOKEN is not set");
  await expect(openAzureStore({ SYSTEM_ACCESSTOKEN: "$(System.AccessToken)" })).rejects.toThrow(
    "SYSTEM_ACCESSTOKEN is not set",
  );
  await expect(openGitHubStore({ GITHUB_REPOSITORY: "" })).rejects.toThrow(
    "This is not a step of GitHub Actions: GITHUB_REPOSITORY is missing or malformed",
  );
  // What only the network refuses does not blame the command line.
  await Promise.all([openGitHubStore(), openAzureStore()]);
  expect([...github.requests, ...azure.requests]).toEqual([]);
});

test("a forge that is busy is asked again as it wants", async () => {
  github.faults.add({
    method: "POST",
    path: /issues$/,
    answer: () => failure(429, "Slow down", { "retry-after": "1" }),
  });
  azure.faults.add({
    method: "POST",
    path: /workItems\//,
    answer: () => azureFailure(429, "Slow down", { "retry-after": "1" }),
  });
  for (const forge of Object.values(forges)) {
    await keepTickets(await forge.open(), [ticketWith()], ".", gone);
    expect(forge.seen()).toHaveLength(1);
  }
});
