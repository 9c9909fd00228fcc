/**
 * Markdown of a review: what it shows, what it cuts, and that no text gets out of its place. What
 * GitHub's own renderer makes of it is not proven here.
 */
import fc from "fast-check";
import { commentLimit, renderMarkdown, sizeOf } from "../../../review/render/markdown";

import type { StackReview } from "../../../review/documentShape";
import { sharesOf } from "../../../review/render/shares";
import { risks } from "../../../review/model";
import { changeWith, hostileReview, hostileTexts, reviewWith } from "./reviews";
import { anyText } from "../../support/anyText";

const hostile = fc.oneof(
  fc.constantFrom(...hostileTexts),
  anyText({ maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        "<",
        ">",
        "|",
        "`",
        "\n",
        "@a",
        "[",
        "](",
        "&",
        "\\",
        "www.",
        "://",
        "\u202e",
      ),
      {
        maxLength: 20,
      },
    )
    .map((parts) => parts.join("")),
);

/** What remains of a cell once the characters it was allowed to have are taken out. */
function leftovers(cell: string): string {
  return cell
    .replace(/<\/?code>/g, "")
    .replace(/`[\p{L}\p{N} .,:;()'/⏎⟨⟩…→_+=-]+`/gu, "")
    .replace(/<!-- -->/g, "")
    .replace(/&#\d+;/g, "")
    .replace(/\*\*(critical|high)\*\*/g, "")
    .replace(/(?<=[\p{L}\p{N}])_(?=[\p{L}\p{N}])|:(?= |$)|(?!^)[+=]/gu, "")
    .replace(/[\p{L}\p{M}\p{N} ,.;()/'"?⏎⟨⟩…→-]/gu, "");
}

const tableRows = (markdown: string) =>
  markdown.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| ---"));

describe("what it shows", () => {
  it("has a heading and one table per tenant, the worst tenant first", () => {
    const markdown = renderMarkdown([
      reviewWith([changeWith({ risk: "low", subject: "Reports Reader" })], {
        tenant: "calm.example",
      }),
      reviewWith([changeWith()], { tenant: "grave.example" }),
    ]);
    expect(markdown.match(/^### .*$/gm)).toEqual([
      "### `grave.example` (stack `prod`)",
      "### `calm.example` (stack `prod`)",
    ]);
    expect(markdown.match(/^\| Risk \|.*$/gm)).toHaveLength(2);
    expect(markdown).toContain("## Permission changes: 1 critical, 1 low in 2 stacks");
  });

  it("names secret, unknown and absent values and never writes one as text", () => {
    const markdown = renderMarkdown([
      reviewWith([changeWith({ before: { state: "secret" }, after: { state: "unknown" } })]),
    ]);
    expect(tableRows(markdown)[1]).toContain("| secret → known after the update |");
  });

  it("says what is done to what and for whom, and no side that goes without saying", () => {
    const added = changeWith({ after: { state: "known", text: "Global Administrator" } });
    const renamed = changeWith({
      kind: "application",
      action: "change",
      risk: "low",
      subject: "displayName",
      before: { state: "known", text: "Reports" },
      after: { state: "known", text: "Reports 2" },
    });
    const rows = tableRows(renderMarkdown([reviewWith([added, renamed])]));
    expect(rows[1]).toContain(
      "| adds directory role `Global Administrator` | `ExO PowerShell CBA` |  |",
    );
    expect(rows[2]).toContain(
      "| changes app registration `displayName` | `ExO PowerShell CBA` | `Reports` → `Reports 2` |",
    );
  });

  it("folds resources, sources, replacements, warnings and the rest", () => {
    const markdown = renderMarkdown([
      reviewWith([changeWith()], {
        replacements: [{ resource: "urn:app", consequence: "The application id changes." }],
        warnings: ["A warning."],
        rest: { create: 2, same: 3 },
      }),
    ]);
    const folded = /<details>([\s\S]*)<\/details>/.exec(markdown)?.[1] ?? "";
    expect(folded).toContain("The application id changes.");
    expect(folded).toContain("- A warning.");
    expect(folded).toContain("Without a permission change: 2 to create, 3 unchanged.");
    expect(folded).toContain("[source](<https://learn.microsoft.com/");
  });

  it("says that a preview was incomplete, and that nothing changes", () => {
    const markdown = renderMarkdown([reviewWith([], { complete: false })]);
    expect(markdown).toContain("**Incomplete.** 1 preview did not finish");
    expect(markdown).toContain("No permission change.");
  });

  it("links only to the sites of the risk table", () => {
    for (const source of [
      "javascript:alert(1)",
      "http://learn.microsoft.com/x",
      "https://learn.microsoft.com.evil.example/",
      "https://learn.microsoft.com/a b",
      "https://x.example/a>b",
      "https://a@b.example/",
    ]) {
      expect(renderMarkdown([reviewWith([changeWith({ source })])])).not.toContain("](<");
    }
  });

  it("refuses a limit that leaves no room to say what was cut", () => {
    expect(() => renderMarkdown([], { limit: 100 })).toThrow(/limit 100 .* at least 2000/);
  });
});

describe("several stacks", () => {
  const medium = changeWith({ risk: "medium", subject: "Global Reader" });
  const roleUrn = (stack: string) =>
    `urn:pulumi:${stack}::apponly::azuread:index/directoryRoleAssignment:DirectoryRoleAssignment::access-role`;
  const reviewNamed = (stack: string, ...changes: StackReview["changes"]) =>
    reviewWith(
      changes.map((change) => ({ ...change, resource: roleUrn(stack) })),
      { stack, tenant: `${stack}.example`, rest: { same: 12 } },
    );
  const own = changeWith({ risk: "high", subject: "Exchange Administrator" });

  it("begin with one table: stack, worst risk and counts, the worst first", () => {
    const markdown = renderMarkdown([
      reviewNamed("calm"),
      reviewNamed("b", medium),
      { ...reviewNamed("a", changeWith(), medium), complete: false },
    ]);
    const [heading, incomplete, table] = markdown.split("\n\n");
    expect(heading).toBe("## Permission changes: 1 critical, 2 medium in 3 stacks");
    expect(incomplete).toContain("> **Incomplete.** 1 preview");
    expect(table?.split("\n")).toEqual([
      "| Stack | Tenant | Worst | Changes | Besides |",
      "| --- | --- | --- | --- | --- |",
      "| `a` | `a.example` | **critical**, **incomplete** | 1 critical, 1 medium | 12 unchanged |",
      "| `b` | `b.example` | medium | 1 medium | 12 unchanged |",
      "| `calm` | `calm.example` | none | no permission change | 12 unchanged |",
    ]);
  });

  it("have what is equal said once with the stacks it concerns, and what is not apart", () => {
    const markdown = renderMarkdown([
      reviewNamed("a", changeWith(), medium),
      reviewNamed("b", changeWith(), medium, own),
      reviewNamed("c", changeWith(), medium),
      reviewNamed("d", medium),
      reviewNamed("e", medium),
    ]);
    expect(markdown.match(/^### .*$/gm)).toEqual([
      "### 3 stacks: `b`, `a`, `c`",
      "### `b.example` (stack `b`)",
      "### All 5 stacks",
    ]);
    expect(markdown.match(/adds directory role `Global Administrator/g)).toHaveLength(1);
    expect(markdown.match(/adds directory role `Global Reader/g)).toHaveLength(1);
    expect(markdown.match(/adds directory role `Exchange Administrator/g)).toHaveLength(1);
  });

  it("name the few that a change does not concern", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const markdown = renderMarkdown(
      names.map((name) => reviewNamed(name, ...(name === "c" ? [] : [changeWith()]))),
    );
    expect(markdown).toContain("### 5 stacks, all but `c`");
  });

  it("have everything below the worst folded, and the worst not", () => {
    const markdown = renderMarkdown(
      ["a", "b"].map((name) => reviewNamed(name, changeWith(), own, medium)),
    );
    const open = markdown.replace(/<details>[\s\S]*?<\/details>/g, "");
    expect(open).toContain("Global Administrator");
    expect(open).not.toMatch(/Exchange Administrator|Global Reader/);
    expect(markdown).toContain("<details><summary>Below critical: 1 high, 1 medium</summary>");
  });

  it("say once what each stack's own deployer owns, and apart what somebody else of its name does", () => {
    const owner = (id: string) => changeWith({ kind: "owner", subject: `Deployer (${id})` });
    const [a, b, c] = ["id-a", "id-b", "id-c"].map((deployer, at) => ({
      ...reviewNamed(`s${at}`, owner(deployer), ...(at === 2 ? [owner("id-x")] : [])),
      deployer,
    })) as [StackReview, StackReview, StackReview];
    const sharesIn = (reviews: StackReview[]) =>
      sharesOf(reviews).map(({ review: { changes }, stacks }) => [
        changes.map(({ subject }) => subject),
        stacks.length,
      ]);
    expect(sharesIn([a, b, c])).toEqual([
      [["Deployer (each stack's own)"], 3],
      [["Deployer (id-x)"], 1],
    ]);
    expect(sharesIn([a, { ...b, ...reviewNamed("s1", owner("id-a")), deployer: "id-a" }])).toEqual([
      [["Deployer (id-a)"], 2],
    ]);
  });

  it("lose no change, whatever they have in common", () => {
    const change = fc
      .record({ risk: fc.constantFrom(...risks), subject: fc.constantFrom("A", "B", "C", "D") })
      .map(changeWith);
    fc.assert(
      fc.property(
        fc.array(fc.array(change, { maxLength: 5 }), { minLength: 2, maxLength: 7 }),
        (stacks) => {
          const reviews = stacks.map((changes, at) => reviewNamed(`s${at}`, ...changes));
          const total = sharesOf(reviews).reduce(
            (sum, { review, stacks: concerned }) => sum + review.changes.length * concerned.length,
            0,
          );
          expect(total).toBe(stacks.flat().length);
          for (const { review, stacks: concerned } of sharesOf(reviews)) {
            for (const { subject, risk } of review.changes) {
              expect(
                concerned.every(({ changes }) =>
                  changes.some((one) => one.subject === subject && one.risk === risk),
                ),
              ).toBe(true);
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("text out of a stack", () => {
  it("cannot leave its cell, open markup, make a link or a mention", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = renderMarkdown([hostileReview(text)]);
        const rows = tableRows(markdown);
        expect(rows).toHaveLength(3);
        for (const row of rows.slice(1)) {
          const cells = row.slice(2, -2).split(" | ");
          expect(cells).toHaveLength(5);
          expect(cells.map(leftovers)).toEqual(["", "", "", "", ""]);
        }
        expect(markdown.match(/^###? .*$/gm)).toHaveLength(2);
        expect(markdown.match(/<details>/g)).toHaveLength(1);
        expect(markdown.match(/<\/details>/g)).toHaveLength(1);
        expect(markdown).not.toMatch(/www\.|:\/\/|@/i);
        expect(markdown).not.toMatch(/[\p{Cf}\p{Co}\p{Cs}]|(?!\n)\p{Cc}/u);
        for (const line of markdown.split("\n").filter((one) => one.startsWith("- "))) {
          expect(leftovers(line.slice(2).replace(/<\/code>: /g, ""))).toBe("");
          expect(line).not.toMatch(/^- (\s|-|\d+[.)]|>|#|\+|\*)/);
        }
      }),
      { numRuns: 400, examples: hostileTexts.map((text) => [text]) },
    );
  });

  it("shows what cannot be seen", () => {
    const markdown = renderMarkdown([
      reviewWith([changeWith({ subject: "a\u202Eb\u001b[2Jc\nd\u200b" })]),
    ]);
    expect(markdown).toContain("<code>a⟨U&#43;202E⟩b⟨U&#43;001B⟩&#91;2Jc⏎d⟨U&#43;200B⟩</code>");
  });
});

describe("the limit of a comment", () => {
  const tenants = (count: number, changes: (index: number) => StackReview["changes"]) =>
    Array.from({ length: count }, (_, index) =>
      reviewWith(changes(index), {
        tenant: `contoso${String(index).padStart(4, "0")}.onmicrosoft.com`,
        stack: `contoso${index}`,
        warnings: ["A certificate expires soon."],
        rest: { same: 12 },
      }),
    );

  const roles = [
    "Global Administrator",
    "Privileged Role Administrator",
    "Application Administrator",
    "Hybrid Identity Administrator",
    "Domain Name Administrator",
  ];

  it("is kept with 1,000 tenants of five critical changes in common, each said once with its stacks", () => {
    const markdown = renderMarkdown(
      tenants(1000, (index) =>
        roles.map((subject, at) =>
          changeWith({ subject, action: (index + at) % 2 ? "add" : "remove" }),
        ),
      ),
    );
    expect(sizeOf(markdown)).toBeLessThanOrEqual(commentLimit);
    const [, even = "", odd = ""] = markdown.split(/^### /m);
    for (const [part, rest] of [
      [even, 0],
      [odd, 1],
    ] as const) {
      const [heading = ""] = part.split("\n");
      const named = [...heading.matchAll(/`contoso(\d+)`/g)].map(([, at]) => Number(at));
      expect(named).toEqual(
        Array.from({ length: 1000 }, (_, at) => at).filter((at) => at % 2 === rest),
      );
      expect(part.match(/^\| \*\*critical\*\* \| (adds|removes) directory role/gm)).toHaveLength(5);
    }
  });

  it("is kept with 1,000 tenants of five critical changes of their own, and each is named", () => {
    const markdown = renderMarkdown(
      tenants(1000, (index) =>
        roles.map((subject, at) =>
          changeWith({
            subject,
            action: (index + at) % 2 ? "add" : "remove",
            target: `Job ${index}`,
          }),
        ),
      ),
    );
    expect(sizeOf(markdown)).toBeLessThanOrEqual(commentLimit);
    expect(markdown).toContain("Even the critical changes would not fit as tables");
    const legend = new Map(
      [...markdown.matchAll(/^\[(\d+)\] ([+-]) directory role (.*)$/gm)].map(
        ([, number, sign, role]) => [number ?? "", `${sign} ${role}`],
      ),
    );
    const named = new Map(
      [...markdown.matchAll(/^\[([\d ]+)\] (contoso.*)$/gm)].flatMap(
        ([, numbers = "", names = ""]) =>
          names.split(", ").map(
            (name) =>
              [
                name,
                numbers
                  .split(" ")
                  .map((one) => legend.get(one))
                  .sort(),
              ] as const,
          ),
      ),
    );
    expect(named.size).toBe(1000);
    for (const [index, name] of [
      [0, "contoso0000.onmicrosoft.com"],
      [999, "contoso0999.onmicrosoft.com"],
    ] as const) {
      expect(named.get(name)).toEqual(
        roles.map((role, at) => `${(index + at) % 2 ? "+" : "-"} ${role}`).sort(),
      );
    }
  });

  it("cuts the mildest first and says how many", () => {
    const markdown = renderMarkdown(
      tenants(1000, (index) => [
        ...(index < 20 ? [changeWith({ target: `Job ${index}` })] : []),
        changeWith({ risk: "low", subject: "Reports Reader", target: `Job ${index}` }),
      ]),
    );
    expect(sizeOf(markdown)).toBeLessThanOrEqual(commentLimit);
    expect(markdown.match(/^\| \*\*critical\*\*/gm)).toHaveLength(20);
    const low = markdown.match(/^\| low/gm)?.length ?? 0;
    const cut = Number(/Left out: (\d+) low of/.exec(markdown)?.[1]);
    expect(low).toBeGreaterThan(20);
    expect(low + cut).toBe(1000);
  });

  it("shows unchanged tenants only as far as there is room, and counts the others", () => {
    const markdown = renderMarkdown([...tenants(2000, () => []), reviewWith([changeWith()])]);
    expect(sizeOf(markdown)).toBeLessThanOrEqual(commentLimit);
    const rows = tableRows(markdown).filter((row) => row.includes(" no permission change |"));
    const more = Number(/… and (\d+) stacks more, none of them worse\./.exec(markdown)?.[1]);
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.length + more).toBe(2000);
    expect(markdown).toContain("**critical**");
  });

  it("is kept whatever the input, and no critical change loses its place", () => {
    const change = fc.record({ risk: fc.constantFrom(...risks), subject: hostile }).map(changeWith);
    const stack = fc
      .record({
        changes: fc.array(change, { maxLength: 12 }),
        tenant: hostile,
        complete: fc.boolean(),
      })
      .map(({ changes, ...rest }) => reviewWith(changes, rest));
    fc.assert(
      fc.property(
        fc.array(stack, { maxLength: 12 }),
        fc.integer({ min: 2000, max: 30_000 }),
        (reviews, limit) => {
          const markdown = renderMarkdown(reviews, { limit });
          expect(sizeOf(markdown)).toBeLessThanOrEqual(limit);
          const criticals = reviews.flatMap(({ changes }) =>
            changes.filter(({ risk }) => risk === "critical"),
          ).length;
          const shown = markdown
            .split(/^### /m)
            .slice(1)
            .map((part) => {
              const both = part.startsWith("Both stacks") ? 2 : undefined;
              const stacks = both ?? /^(?:All )?(\d+) stacks/.exec(part)?.[1] ?? 1;
              return Number(stacks) * (part.match(/^\| \*\*critical\*\*/gm)?.length ?? 0);
            })
            .reduce((sum, one) => sum + one, 0);
          expect(
            shown === criticals ||
              /Even the critical changes would not fit as tables/.test(markdown),
          ).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
