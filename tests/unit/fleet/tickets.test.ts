/** What is worth a ticket, which of them are open, and which a run may close. */
import { lookedAgainIn, ticketRows, ticketsOf } from "../../../fleet/tickets";
import { dateInDays, findingWith, recordWith, reportOf } from "./records";

const drift = { command: "drift" } as const;

test("one ticket for each tenant and finding, the same in each run, closed when it is gone", () => {
  const before = reportOf(
    recordWith({ stack: "a", findings: [findingWith(), findingWith({ subject: "gone" })] }),
    recordWith({ stack: "b", findings: [findingWith({ subject: "gone" })] }),
  );
  const now = reportOf(
    recordWith({ stack: "a", findings: [findingWith({ risk: "critical" })] }),
    recordWith({
      stack: "b",
      result: "failed",
      exitCode: 1,
      failure: { class: "throttled", message: "429" },
    }),
  );
  const tickets = ticketsOf(now, before);
  expect(tickets.map(({ stack, subject, status }) => [stack, subject, status])).toEqual([
    ["a", "certificate 1234", "open"],
    // Of b, which could not be looked at, nothing is known to be gone.
    ["a", "gone", "closed"],
  ]);
  expect(tickets[0]?.key).toBe(ticketsOf(before)[0]?.key);
});

test.each([
  ["the command that has found it looked again", recordWith(drift), true],
  ["another command looked", recordWith({ command: "audit" }), false],
  ["it looked for nothing", recordWith({ ...drift, findings: undefined }), false],
  ["it could not read everything", recordWith({ ...drift, unread: ["Graph said 403."] }), false],
  [
    "it failed at a judgement on what it had read",
    recordWith({
      ...drift,
      result: "failed",
      exitCode: 3,
      failure: { class: "policy", message: "Too much." },
    }),
    true,
  ],
  [
    "it failed before it had read",
    recordWith({
      ...drift,
      result: "failed",
      exitCode: 1,
      failure: { class: "locked", message: "locked" },
    }),
    false,
  ],
])("what drift has found counts as gone or not where %s", (_, record, gone) => {
  expect(lookedAgainIn(reportOf(record))("contoso", ["drift"])).toBe(gone);
});

test("what two commands tell is gone only when both have looked again", () => {
  const both = [recordWith(drift), recordWith({ command: "review" })];
  const [row] = reportOf(
    ...both.map((record) => ({ ...record, findings: [findingWith()] })),
  ).findings;
  expect(row?.foundBy).toEqual(["drift", "review"]);
  expect(lookedAgainIn(reportOf(recordWith(drift)))("contoso", row?.foundBy ?? [])).toBe(false);
  expect(lookedAgainIn(reportOf(...both))("contoso", row?.foundBy ?? [])).toBe(true);
});

test("an active certificate that ends within 30 days is worth a ticket, whose words stay the same", () => {
  const ending = (days: number, active = true) => {
    const base = recordWith();
    const certificates = base.certificates?.map((one) => ({
      ...one,
      active,
      notAfter: dateInDays(days),
    }));
    return reportOf({ ...base, certificates });
  };
  expect(ticketRows(ending(29))).toEqual([
    expect.objectContaining({
      subject: "certificate 2026-11",
      risk: "medium",
      foundBy: ["certificates"],
      remedy: "apponly rotate --stack contoso",
    }),
  ]);
  expect(ticketRows(ending(29))[0]?.text).not.toContain("29");
  expect(ticketRows(ending(-1))[0]?.risk).toBe("high");
  expect(ticketRows(ending(31))).toEqual([]);
  expect(ticketRows(ending(5, false))).toEqual([]);
  // Rotated: the ticket of the old one is closed.
  expect(ticketsOf(ending(300), ending(20)).map(({ status }) => status)).toEqual(["closed"]);
});
