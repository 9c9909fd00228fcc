/**
 * The terminal, HTML and JSON forms of a review. What a browser makes of the page is not proven
 * here; that nothing in it can run is proven on its text.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import Ajv2020 from "ajv/dist/2020";
import fc from "fast-check";
import { renderJson } from "../../../review/render/json";
import { jsonText } from "../../../system/visibleText";
import { acceptanceLine } from "../../../review/acceptance";
import { gate } from "../../../review/gate";
import { gateInWords } from "../../../review/render/gateText";
import { renderMarkdown } from "../../../review/render/markdown";
import { renderHtml } from "../../../review/render/html";
import { reviewShape } from "../../../review/documentShape";
import { renderTerminal } from "../../../review/render/terminal";
import { permissionChangeKinds, permissionChangeActions, risks } from "../../../review/model";
import { columnsOf } from "../../../review/render/columns";
import { changeWith, hostileReview, hostileTexts, reviewWith } from "./reviews";
import { anyText } from "../../support/anyText";

const hostile = fc.oneof(fc.constantFrom(...hostileTexts), anyText({ maxLength: 80 }));

const examples = hostileTexts.map((text): [string] => [text]);

test("stacks that could not be looked at stand in every form that is kept, and nothing is whole then", () => {
  const failed = [{ stack: "north", exitCode: 4, failure: "AADSTS65001: <consent> is missing." }];
  const reviews = [reviewWith([changeWith()])];
  const document = renderJson(reviews, undefined, undefined, failed);
  expect(document).toMatchObject({ complete: false, failed });
  expect(reviewShape.safeParse(document).success).toBe(true);
  expect(renderHtml(reviews, { failed })).toContain(
    "1 stack could not be looked at: nothing is told of it.</p>\n<ul>\n<li><code><bdi>north</bdi></code>: AADSTS65001: &#60;consent&#62; is missing.</li>",
  );
  expect(renderMarkdown(reviews, { failed })).toContain(
    "\n\n> **Incomplete.** 1 stack could not be looked at: nothing is told of it.\n>\n> - `north`: AADSTS65001",
  );
  const many = Array.from({ length: 500 }, (_, at) => ({ ...failed[0]!, stack: `tenant${at}` }));
  const cut = renderMarkdown(reviews, { failed: many, limit: 8_000 });
  expect(cut.length).toBeLessThan(8_000);
  expect(cut).toMatch(/> - and \d+ more\n/);
});

describe("renderTerminal", () => {
  it("shows risk, change, both sides and the reason", () => {
    const text = renderTerminal([
      reviewWith([changeWith({ before: { state: "secret" }, after: { state: "unknown" } })], {
        replacements: [{ resource: "urn:app", consequence: "The application id changes." }],
        warnings: ["A warning."],
        rest: { same: 4 },
        complete: false,
      }),
    ]);
    expect(text).toBe(
      [
        "contoso.onmicrosoft.com (stack prod): 1 critical",
        "Incomplete preview: changes may be missing.",
        "  critical + directory role Global Administrator for ExO PowerShell CBA",
        "              secret -> known after the update",
        "              Controls the whole tenant.",
        "  replaced urn:app: The application id changes.",
        "  warning: A warning.",
        "  without a permission change: 4 unchanged",
        "",
      ].join("\n"),
    );
  });

  it("says of drift what was not compared, as every form of a review does", () => {
    const drift = reviewWith([], {
      complete: false,
      unread: ["delegated permissions", "owners", "roles in Exchange"],
    });
    const said =
      "Compared with the tenant, except for delegated permissions, owners and roles in Exchange: that could not be read, and what was changed there is not shown.";
    expect(renderTerminal([drift], { width: 200 })).toContain(`\n${said}\n`);
    for (const form of [renderMarkdown([drift]), renderHtml([drift])]) {
      expect(form).toContain(said);
      expect(form).toContain("1 stack could be compared only in part");
      expect(form).not.toMatch(/preview/i);
    }
    const both = [drift, reviewWith([], { stack: "cut", complete: false })];
    expect(renderMarkdown(both)).toContain("2 previews did not finish or lacked detail");
  });

  it("begins a line for each thing to do, which may end with a command", () => {
    const remedies = ["Remove it: apponly drift --remove ID", "Or declare it."];
    const reviews = [reviewWith([changeWith({ remedies })])];
    expect(renderTerminal(reviews)).toMatch(
      /\n +Remove it: apponly drift --remove ID\n +Or declare/,
    );
    for (const form of [renderMarkdown(reviews), renderHtml(reviews)]) {
      expect(form).toMatch(/<br>Remove it: apponly drift --remove ID<br>Or declare it\./);
    }
  });

  it("shows whom an id is of, as every form of a review does", () => {
    const id = "cc5bebf3-b8e5-41b6-a4ac-8f70d79034eb";
    const owner = changeWith({ kind: "owner", subject: id, name: "Rollout", risk: "high" });
    const reviews = [reviewWith([owner])];
    const verdict = gate(reviews, "high");
    for (const text of [
      renderTerminal(reviews),
      renderHtml(reviews).replace(/<\/?(bdi|code)>/g, ""),
      renderMarkdown(reviews).replaceAll("`", ""),
      gateInWords(verdict, "high"),
    ]) {
      expect(text).toContain(`owner Rollout (${id})`);
    }
    expect(renderJson(reviews).stacks[0]?.changes[0]).toMatchObject({
      subject: id,
      name: "Rollout",
    });
    // Whether the name is known is nothing that was accepted.
    const nameless = gate([reviewWith([{ ...owner, name: undefined }])], "high");
    expect(acceptanceLine(nameless, "head")).toBe(acceptanceLine(verdict, "head"));
  });

  it("colours only when asked", () => {
    const reviews = [reviewWith([changeWith()])];
    expect(renderTerminal(reviews)).not.toContain("\u001b");
    const coloured = renderTerminal(reviews, { colour: true });
    expect(coloured).toContain("\u001b[31m");
    expect(stripVTControlCharacters(coloured)).toBe(renderTerminal(reviews));
  });

  it("says once what several stacks have in common, with the stacks it concerns", () => {
    const common = changeWith({ subject: "Exchange Administrator", risk: "high" });
    const own = changeWith({ subject: "Global Administrator" });
    const reviews = Array.from({ length: 40 }, (_, at) => ({
      ...reviewWith(at === 7 ? [own] : [common], {
        rest: { same: 4, create: at === 3 ? 0 : 2 },
        complete: at !== 9,
      }),
      stack: `tenant${at}`,
      tenant: undefined,
    }));
    const lines = renderTerminal(reviews).split("\n");
    // Every stack has a line of its own, the worst first, and what it is of is below.
    expect(lines[0]).toBe("tenant7: 1 critical");
    expect(
      lines.filter((line) => /^tenant\d+: 1 (critical|high)(, incomplete)?$/.test(line)),
    ).toHaveLength(40);
    expect(lines).toContain("tenant7:");
    expect(lines).toContain("39 stacks, all but tenant7:");
    expect(
      lines.filter((line) => line.includes("+ directory role Exchange Administrator")),
    ).toHaveLength(1);
    expect(
      lines.filter((line) => line.includes("+ directory role Global Administrator")),
    ).toHaveLength(1);
    expect(lines).toContain("tenant9: 1 high, incomplete");
    expect(lines).toContain("39 stacks, all but tenant3: without a permission change: 2 to create");
    // What stays as it is, and that not all could be seen, takes no line of each.
    expect(lines.slice(-3)).toEqual([
      "40 stacks: 1 critical, 39 high",
      "1 stack could not be looked at as a whole: changes may be missing.",
      "",
    ]);
    expect(lines.length).toBeLessThan(40 + 20);
  });

  it("sends no control character and keeps to the width, whatever the text", () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 40, max: 120 }), (text, width) => {
        const shown = renderTerminal([hostileReview(text)], { width });
        expect(shown).not.toMatch(/(?!\n)\p{Cc}|[\p{Cf}\p{Co}\p{Cs}]/u);
        for (const line of shown.split("\n")) {
          expect(columnsOf(line)).toBeLessThanOrEqual(width);
        }
      }),
      { numRuns: 300, examples: hostileTexts.map((text): [string, number] => [text, 40]) },
    );
  });

  it("counts wide characters as two columns", () => {
    expect(columnsOf("日本a\u0301")).toBe(5);
    const shown = renderTerminal([reviewWith([changeWith({ subject: "日本".repeat(40) })])], {
      width: 40,
    });
    expect(Math.max(...shown.split("\n").map(columnsOf))).toBeLessThanOrEqual(40);
  });
});

describe("renderHtml", () => {
  const allowed =
    /<(!doctype html|\/?(html|head|body|main|section|title|h[123]|p|table|thead|tbody|tr|td|th|code|bdi|details|summary|ul|li|div|style|a|br))( lang="en"| class="[a-z]+"| scope="col")*>|<meta [^<>]*>|<a href="https:\/\/learn\.microsoft\.com\/[^"<>]*" rel="noopener noreferrer">/g;

  it("holds no element, attribute or script out of a text", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const page = renderHtml([hostileReview(text)]);
        const [before = "", after = ""] = page.split(/<style>[\s\S]*?<\/style>/);
        expect((before + after).replace(allowed, "")).not.toMatch(/[<>]/);
        expect(page.match(/<h2>/g)).toHaveLength(1);
        expect(page.match(/<tr>/g)).toHaveLength(3);
        expect(page).not.toMatch(/<script|(?!\n)\p{Cc}|[\p{Cf}\p{Co}\p{Cs}]/u);
      }),
      { numRuns: 300, examples },
    );
  });

  it("lets in its own style sheet and nothing else", () => {
    const page = renderHtml([reviewWith([changeWith()])]);
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(page).not.toMatch(/ style=| on[a-z]+=|url\(|@import|src=/);
    expect(page).toContain('<a href="https://learn.microsoft.com/');
  });

  it("shows long texts as a whole", () => {
    const long = "x".repeat(5000);
    expect(renderHtml([reviewWith([changeWith({ subject: long })])])).toContain(long);
  });
});

test("where the head of the table is hidden each cell is labelled, and in print links are spelled out", () => {
  const page = renderHtml([reviewWith([changeWith()])]);
  const narrow = /@media \(max-width: 50rem\) \{ td:nth-child\(3\)::before \{ content: "For: "; \}/;
  expect(page).toMatch(narrow);
  expect(page).toContain('td:nth-child(4)::before { content: "Before → after: "; }');
  expect(page).toContain('a[href]::after { content: " (" attr(href) ")";');
});

describe("renderJson", () => {
  const schema: object = JSON.parse(
    readFileSync(join(__dirname, "../../../review/review.schema.json"), "utf8"),
  );
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

  it("is what the schema says, for every kind, action, risk and value", () => {
    const value = fc.oneof(
      fc.record({ state: fc.constant("known" as const), text: hostile }),
      fc.record({
        state: fc.constantFrom("secret" as const, "unknown" as const, "absent" as const),
      }),
    );
    const change = fc
      .record({
        kind: fc.constantFrom(...permissionChangeKinds),
        action: fc.constantFrom(...permissionChangeActions),
        risk: fc.constantFrom(...risks),
        subject: hostile,
        before: value,
        after: value,
      })
      .map(changeWith);
    fc.assert(
      fc.property(fc.array(change, { maxLength: 5 }), hostile, (changes, text) => {
        const document = renderJson([
          reviewWith(changes, { warnings: [text], rest: { create: 1 } }),
        ]);
        const printed = jsonText(document);
        expect(printed).not.toMatch(/(?!\n)\p{Cc}|[\p{Cf}\p{Co}]/u);
        expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify(document)));
        validate(JSON.parse(printed));
        expect(validate.errors ?? []).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("counts over all stacks and is incomplete as soon as one is", () => {
    const document = renderJson([
      reviewWith([changeWith()]),
      reviewWith([changeWith({ risk: "low" })], { complete: false }),
    ]);
    expect(document).toMatchObject({
      version: 1,
      summary: { critical: 1, high: 0, medium: 0, low: 1, info: 0 },
      complete: false,
    });
  });

  it("has a schema that refuses what is misspelt", () => {
    const document: { stacks: object[] } = JSON.parse(jsonText(renderJson([reviewWith([])])));
    expect(validate({ ...document, extra: 1 })).toBe(false);
    expect(validate({ ...document, version: 2 })).toBe(false);
    expect(validate({ ...document, stacks: [{ ...document.stacks[0], changes: [{}] }] })).toBe(
      false,
    );
  });
});

test("where no stack could be looked at a terminal shows no count of none", () => {
  expect(renderTerminal([])).toBe("");
});
