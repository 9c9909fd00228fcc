/** What a comment on a pull request is headed, where not every stack could be previewed. */
import { type PullRequestReport, renderPullRequest } from "../../../review/render/pullRequest";
import { changeWith, reviewWith } from "./reviews";

const seen = { stack: "prod", review: reviewWith([changeWith({ risk: "low" })]) };
const unseen = { stack: "north", problem: "The deployer cannot sign in: AADSTS7000215" };
const headingOf = (outcomes: PullRequestReport["outcomes"]) =>
  /^## .*$/m.exec(
    renderPullRequest({ outcomes, removed: [], code: [], head: "0".repeat(40) }),
  )?.[0];

test.each<[string, PullRequestReport["outcomes"], string]>([
  ["nothing could be previewed", [unseen], "## Permission changes: not known"],
  ["a part could be", [seen, unseen], "## Permission changes: not known; seen so far: 1 low"],
  ["all could be", [seen], "## Permission changes: 1 low"],
  ["there is no stack", [], "## Permission changes: none"],
])("where %s, the count is never lower than what there may be", (_, outcomes, heading) => {
  expect(headingOf(outcomes)).toBe(heading);
});
