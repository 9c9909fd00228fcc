import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "./answers";
import { firstBase, firstHead } from "./api";

/** What a step of GitHub Actions finds around it. */
export interface Step {
  readonly environment: Record<string, string>;
  readonly summary: () => Promise<string>;
  /** The outputs, read as the runner reads them. */
  readonly outputs: () => Promise<Record<string, string>>;
}

/** What differs from an ordinary run for a pull request of the repository itself. */
export interface StepOptions {
  readonly apiUrl: string;
  readonly token?: string;
  readonly head?: string;
  readonly run?: number;
  readonly attempt?: number;
  readonly event?: string;
  /** Repository of the branch; null once it has been deleted. */
  readonly headRepository?: string | null;
  /** Commit that a merge queue has put it on: the event is then that of the queue. */
  readonly queuedOn?: string;
}

/** The files and variables that the runner makes for a step. */
export async function makeStep(options: StepOptions): Promise<Step> {
  const folder = await mkdtemp(join(tmpdir(), "apponly-step-"));
  const [event, summary, output] = ["event.json", "summary.md", "output"].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await writeFile(
    event,
    JSON.stringify(
      options.queuedOn === undefined
        ? pullRequest(options)
        : mergeGroup(options.queuedOn, options.head),
    ),
  );
  await writeFile(summary, "");
  await writeFile(output, "");
  return {
    environment: {
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: options.apiUrl,
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: repository,
      GITHUB_EVENT_NAME:
        options.event ?? (options.queuedOn === undefined ? "pull_request" : "merge_group"),
      GITHUB_EVENT_PATH: event,
      GITHUB_RUN_ID: String(options.run ?? 100),
      GITHUB_RUN_ATTEMPT: String(options.attempt ?? 1),
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: output,
      GITHUB_TOKEN: options.token ?? "token-of-the-job",
    },
    summary: () => readFile(summary, "utf8"),
    outputs: async () => parseOutputs(await readFile(output, "utf8")),
  };
}

function pullRequest({ head = firstHead, headRepository = repository }: StepOptions) {
  const repo = headRepository === null ? null : { full_name: headRepository };
  return {
    action: "synchronize",
    number: 7,
    pull_request: {
      number: 7,
      head: { sha: head, repo },
      base: { sha: firstBase, repo: { full_name: repository } },
    },
  };
}

/** @see https://docs.github.com/webhooks/webhook-events-and-payloads#merge_group */
function mergeGroup(base: string, head = firstHead) {
  return {
    action: "checks_requested",
    merge_group: {
      head_sha: head,
      head_ref: `refs/heads/gh-readonly-queue/main/pr-7-${base}`,
      base_sha: base,
      base_ref: "refs/heads/main",
    },
  };
}

/**
 * Reads a file of outputs: `name=value`, or `name<<delimiter` up to a line that is only the delimiter.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function parseOutputs(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const block = /^([^=<]+)<<(.+)$/.exec(line);
    if (block === null) {
      const single = /^([^=]+)=(.*)$/.exec(line);
      if (single !== null) {
        found[single[1] ?? ""] = single[2] ?? "";
      }
      continue;
    }
    const end = lines.indexOf(block[2] ?? "", at + 1);
    if (end < 0) {
      throw new Error(`The delimiter of ${block[1] ?? ""} is never closed.`);
    }
    found[block[1] ?? ""] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return found;
}
