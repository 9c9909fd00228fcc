/**
 * Previews recorded from the engine, by CLIs from the oldest that is read to the one that is built
 * (the project's own program without its hook, stand-ins of the plugins, a simulated tenant), in
 * each form the CLI prints: its document, with and without unchanged resources and the parts of
 * replacements, and its stream of events. Recorded by tests/support/recordPreviews.ts; messages,
 * source positions and private keys were taken out. CLI 3.150.0 sends the plugins secrets in a form
 * that the stand-ins refuse, and was recorded with stand-ins that read it. Not proven here: versions
 * in between, and the official plugins.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gate } from "../../../review/gate";
import { parsePreviewText } from "../../../review/input/previewText";
import { review } from "../../../review/review";
import type { StackReview } from "../../../review/documentShape";
import { risks } from "../../../review/model";
import { changeWith, reviewWith } from "./reviews";

const fixtures = join(__dirname, "../../fixtures/previews");
const versions = readdirSync(fixtures);
const names = ["create", "update", "replaceCert"] as const;
const recordings = versions.flatMap((version) => names.map((name) => [version, name] as const));

const readOf = (version: string, file: string) =>
  readFileSync(join(fixtures, version, file), "utf8");
const read = (file: string) => readOf("3.259.0", file);

const reviewOf = (text: string): StackReview =>
  review(parsePreviewText(text), { now: new Date("2026-11-25T13:00:00Z") });

const linesOf = ({ changes }: StackReview) =>
  changes.map(({ risk, action, kind, subject }) => `${risk}: ${action} ${kind} ${subject}`);

it("has recordings of the oldest CLI that is read and of the one that is built", () => {
  expect(versions).toEqual(["3.150.0", "3.200.0", "3.259.0"]);
});

const partial =
  "Policies that need the whole stack, and were not judged because the preview leaves out resources: entra-consent-require-manifest-entry, entra-manifest-require-consent, entra-application-require-valid-generation, exchange-role-disallow-void-scope. Review engine events, or a preview with --show-sames.";

describe.each(recordings)("CLI %s: %s", (version, name) => {
  const document = reviewOf(readOf(version, `${name}.json`));

  it("is the same review from the document and from the stream", () => {
    const streamed = reviewOf(readOf(version, `${name}.ndjson`));
    expect(streamed).toMatchObject({
      stack: "prod",
      project: "apponly",
      tenant: "contoso.onmicrosoft.com",
      complete: true,
    });
    // Before the first update, the document holds no outputs of the stack, so it names no tenant.
    const { tenant, tenantId, ...rest } = streamed;
    // Later it leaves out what does not change, so some policies cannot be judged by it.
    expect(document).toEqual(
      name === "create" ? rest : { ...rest, tenant, tenantId, warnings: [partial] },
    );
  });

  it("is the same review from a document that shows everything, with every policy judged", () => {
    const whole = reviewOf(readOf(version, name === "create" ? "create.json" : `${name}-all.json`));
    expect(whole).toEqual({ ...document, warnings: [] });
  });

  it("is the same review as that of the newest CLI, but for ids and thumbprints", () => {
    const newest = reviewOf(read(`${name}.json`));
    const withoutIds = (lines: string[]) =>
      lines.map((line) => line.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, "ID"));
    expect(withoutIds(linesOf(document))).toEqual(withoutIds(linesOf(newest)));
    expect(document.rest).toEqual(newest.rest);
    expect(document.replacements).toEqual(newest.replacements);
  });

  it("violates none of the policies", () => {
    expect(reviewOf(readOf(version, `${name}.ndjson`)).violations).toEqual([]);
  });
});

it.each(names)("%s is the same review with text printed before the document", (name) => {
  const noise = "Installing policy pack p 1.0.0...\n{ not: json }\nFinished\n";
  expect(reviewOf(noise + read(`${name}.json`))).toEqual(reviewOf(read(`${name}.json`)));
});

it("names the application, shown or not, that pipelines are given another certificate of", () => {
  for (const name of ["update.json", "update-all.json"]) {
    expect(reviewOf(read(name)).changes).toContainEqual(
      expect.objectContaining({ subject: "active generation", target: "ExO PowerShell CBA" }),
    );
  }
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
        /^thumbprint [0-9A-F]{40}, CN=contoso\.org, valid to 2027-11-25T/,
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
  expect(gate([{ ...cut, changes: [] }], "critical").kind).toBe("incomplete");
});

describe("gate", () => {
  it("trips at the given risk and below it", () => {
    for (const [at, risk] of risks.entries()) {
      const reviews = [reviewWith([]), reviewWith([changeWith({ risk })])];
      expect(risks.filter((failOn) => gate(reviews, failOn).kind === "tripped")).toEqual(
        risks.slice(at),
      );
    }
  });

  it("trips on an incomplete preview and not on one without changes", () => {
    expect(gate([reviewWith([])], "info").kind).toBe("passed");
    expect(gate([reviewWith([], { complete: false })], "critical").kind).toBe("incomplete");
    expect(gate([], "info").kind).toBe("passed");
  });
});
