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
import { commentKey } from "../../../forge/marker";
import { changeWith, reviewWith } from "./reviews";

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

test("parts of one pull request's review have a comment each, whatever their order", () => {
  const keys = [
    commentKey("infra"),
    commentKey("infra", ["dev"]),
    commentKey("infra", ["dev-tokyo"]),
    commentKey("infra", ["dev", "dev-tokyo"]),
    commentKey("", ["dev"]),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(commentKey("infra", ["b", "a", "b"])).toBe(commentKey("infra", ["a", "b"]));
  const many = Array.from({ length: 60 }, (_, at) => `tenant-${at}`);
  const long = [commentKey("infra", many), commentKey("infra", many.slice(1))];
  expect(new Set(long).size).toBe(2);
  for (const key of [...keys, ...long]) {
    expect(key).toMatch(/^[\w.%]{1,300}$/);
  }
});
