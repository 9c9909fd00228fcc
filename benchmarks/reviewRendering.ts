/**
 * How long it takes, and how much memory, to render the reviews of 1,000 tenants with five changes
 * each, in every format. In a process of its own, so that its peak memory is that of the rendering.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { gate } from "../review/gate";
import { renderPullRequest } from "../review/render/pullRequest";
import { renderJson } from "../review/render/json";
import { jsonText } from "../system/visibleText";
import type { PermissionChange, StackReview } from "../review/documentShape";
import type { Risk } from "../review/model";
import { renderHtml } from "../review/render/html";
import { renderMarkdown } from "../review/render/markdown";
import { renderTerminal } from "../review/render/terminal";

const tenants = 1_000;
const risks: readonly Risk[] = ["critical", "high", "medium", "low", "info"];
const aim = { seconds: 1, megabytes: 300 };

interface Measured {
  readonly milliseconds: Readonly<Record<string, number>>;
  readonly megabytes: number;
}

/** The measurement as lines of Markdown. */
export async function reviewRendering(): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--require", require.resolve("../bin/typescript.js"), __filename, "--measure"],
    { maxBuffer: 1024 * 1024 },
  );
  const { milliseconds, megabytes } = JSON.parse(stdout) as Measured;
  return [
    "## Rendering a review",
    "",
    `The reviews of ${tenants.toLocaleString("en")} tenants with five changes each, one format after the other in one process (aim: each under ${aim.seconds} s, and the process under ${aim.megabytes} MB). The first one also pays for the compilation of the code that the others share.`,
    "",
    "| format | duration |",
    "|---|---|",
    ...Object.entries(milliseconds).map(([name, value]) => `| ${name} | ${value.toFixed(0)} ms |`),
    "",
    `Peak memory of the process: ${megabytes.toFixed(0)} MB.`,
    "",
  ];
}

function measure(): Measured {
  const reviews = Array.from({ length: tenants }, (_, at) => reviewOf(at));
  const formats: Readonly<Record<string, () => string>> = {
    markdown: () => renderMarkdown(reviews),
    "comment of a pull request": () =>
      renderPullRequest({
        outcomes: reviews.map((review) => ({ stack: review.stack, review })),
        removed: [],
        code: [],
        verdict: gate(reviews, "high"),
        failOn: "high",
        head: "0".repeat(40),
      }),
    terminal: () => renderTerminal(reviews, { colour: true, width: 100 }),
    json: () => jsonText(renderJson(reviews)),
    html: () => renderHtml(reviews),
  };
  const milliseconds = Object.fromEntries(
    Object.entries(formats).map(([name, render]) => {
      const begun = performance.now();
      if (render().length < tenants) {
        throw new Error(`${name}: the text is too short to name every tenant`);
      }
      return [name, performance.now() - begun];
    }),
  );
  return { milliseconds, megabytes: (process.resourceUsage().maxRSS * 1024) / 1e6 };
}

function reviewOf(at: number): StackReview {
  const name = `tenant${String(at).padStart(4, "0")}`;
  return {
    stack: name,
    tenant: `${name}.onmicrosoft.com`,
    changes: risks.map((risk, index) => changeOf(name, risk, index)),
    violations: [],
    rest: { same: 9, update: 1 },
    replacements: [],
    warnings: [],
    complete: true,
  };
}

function changeOf(stack: string, risk: Risk, index: number): PermissionChange {
  return {
    kind: "directory-role",
    action: "add",
    subject: `Role ${index} of <${stack}>`,
    target: "ExO PowerShell CBA",
    resource: `urn:pulumi:${stack}::apponly::azuread:index/directoryRoleAssignment:DirectoryRoleAssignment::access-grants-role-${index}`,
    after: { state: "known", text: `Role ${index} | @${stack}` },
    risk,
    reason:
      "Manages every aspect of Exchange Online, including the content rules of all mailboxes.",
    source:
      "https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference",
  };
}

if (process.argv.includes("--measure")) {
  process.stdout.write(JSON.stringify(measure()));
}
