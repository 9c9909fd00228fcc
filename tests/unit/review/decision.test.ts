/**
 * What a review comes to: one sentence for an application's first access and for its end, the gate's
 * verdict with what led to it, and what makes a review evidence.
 */
import type { PermissionChange } from "../../../review/documentShape";
import { decisionOf } from "../../../review/decision";
import { gate } from "../../../review/gate";
import { gateInWords } from "../../../review/render/gateText";
import { renderHtml } from "../../../review/render/html";
import { renderJson } from "../../../review/render/json";
import { renderMarkdown } from "../../../review/render/markdown";
import { renderTerminal } from "../../../review/render/terminal";
import { sidesOf } from "../../../review/render/wording";
import { changeWith, reviewWith, violationWith } from "./reviews";

const name = "ExO PowerShell CBA";
const parts = (action: PermissionChange["action"]): PermissionChange[] => [
  changeWith({ kind: "application", action, subject: name, target: undefined, risk: "info" }),
  changeWith({ kind: "directory-role", action, subject: "Exchange Administrator", risk: "high" }),
  changeWith({ kind: "admin-consent", action, subject: "Exchange.ManageAsApp", risk: "high" }),
  changeWith({ kind: "admin-consent", action, subject: "Exchange.ManageAsApp", risk: "high" }),
];

test("a first deployment is one decision", () => {
  expect(decisionOf(parts("add"))).toBe(
    `Grants Exchange Administrator and Exchange.ManageAsApp to the new application ${name}.`,
  );
});

test("a removal is one decision", () => {
  expect(decisionOf(parts("remove"))).toBe(
    `Removes the application ${name} and all of its access: Exchange Administrator and Exchange.ManageAsApp.`,
  );
});

test.each<[string, PermissionChange[]]>([
  ["a role that is added to an application that is there", parts("add").slice(1)],
  [
    "an application that is renamed",
    [changeWith({ kind: "application", action: "change", subject: name })],
  ],
  ["rights of another application", [parts("add")[0]!, changeWith({ target: "another" })]],
  ["nothing", []],
])("%s is told change by change", (_what, changes) => {
  expect(decisionOf(changes)).toBeUndefined();
});

const decided = reviewWith(parts("add"), {
  decision: decisionOf(parts("add"))!,
  tenantId: "aaaabbbb-0000-cccc-1111-dddd2222eeee",
});

