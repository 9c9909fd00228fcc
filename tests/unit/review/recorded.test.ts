/**
 * Previews recorded from the engine (CLI 3.259.0, the project's own program, a simulated tenant)
 * in each form the CLI prints: its document, with and without unchanged resources and the parts of
 * replacements, and its stream of events. Messages and source positions were taken out. Other
 * versions of the CLI and the official plugins are not proven here.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gate, parsePreviewText, review, risks, type StackReview } from "../../../review";
import { changeWith, reviewWith } from "./reviews";

const read = (file: string) =>
  readFileSync(join(__dirname, "../../fixtures/previews/3.259.0", file), "utf8");

const reviewOf = (text: string): StackReview =>
  review(parsePreviewText(text), { now: new Date("2026-11-24T13:00:00Z") });

const linesOf = ({ changes }: StackReview) =>
  changes.map(({ risk, action, kind, subject }) => `${risk}: ${action} ${kind} ${subject}`);

const names = ["create", "update", "replaceCert"];

it.each(names)("%s is the same review from the document and from the stream", (name) => {
  const streamed = reviewOf(read(`${name}.ndjson`));
  expect(streamed).toMatchObject({
    stack: "prod",
    project: "apponly",
    tenant: "contoso.onmicrosoft.com",
    complete: true,
  });
  // Before the first update, the document holds no outputs of the stack, so it names no tenant.
  const { tenant, ...rest } = streamed;
  // Later it leaves out what does not change, so some policies cannot be judged by it.
  expect(reviewOf(read(`${name}.json`))).toEqual(
    name === "create" ? rest : { ...rest, tenant, warnings: [partial] },
  );
});

const partial =
  "Policies that need the whole stack, and were not judged because the preview leaves out resources: entra-consent-require-manifest-entry, entra-manifest-require-consent, entra-application-require-valid-generation. Review engine events, or a preview with --show-sames.";

it("is the same review from a document that shows everything, with every policy judged", () => {
  expect(reviewOf(read("update-all.json"))).toEqual({
    ...reviewOf(read("update.json")),
    warnings: [],
  });
});

it("finds no violated policy in what the project's own program makes", () => {
  for (const file of ["create.json", "create.ndjson", "update.ndjson", "replaceCert.ndjson"]) {
    expect(reviewOf(read(file)).violations).toEqual([]);
  }
});

it.each(names)("%s is the same review with text printed before the document", (name) => {
  const noise = "Installing policy pack p 1.0.0...\n{ not: json }\nFinished\n";
  expect(reviewOf(noise + read(`${name}.json`))).toEqual(reviewOf(read(`${name}.json`)));
});

it("tells what a new role, a second certificate and another workload mean", () => {
  expect(linesOf(reviewOf(read("update.json")))).toEqual([
    "critical: add directory-role Global Administrator",
    "high: add application-permission Exchange.ManageAsApp of Microsoft Exchange Online Protection",
    "high: add admin-consent Exchange.ManageAsApp of Microsoft Exchange Online Protection",
    "medium: add directory-role Global Reader",
    "medium: add certificate 2027-11",
    "medium: change certificate active generation",
    "medium: add exception Global Administrator",
    "low: remove directory-role Exchange Administrator",
  ]);
});

it("identifies the replaced certificate by its thumbprint and the new one as not yet known", () => {
  const { changes, replacements } = reviewOf(read("replaceCert.json"));
  expect(changes).toHaveLength(1);
  expect(changes[0]).toMatchObject({
    kind: "certificate",
    action: "replace",
    risk: "high",
    before: {
      state: "known",
      text: expect.stringMatching(
        /^thumbprint [0-9A-F]{40}, CN=contoso\.org, valid to 2027-11-24T/,
      ),
    },
    after: { state: "unknown" },
  });
  expect(replacements).toHaveLength(2);
});

it("is incomplete, and trips the gate, where the stream was cut off", () => {
  const lines = read("update.ndjson").trim().split("\n");
  const cut = reviewOf(lines.slice(0, -3).join("\n"));
  expect(cut.complete).toBe(false);
  expect(gate([{ ...cut, changes: [] }], "critical")).toBe(true);
});

describe("gate", () => {
  it("trips at the given risk and below it", () => {
    for (const [at, risk] of risks.entries()) {
      const reviews = [reviewWith([]), reviewWith([changeWith({ risk })])];
      expect(risks.filter((failOn) => gate(reviews, failOn))).toEqual(risks.slice(at));
    }
  });

  it("trips on an incomplete preview and not on one without changes", () => {
    expect(gate([reviewWith([])], "info")).toBe(false);
    expect(gate([reviewWith([], { complete: false })], "critical")).toBe(true);
    expect(gate([], "info")).toBe(false);
  });
});
