import { risks } from "../review/model";
import { visibleText } from "../system/visibleText";
import type { FleetReport } from "./report/documentShape";
import { failedTenants } from "./report/model";
import { reportTitle, summarySentences } from "./report/markdown";
import { ticketsOf } from "./tickets";

/** Who is told of a run. */
export type NotifyKind = "teams" | "slack" | "json";

/** Hosts of the services whose form of a message is known. */
const hosts: readonly (readonly [NotifyKind, RegExp])[] = [
  ["slack", /(^|\.)slack\.com$/],
  [
    "teams",
    /(^|\.)(logic\.azure\.com|powerplatform\.com|powerautomate\.com|webhook\.office\.com)$/,
  ],
];

/** The form of message that a webhook takes, by its host; anybody else gets JSON. */
export function notifyKindOf(url: URL): NotifyKind {
  return hosts.find(([, pattern]) => pattern.test(url.hostname))?.[0] ?? "json";
}

/** Most lines of a message that somebody reads. */
const mostLines = 10;

/**
 * The one message of a run, in the form that the webhook takes. It holds no secret.
 *
 * @param link Where the whole report is.
 * @see https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export function notification(
  report: FleetReport,
  kind: NotifyKind,
  {
    link,
    before,
  }: { readonly link?: string | undefined; readonly before?: FleetReport | undefined } = {},
): object {
  const title = reportTitle(report);
  const failed = failedTenants(report).map(
    ({ tenant, failures }) => `${tenant}: ${failures[0]?.class ?? "other"}`,
  );
  const grave = report.findings
    .filter(({ risk }) => risks.indexOf(risk) <= risks.indexOf("high"))
    .map(({ tenant, risk, subject }) => `${tenant}: ${risk}, ${subject}`);
  const lines = [...summarySentences(report), ...cutLines(failed), ...cutLines(grave)].map(
    visibleText,
  );
  switch (kind) {
    case "slack":
      return {
        text:
          escapedSlack([`*${title}*`, ...lines].join("\n")) + (link ? `\n<${link}|Report>` : ""),
      };
    case "teams":
      return {
        type: "message",
        attachments: [
          {
            contentType: "application/vnd.microsoft.card.adaptive",
            content: {
              $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
              type: "AdaptiveCard",
              version: "1.4",
              body: [
                { type: "TextBlock", text: title, weight: "Bolder", size: "Medium", wrap: true },
                // A run of text shows Markdown as it is written.
                ...lines.map((text) => ({
                  type: "RichTextBlock",
                  inlines: [{ type: "TextRun", text }],
                })),
              ],
              ...(link
                ? { actions: [{ type: "Action.OpenUrl", title: "Report", url: link }] }
                : {}),
            },
          },
        ],
      };
    case "json":
      return {
        version: 1,
        title,
        ...(link ? { link } : {}),
        generated: report.generated,
        summary: summarySentences(report),
        failed: failedTenants(report),
        tickets: ticketsOf(report, before),
      };
  }
}

function cutLines(lines: readonly string[]): string[] {
  const more = lines.length - mostLines;
  return [...lines.slice(0, mostLines), ...(more > 0 ? [`… and ${more} more`] : [])];
}

/** @see https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escapedSlack(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