test("the decision heads the review in every form", () => {
  const sentence = "to the new application";
  expect(renderTerminal([decided], { width: 80 }).split("\n").slice(1, 3).join(" ")).toContain(
    sentence,
  );
  expect(renderMarkdown([decided])).toMatch(/^## .*\n\n\*\*Grants Exchange Administrator and /);
  expect(renderHtml([decided])).toContain('<p class="decision">Grants Exchange Administrator');
  expect(renderJson([decided]).stacks[0]?.decision).toContain(sentence);
});

test("what tripped the gate is named, and how many more", () => {
  const reviews = [
    reviewWith([
      changeWith(),
      ...["A", "B", "C"].map((subject) => changeWith({ subject, risk: "high" })),
    ]),
  ];
  expect(gateInWords(gate(reviews, "high"), "high")).toBe(
    "Gate: failed (--fail-on high): directory role Global Administrator is critical; directory role A is high; directory role B is high; and 1 more.",
  );
  expect(gateInWords(gate([reviewWith([])], "high"), "high")).toBe(
    "Gate: passed (--fail-on high).",
  );
  const partial = reviewWith([], { complete: false, warnings: ["The preview failed."] });
  expect(gateInWords(gate([partial], "low"), "low")).toBe(
    "Gate: failed (--fail-on low): prod was not seen as a whole: The preview failed.",
  );
});

test("a page and a document that are kept say when, of what, by what and with which verdict", () => {
  const about = {
    createdAt: "2026-11-25T12:00:00Z",
    toolVersion: "0.1.0",
    commit: "0123456789abcdef0123456789abcdef01234567",
    gate: { failOn: "high", verdict: "failed", text: "Gate: failed (--fail-on high): x." },
  } as const;
  const page = renderHtml([decided], { about });
  for (const text of [
    about.createdAt,
    "apponly 0.1.0",
    about.commit,
    about.gate.text,
    decided.tenantId!,
  ]) {
    expect(page).toContain(text);
  }
  expect(renderJson([decided], about)).toMatchObject({
    about,
    stacks: [{ tenantId: decided.tenantId }],
  });
});

test("a replacement by the same says nothing twice", () => {
  const same = { state: "known", text: "X" } as const;
  const change = changeWith({
    action: "replace",
    subject: "admin consent",
    before: same,
    after: same,
  });
  expect(sidesOf(change, " → ", (text) => text)).toBe("");
});

describe("a first deployment", () => {
  const firstReview = (more: readonly PermissionChange[] = []) => {
    const changes = [
      ...more,
      changeWith({ subject: "Exchange Administrator", risk: "high", target: "X" }),
      changeWith({ kind: "certificate", subject: "2026-11", risk: "medium", target: "X" }),
      changeWith({ kind: "application", subject: "X", target: undefined, risk: "info" }),
    ];
    const decision = decisionOf(changes);
    return reviewWith(changes, decision === undefined ? {} : { decision });
  };
  const said = "Grants Exchange Administrator to the new application X.";
  const partsIn = (markdown: string) =>
    [...markdown.matchAll(/<summary>Its parts: (.*?)<\/summary>([\s\S]*?)<\/details>/g)].map(
      ([, counts, table = ""]) => ({
        counts,
        rows: table.match(/^\| (\*\*)?(high|medium|info)/gm)?.length,
      }),
    );

  test("is one sentence in Markdown, and its parts are folded", () => {
    const markdown = renderMarkdown([firstReview()]);
    expect(markdown).toContain(`**${said}**`);
    expect(partsIn(markdown)).toEqual([{ counts: "1 high, 1 medium, 1 info", rows: 3 }]);
    expect(markdown.indexOf("| Risk |")).toBeGreaterThan(markdown.indexOf("Its parts"));
  });

  test("of several stacks is said once where it is the same, and apart where it is not", () => {
    const other = firstReview();
    const reviewNamed = (stack: string, review = firstReview()) => ({
      ...review,
      stack,
      tenant: `${stack}.example`,
    });
    const renamed = JSON.parse(
      JSON.stringify(other).replaceAll('"X"', '"Y"').replace("application X", "application Y"),
    ) as typeof other;
    const markdown = renderMarkdown([
      reviewNamed("a"),
      reviewNamed("b"),
      reviewNamed("c", renamed),
    ]);
    expect(markdown.match(/\*\*Grants .*\*\*/g)).toEqual([
      `**${said}**`,
      `**${said.replace("X", "Y")}**`,
    ]);
    expect(markdown).toContain("### 2 stacks: `a`, `b`");
    expect(partsIn(markdown)).toHaveLength(2);
  });

  test("never folds what is critical, what is of another application, or a violated policy", () => {
    const review = {
      ...firstReview([
        changeWith({ target: "X" }),
        changeWith({ subject: "Reader", risk: "high", target: "Other" }),
      ]),
      violations: [violationWith({ severity: "low" })],
    };
    const [open = ""] = renderMarkdown([review]).split("<details>");
    expect(open.match(/^\| (\*\*)?(critical|high|low)/gm)).toHaveLength(3);
    const [shown = ""] = renderHtml([review]).split('<details class="parts">');
    expect(shown.match(/<td class="(critical|high|low)">/g)).toHaveLength(3);
  });

  test("has a line for each part in a terminal, whose reasons the decision has told", () => {
    const lines = renderTerminal([firstReview()]).split("\n").slice(1);
    expect(lines.slice(0, 4)).toEqual([
      `  ${said}`,
      "  high     + directory role Exchange Administrator",
      "  medium   + certificate 2026-11",
      "  info     + app registration X",
    ]);
  });
});
