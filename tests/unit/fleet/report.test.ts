/**
 * Records of many stacks, gathered and told in every form. Not proven here: that the page works in a
 * browser, which its own test shows, and that the commands write such records.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../cli/command";
import { gatherRecords } from "../../../fleet/gather";
import { findingKey, recordLine, type StackRecord } from "../../../fleet/record";
import { expectedStacks } from "../../../fleet/recordFolder";
import type { FleetReport } from "../../../fleet/report/documentShape";
import { fleetReport } from "../../../fleet/report/model";
import { renderReport } from "../../../fleet/report/render";
import { recordingIo } from "../../support/recordingIo";
import { findingWith, dateInDays, manyRecords, recordWith, reportDay } from "./records";

const fileOf = (...records: readonly StackRecord[]) => ({
  name: "a.jsonl",
  text: records.map(recordLine).join(""),
});
const reportOf = (records: readonly StackRecord[], expected: readonly string[] = []): FleetReport =>
  fleetReport(gatherRecords([fileOf(...records)], expected), reportDay);

describe("records that are gathered", () => {
  test("a stack that is expected and has no record has failed", () => {
    const { tenants } = reportOf([recordWith({ stack: "contoso" })], ["contoso", "lost"]);
    expect(tenants).toMatchObject([
      { stack: "contoso", state: "looked at", failures: [] },
      { stack: "lost", state: "failed", failures: [{ class: "no-record" }] },
    ]);
  });

  test("a line that cannot be read counts as no record, and is named", () => {
    const text = `${recordLine(recordWith({ stack: "good" }))}{"version":\n{"version":2}\n{"version":1}\n`;
    const { stacks, notes } = gatherRecords([{ name: "shard.jsonl", text }], ["good", "bad"]);
    expect(stacks.map(({ failures }) => failures.length)).toEqual([1, 0]);
    expect(notes).toEqual([
      "shard.jsonl, line 2, is not valid JSON, and counts as no record.",
      "shard.jsonl, line 3, has version 2, which is newer than this command, and counts as no record.",
      "shard.jsonl, line 4, is not a record (run), and counts as no record.",
    ]);
  });

  test("of two records of one command the newest counts, and those of one run are named", () => {
    const failed = recordWith({ result: "failed", exitCode: 1, ended: "2026-11-25T03:00:00Z" });
    const again = recordWith({ run: "run-1" });
    const { stacks, notes } = gatherRecords([fileOf(again, failed)], ["contoso"]);
    expect(stacks).toMatchObject([{ failures: [] }]);
    expect(notes).toEqual([
      "With more than one record of the same run; the newest counts: contoso.",
    ]);
    expect(gatherRecords([fileOf(recordWith({ run: "run-0" }), again)], ["contoso"]).notes).toEqual(
      [],
    );
  });

  test("a reason that several commands met is told once, and what could not be read is noted", () => {
    const failure = {
      class: "settings",
      message: "Pulumi.contoso.yaml is not valid YAML.",
    } as const;
    const failed = (command: StackRecord["command"]) =>
      recordWith({ command, result: "failed", exitCode: 2, failure });
    const part = recordWith({ stack: "north", command: "drift", unread: ["Roles in Exchange."] });
    const report = reportOf([failed("review"), failed("drift"), part], ["contoso", "north"]);
    const told = renderReport(report, "markdown");
    expect(told.match(/not valid YAML/g)).toHaveLength(1);
    expect(told).toMatch(/\| `contoso` \| settings \| (drift, review|review, drift) \|/);
    expect(report.notes).toEqual([
      "With parts that could not be read, so that there may be more than is told: north.",
    ]);
    expect(report.tenants[0]?.failures).toHaveLength(2);
  });

  describe("an update that ended well", () => {
    const recordAt = (
      command: StackRecord["command"],
      hour: number,
      failure?: StackRecord["failure"],
    ) =>
      recordWith({
        command,
        ended: `2026-11-25T0${hour}:00:00Z`,
        ...(failure && { result: "failed" as const, exitCode: 1, failure }),
      });
    const gate = { class: "policy", message: "The gate is closed." } as const;
    const missing = { class: "stack-missing", message: "The backend has no stack." } as const;
    const locked = { class: "locked", message: "The stack is locked by process 7." } as const;
    const signIn = { class: "sign-in", message: "AADSTS7000215" } as const;
    const failuresOf = (...records: readonly StackRecord[]) =>
      gatherRecords([fileOf(...records)], []).stacks.flatMap(({ failures }) => failures);

    test.each([
      ["a review that failed", recordAt("review", 3, gate)],
      ["that a command found no stack", recordAt("verify", 3, missing)],
      ["that a command met a lock", recordAt("drift", 3, locked)],
    ])("leaves %s behind", (_what, failed) => {
      expect(failuresOf(failed, recordAt("up", 4))).toEqual([]);
      expect(failuresOf(recordAt("up", 4), failed)).toEqual([]);
    });

    test("leaves nothing behind that came after it, or that it cannot put right, nor does one that failed", () => {
      expect(failuresOf(recordAt("up", 3), recordAt("review", 4, gate))).toMatchObject([gate]);
      expect(failuresOf(recordAt("verify", 3, signIn), recordAt("up", 4))).toMatchObject([signIn]);
      expect(failuresOf(recordAt("drift", 3, gate), recordAt("up", 4))).toMatchObject([gate]);
      expect(failuresOf(recordAt("review", 3, gate), recordAt("up", 4, locked))).toMatchObject([
        locked,
        gate,
      ]);
    });

    test("has judged its changes as a review does, so that what a review found and is gone is gone", () => {
      const { tenants } = reportOf([recordAt("review", 3, gate), recordAt("up", 4)]);
      expect(tenants[0]?.lookedBy).toEqual(["up", "review", "certificates"]);
    });
  });

  test("records of several commands make one tenant, each with what it has looked at", () => {
    const { tenants, certificates, findings } = reportOf([
      recordWith({ command: "certificates", findings: undefined }),
      recordWith({
        command: "drift",
        certificates: undefined,
        access: undefined,
        findings: [findingWith()],
        ended: "2026-11-25T05:00:00Z",
      }),
    ]);
    expect(tenants).toMatchObject([{ worst: "high", findings: 1, daysLeft: 200 }]);
    expect(certificates).toHaveLength(1);
    expect(findings).toHaveLength(1);
  });

  test("a stack that the last run did not reach is named, because what is told of it is older", () => {
    const records = [
      recordWith({ stack: "old", ended: "2026-11-23T04:00:00Z" }),
      recordWith({ stack: "late", ended: "2026-11-24T05:00:00Z" }),
      // Read again by another command.
      recordWith({ stack: "again", command: "audit", ended: "2026-11-20T04:00:00Z" }),
      recordWith({ stack: "again", command: "drift" }),
    ];
    const { notes } = gatherRecords([fileOf(...records)], ["old", "late", "again"]);
    expect(notes).toEqual([
      "With no record of the last day before the newest one, so what is told is older: old.",
    ]);
  });

  test("a stack that nobody expected is told and said", () => {
    const { stacks, notes } = gatherRecords([fileOf(recordWith({ stack: "stray" }))], ["contoso"]);
    expect(stacks.map(({ stack }) => stack)).toEqual(["contoso", "stray"]);
    expect(notes).toEqual(["With a record and not expected: stray."]);
  });

  test("an alias stands in place of the tenant's name in every form", () => {
    const report = reportOf([
      recordWith({ stack: "c17", tenant: "secretname.onmicrosoft.com", tags: { alias: "C17" } }),
    ]);
    for (const format of ["markdown", "html", "json", "csv", "openmetrics"] as const) {
      expect(renderReport(report, format)).not.toContain("secretname");
      expect(renderReport(report, format)).toContain("C17");
    }
  });
});

describe("what a report tells", () => {
  test("certificates and exceptions stand by their end, in bands", () => {
    const [certificate] = recordWith().certificates ?? [];
    const ends = [61, -0.5, 6, 400, 29, 59].map(dateInDays);
    const { certificates, exceptions } = reportOf([
      recordWith({
        certificates: ends.map((notAfter) => ({ ...certificate!, notAfter })),
        exceptions: [{ subject: "Global Administrator", until: "2026-11-25" }],
      }),
    ]);
    expect(certificates.map(({ daysLeft, band }) => [daysLeft, band])).toEqual([
      [-1, "expired"],
      [6, "in 7 days"],
      [29, "in 30 days"],
      [59, "in 60 days"],
      [61, "later"],
      [400, "later"],
    ]);
    // It holds until the end of its last day.
    expect(exceptions).toMatchObject([{ daysLeft: 0, band: "in 7 days" }]);
  });

  test("a tenant that could not be audited lacks nothing that only an audit sees", () => {
    const audit = (stack: string) => {
      const { access = [] } = recordWith();
      const deployer = { application: "Deployer", kind: "permission", name: "Graph" } as const;
      return recordWith({ stack, command: "audit", access: [...access, deployer] });
    };
    const later = { command: "certificates", ended: "2026-11-25T05:00:00Z" } as const;
    const stacks = ["a", "b", "c"];
    const records = [
      ...stacks.map(audit),
      // What a later command knows of the stack does not take the audit's place.
      ...stacks.map((stack) => recordWith({ stack, ...later })),
      recordWith({ stack: "unaudited" }),
      recordWith({ stack: "lacking", access: [] }),
    ];
    const { outliers, access } = reportOf(records, []);
    expect(outliers).toMatchObject([{ stack: "lacking", extra: [] }]);
    expect(outliers[0]?.missing).not.toContain("permission Graph");
    expect(access.find(({ name }) => name === "Graph")).toMatchObject({ tenants: 3, common: true });
  });

  test("a tenant that has more or less than the common template is an outlier", () => {
    const [permission, role] = recordWith().access ?? [];
    const global = { ...role!, name: "Global Administrator" };
    const { access, outliers } = reportOf([
      ...["a", "b", "c"].map((stack) => recordWith({ stack })),
      recordWith({ stack: "more", access: [permission!, role!, global] }),
      recordWith({ stack: "less", access: [permission!] }),
      recordWith({ stack: "unread", access: undefined }),
      // The name of the application does not matter.
      recordWith({ stack: "d", access: [permission!, { ...role!, application: "Another" }] }),
    ]);
    expect(outliers).toEqual([
      {
        stack: "less",
        tenant: "less.onmicrosoft.com",
        extra: [],
        missing: ["directory role Exchange Administrator"],
      },
      {
        stack: "more",
        tenant: "more.onmicrosoft.com",
        extra: ["directory role Global Administrator"],
        missing: [],
      },
    ]);
    expect(access.map(({ name, tenants, common }) => [name, tenants, common])).toEqual([
      ["Exchange.ManageAsApp", 6, true],
      ["Exchange Administrator", 5, true],
      ["Global Administrator", 1, false],
    ]);
  });

  test("a finding is known again in the next run, whatever is said of it meanwhile", () => {
    const key = findingKey("contoso", findingWith());
    expect(findingKey("contoso", findingWith({ risk: "low", text: "Other words." }))).toBe(key);
    expect(findingKey("fabrikam", findingWith())).not.toBe(key);
    expect(findingKey("contoso", findingWith({ subject: "certificate 9" }))).not.toBe(key);
  });

  test("what two commands find alike is told once", () => {
    const { findings, tenants } = reportOf([
      recordWith({ command: "drift", findings: [findingWith()] }),
      recordWith({ command: "audit", findings: [findingWith({ risk: "critical" })] }),
    ]);
    expect(findings).toMatchObject([{ risk: "critical" }]);
    expect(tenants).toMatchObject([{ findings: 1 }]);
  });
});

describe("its forms", () => {
  const report = reportOf(manyRecords(60), ["lost"]);

  test("that there is no finding is said only where something has looked for one", () => {
    const markdownOf = (changes: Partial<StackRecord>) =>
      renderReport(reportOf([recordWith(changes)]), "markdown");
    expect(markdownOf({ findings: undefined })).toContain(
      "Findings: no command has looked for any.",
    );
    expect(markdownOf({ findings: [] })).toContain("Findings: none.");
  });

  test("the Markdown begins with what is urgent", () => {
    const text = renderReport(report, "markdown");
    expect(text).toMatch(/^## 61 tenants, 2 failed\n\nFindings: 2 critical, 7 high, 5 medium\.\n/);
    expect(text).toContain("| `lost` | `lost` | no-record |");
    expect(text).toContain("directory role Global Administrator");
  });

  test("the metrics are OpenMetrics: each family once, typed, with its end, every sample unique", () => {
    const lines = renderReport(report, "openmetrics").trimEnd().split("\n");
    expect(lines.at(-1)).toBe("# EOF");
    const types = lines.filter((line) => line.startsWith("# TYPE"));
    expect(new Set(types).size).toBe(types.length);
    const samples = lines.filter((line) => !line.startsWith("#"));
    for (const sample of samples) {
      expect(sample).toMatch(
        /^[a-z_]+(\{[a-z_]+="([^"\\\n]|\\["\\n])*"(,[a-z_]+="([^"\\\n]|\\["\\n])*")*\})? \d+(\.\d+)?$/,
      );
    }
    expect(new Set(samples.map((line) => line.replace(/ [^ ]+$/, ""))).size).toBe(samples.length);
    expect(samples).toContain(
      `apponly_certificate_not_after_timestamp_seconds{stack="tenant0001",tenant="tenant0001.onmicrosoft.com",application="ExO PowerShell CBA",generation="2026-11",thumbprint="${"A".repeat(40)}",active="true"} ${Date.parse(dateInDays(-5)) / 1000}`,
    );
    expect(samples).toContain('apponly_stack_failed{stack="lost",tenant="lost"} 1');
    expect(samples).toContain('apponly_stacks_failed{class="no-record"} 1');
  });

  test("labels of metrics, and cells of the CSV, hold any text", () => {
    const odd = '=1+"2"\\, \n@x';
    const hostile = reportOf([
      recordWith({ stack: odd, findings: [findingWith({ subject: odd })] }),
    ]);
    expect(renderReport(hostile, "openmetrics")).toContain('stack="=1+\\"2\\"\\\\, ⏎@x"');
    expect(renderReport(hostile, "csv")).toContain(`"'=1+""2""\\, ⏎@x"`);
  });

  test("the CSV has every table with its columns, and as many cells in each line of one", () => {
    const blocks = renderReport(report, "csv").trimEnd().split("\r\n\r\n");
    expect(blocks.map((block) => block.split("\r\n")[0])).toContain("Certificates by their end");
    expect(blocks).toHaveLength(9);
    const certificates = blocks.find((block) => block.startsWith("Certificates"))?.split("\r\n");
    expect(certificates).toHaveLength(62);
    expect(new Set(certificates?.slice(1).map((line) => line.split(",").length))).toEqual(
      new Set([9]),
    );
  });
});

describe("the list of expected stacks", () => {
  test("is read from lines or JSON", () => {
    expect(expectedStacks("a\n\n# note\n b \r\n", "f")).toEqual(["a", "b"]);
    expect(expectedStacks('["a", "org/project/b"]', "f")).toEqual(["a", "org/project/b"]);
  });

  test.each(["", "# none", "[]", "[1]", "["])("is refused where it names none: %j", (text) => {
    expect(() => expectedStacks(text, "f")).toThrow('--expect "f" names no stacks.');
  });

  test.each(['{"a":1}', '["a b"]', "a\n\u0000"])(
    "is refused where a name is not one: %j",
    (text) => {
      expect(() => expectedStacks(text, "f")).toThrow("which is not the name of a stack");
    },
  );
});

describe("apponly report", () => {
  const folder = mkdtempSync(join(tmpdir(), "apponly-report-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("ends with 1 where one failed, names the classes, and writes the report all the same", async () => {
    writeFileSync(join(folder, "one.jsonl"), recordLine(recordWith()));
    writeFileSync(join(folder, "expect.json"), '["contoso", "lost"]');
    const args = ["report", "--from", folder, "--expect", join(folder, "expect.json")];
    const io = recordingIo();
    expect(await run(args, io)).toBe(1);
    expect(io.written()).toContain("## 2 tenants, 1 failed");
    expect(io.said()).toContain("1 of 2 tenants failed:\n  no-record: lost");
    expect(await run([...args, "--allow-failed"], recordingIo())).toBe(0);
  });

  test("a folder or list that is not there is the command line's fault", async () => {
    const io = recordingIo();
    expect(await run(["report", "--from", join(folder, "none")], io)).toBe(2);
    expect(io.said()).toContain("Name the folder that holds the .jsonl files.");
    expect(await run(["report", "--from", folder, "--expect", join(folder, "no")], io)).toBe(2);
  });
});
