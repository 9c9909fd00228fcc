/**
 * The report's page in a real browser: 5,000 tenants that are filtered, sorted and paged without a
 * stutter, narrow, dark and on paper, with hostile texts in every place. Not proven here: other
 * browsers, and how it looks, for which somebody has to look.
 */
import { gatherRecords } from "../../fleet/gather";
import { recordLine, type StackRecord } from "../../fleet/record";
import { renderReportHtml } from "../../fleet/report/html";
import { fleetReport } from "../../fleet/report/model";
import { visibleText } from "../../system/visibleText";
import { Browser, findBrowser } from "../support/browser";
import { describeWithTool } from "../support/externalTools";
import { hostileTexts } from "../unit/review/reviews";
import { findingWith, manyRecords, recordWith, reportDay } from "../unit/fleet/records";

const pageOf = (records: readonly StackRecord[], expected: readonly string[] = []) => {
  const files = [{ name: "records.jsonl", text: records.map(recordLine).join("") }];
  return renderReportHtml(fleetReport(gatherRecords(files, expected), reportDay));
};

/** What is done in the page, each step with how much of the document it makes anew. */
const session = `(() => {
  const made = {};
  const observer = new MutationObserver(() => {});
  observer.observe(document.body, { childList: true, subtree: true });
  const step = (name, act) => {
    observer.takeRecords();
    act();
    const added = observer.takeRecords().flatMap(({ addedNodes }) => [...addedNodes]);
    made[name] = added.length;
  };
  const rows = (id) => [...document.querySelectorAll("#" + id + " tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent));
  const position = (id) => document.querySelector("#" + id + " .position").textContent;
  const type = (input, text) => {
    input.value = text;
    input.dispatchEvent(new Event("input"));
  };
  const [back, next] = [0, 1].map((at) => document.querySelectorAll("#expiry .tools button")[at]);
  const seen = { first: position("expiry"), soonest: rows("expiry")[0] };
  step("next", () => next.click());
  seen.second = position("expiry");
  step("sort", () => document.querySelectorAll("#expiry th button")[5].click());
  step("sortBack", () => document.querySelectorAll("#expiry th button")[5].click());
  seen.latest = rows("expiry")[0][5];
  seen.sorted = document.querySelectorAll("#expiry th")[5].getAttribute("aria-sort");
  const level = document.querySelector("#expiry select");
  level.value = "expired";
  step("choose", () => level.dispatchEvent(new Event("change")));
  seen.expired = position("expiry");
  level.value = "";
  level.dispatchEvent(new Event("change"));
  step("filter", () => type(document.getElementById("everywhere"), "TENANT0108 onmicrosoft"));
  seen.filtered = [position("expiry"), position("tenants"), rows("outliers")[0]];
  step("clear", () => type(document.getElementById("everywhere"), ""));
  seen.inDocument = document.querySelectorAll("tr").length;
  window.dispatchEvent(new Event("beforeprint"));
  seen.printed = rows("tenants").length;
  window.dispatchEvent(new Event("afterprint"));
  seen.afterwards = rows("tenants").length;
  return { seen, made };
})()`;

describeWithTool("in a browser", findBrowser(), (found) => {
  const browser = new Browser(found);
  afterAll(() => browser.close());

  test("5,000 tenants are filtered, sorted, paged and printed, and each step makes no more anew than is seen", async () => {
    const html = pageOf(manyRecords(5_000));
    const [page] = await browser.openPages([{ html, use: session }]);
    expect(page).toMatchObject({ executed: false, requests: [], errors: [] });
    const { seen, made } = page?.used as {
      seen: Record<string, unknown>;
      made: Record<string, number>;
    };
    expect(seen).toMatchObject({
      first: "1 to 50 of 5000",
      soonest: expect.arrayContaining(["tenant0001", "expired"]),
      second: "51 to 100 of 5000",
      latest: "394",
      sorted: "descending",
      expired: "1 to 50 of 62",
      filtered: [
        "1 to 1 of 1",
        "1 to 1 of 1",
        expect.arrayContaining(["directory role Global Administrator"]),
      ],
      printed: 5_000,
      afterwards: 50,
    });
    expect(seen.inDocument).toBeLessThan(500);
    // Fifty rows of each table, and not five thousand, which a person would wait for.
    expect(Object.keys(made)).toHaveLength(6);
    for (const nodes of Object.values(made)) {
      expect(nodes).toBeGreaterThan(0);
      expect(nodes).toBeLessThan(500);
    }
  });

  test("the page fits 400 pixels, light and dark", async () => {
    const html = pageOf(manyRecords(120), ["lost"]);
    for (const page of await browser.openPages(
      [400, 1280].flatMap((width) => [
        { html, width },
        { html, width, dark: true },
      ]),
    )) {
      expect(page).toMatchObject({ errors: [], requests: [] });
      expect(page.overflow).toBeLessThanOrEqual(0);
    }
  });

  test("the table of certificates with their thumbprints fits 1200 pixels", async () => {
    const use =
      'Math.max(...[...document.querySelectorAll("#expiry .wide")].map((one) => one.scrollWidth - one.clientWidth))';
    const [page] = await browser.openPages([{ html: pageOf(manyRecords(60)), width: 1200, use }]);
    expect(page?.used).toBeLessThanOrEqual(0);
  });

  test("no text out of a tenant runs, asks for anything or is hidden, also without the policy", async () => {
    const payload =
      "</script><script>window.executed = 1</script><img src=x onerror='window.executed=1'>";
    const texts = [payload, ...hostileTexts.filter((text) => text.trim() !== "")];
    const html = pageOf(texts.map((text) => hostileRecord(text)));
    for (const withoutPolicy of [false, true]) {
      const [page] = await browser.openPages([
        { html, withoutPolicy, texts: "#failed tbody td:nth-child(2)" },
      ]);
      expect(page).toMatchObject({ executed: false, requests: [], errors: [] });
      expect([...(page?.texts ?? [])].sort()).toEqual(texts.map(visibleText).sort());
    }
  });
});

function hostileRecord(text: string): StackRecord {
  return recordWith({
    stack: text,
    tenant: text,
    result: "failed",
    exitCode: 1,
    failure: { class: "other", message: text },
    access: [{ application: text, kind: "permission", name: text, scope: text }],
    findings: [findingWith({ subject: text, target: text, text, remedy: text, who: text })],
    exceptions: [{ subject: text, until: "2027-01-01", reason: text }],
  });
}
