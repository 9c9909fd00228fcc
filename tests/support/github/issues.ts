import type { Context, Hono } from "hono";
import { failure, page, repository } from "./answers";

/** An issue, as far as tickets go. */
export interface GitHubIssue {
  number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  state_reason: string | null;
  labels: { name: string }[];
  user: { login: string };
  html_url: string;
}

/** What the stand-in knows of issues. */
export interface GitHubIssues {
  readonly issues: GitHubIssue[];
  /** Whether whoever opens an issue may give it labels: otherwise GitHub drops them in silence. */
  takesLabels: boolean;
}

/**
 * The part of GitHub's REST API that is about issues: list by label and state, oldest or newest first,
 * open, change.
 *
 * @see https://docs.github.com/rest/issues/issues
 */
export function serveIssues(
  app: Hono,
  state: GitHubIssues,
  loginOf: (c: Context) => string | undefined,
): void {
  const { issues } = state;
  const path = `/repos/${repository}/issues`;
  app.get(path, (c) => {
    const { labels, state: wanted = "open", direction = "desc" } = c.req.query();
    const found = issues.filter(
      (issue) =>
        (wanted === "all" || issue.state === wanted) &&
        (labels ?? "")
          .split(",")
          .filter((name) => name !== "")
          .every((name) => issue.labels.some((label) => label.name === name)),
    );
    return page(c, direction === "asc" ? found : found.toReversed());
  });
  app.post(path, async (c) => {
    const sent = await c.req.json<{ title: string; body: string; labels?: string[] }>();
    if (sent.title === "" || [...sent.title].length > 256 || [...sent.body].length > 65_536) {
      return failure(422, "Validation Failed");
    }
    const number = 100 + issues.length;
    const issue: GitHubIssue = {
      number,
      title: sent.title,
      body: sent.body,
      state: "open",
      state_reason: null,
      labels: state.takesLabels ? (sent.labels ?? []).map((name) => ({ name })) : [],
      user: { login: loginOf(c) ?? "" },
      html_url: `https://github.com/${repository}/issues/${number}`,
    };
    issues.push(issue);
    return c.json(issue, 201);
  });
  app.patch(`${path}/:number`, async (c) => {
    const found = issues.find(({ number }) => number === Number(c.req.param("number")));
    if (found === undefined) {
      return failure(404, "Not Found");
    }
    const sent = await c.req.json<Partial<GitHubIssue>>();
    const reopened = sent.state === "open" && found.state === "closed";
    Object.assign(found, sent, reopened ? { state_reason: "reopened" } : {});
    return c.json(found);
  });
}
