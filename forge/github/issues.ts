import { gitHubClient, type GitHubPace } from "../../access/github/client";
import { markdownProse } from "../../review/render/markdownText";
import type { Environment } from "../../system/environment";
import { ForgeFailure } from "../forgeFailure";
import {
  markOfTicket,
  readTicketMark,
  type StoredTicket,
  type TicketStore,
  ticketWay,
  titleOfTicket,
  type WantedTicket,
} from "../tickets";
import { gitHubAccountOf } from "./comments";
import { readGitHubRun } from "./context";
import { callGitHub } from "./errors";

/** By this people find the tickets, and the program lists them. */
const ticketLabel = "apponly";

const issueNeed = {
  permissions: "contents: read, issues: write",
  sees: "its issues",
  besides: "an issue that is locked cannot be changed",
};

/**
 * The tickets as issues of the repository whose workflow runs: those with the label and the mark that
 * the token's own account has opened, because anybody may copy a mark.
 *
 * @throws {ForgeFailure} If it is not a step of GitHub Actions, or has no token.
 * @see https://docs.github.com/rest/issues/issues
 */
export function gitHubIssues(environment: Environment, pace?: GitHubPace): TicketStore {
  const run = readGitHubRun(environment);
  if (run.token === "") {
    throw new ForgeFailure(
      "GITHUB_TOKEN is not set. Pass it to the step: env: { GITHUB_TOKEN: ${{ github.token }} }.",
    );
  }
  const octokit = gitHubClient(run, pace);
  const { owner, repository: repo } = run;
  const call = <T>(doing: string, ask: () => Promise<T>) => callGitHub(doing, issueNeed, ask);
  const update = (doing: string, id: number, change: IssueChange) =>
    call(doing, () => octokit.rest.issues.update({ owner, repo, issue_number: id, ...change }));
  return {
    list: async () => {
      const login = await gitHubAccountOf(octokit);
      const own: StoredTicket[] = [];
      await call("list the tickets", async () => {
        const pages = octokit.paginate.iterator(octokit.rest.issues.listForRepo, {
          owner,
          repo,
          labels: ticketLabel,
          state: "all",
          sort: "created",
          direction: "asc",
          per_page: 100,
        });
        for await (const { data } of pages) {
          own.push(
            ...data.flatMap((issue) => (issue.user?.login === login ? ticketIn(issue) : [])),
          );
        }
      });
      return own.sort((a, b) => a.id - b.id);
    },
    create: async (ticket) => {
      const { data } = await call("open a ticket", () =>
        octokit.rest.issues.create({ owner, repo, ...issueText(ticket), labels: [ticketLabel] }),
      );
      const labels = data.labels.map((one) => (typeof one === "string" ? one : one.name));
      if (!labels.includes(ticketLabel)) {
        throw new ForgeFailure(
          `GitHub has opened the issue ${data.html_url} without the label "${ticketLabel}", so it would not be found again. Give the token the right to write to the repository, add the label to that issue, and run the job again.`,
        );
      }
    },
    rewrite: async ({ id }, ticket) => {
      await update("update a ticket", id, { ...issueText(ticket), state: "open" });
    },
    close: async ({ id }, duplicateOf) => {
      await update("close a ticket", id, {
        state: "closed",
        state_reason: duplicateOf === undefined ? "completed" : "duplicate",
      });
    },
  };
}

/** What is changed of an issue. */
interface IssueChange {
  readonly title?: string;
  readonly body?: string;
  readonly state: "open" | "closed";
  readonly state_reason?: "completed" | "duplicate";
}

/** What is read of an issue. */
interface Issue {
  readonly number: number;
  readonly body?: string | null | undefined;
  readonly state: string;
  readonly state_reason?: string | null | undefined;
}

function ticketIn({ number, body, state, state_reason: reason }: Issue): StoredTicket[] {
  const [first = ""] = (body ?? "").split(/\r?\n/, 1);
  const mark = /^<!-- apponly-ticket .* -->$/.test(first) ? readTicketMark(first) : undefined;
  const closed = reason === "not_planned" ? "declined" : "closed";
  return mark === undefined
    ? []
    : [{ ...mark, id: number, status: state === "open" ? "open" : closed }];
}

function issueText(ticket: WantedTicket): { title: string; body: string } {
  const { about, facts } = ticket;
  const body = [
    `<!-- ${markOfTicket(ticket)} -->`,
    markdownProse(about, 2_000),
    "",
    ...facts.map(([name, value]) => `- **${name}:** ${markdownProse(value, 1_000)}`),
    "",
    `<sub>${ticketWay} Closed as not planned, it stays closed.</sub>`,
  ];
  return { title: titleOfTicket(ticket), body: body.join("\n") };
}
