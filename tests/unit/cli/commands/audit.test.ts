/** The command line of `apponly audit`; what it finds in a tenant is shown in tests/unit/audit. */
import { auditCommand, showAudit } from "../../../../cli/commands/audit";
import { run } from "../../../../cli/command";
import { failureOf } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { recordingIo } from "../../../support/recordingIo";

test("the options are read; the project's stacks are asked unless it is told not to", async () => {
  expect(await parsedOptions(auditCommand, "")).toEqual({ format: "terminal", stacks: true });
  expect(
    await parsedOptions(auditCommand, "-f csv --fail-on high --accepted a.yaml --no-stacks"),
  ).toEqual({ format: "csv", failOn: "high", accepted: "a.yaml", stacks: false });
});

test.each([
  ["--format pdf", "Allowed choices are terminal, markdown, json, html, csv."],
  ["--fail-on terrible", "Allowed choices are critical, high, medium, low."],
  ["--accepted /nowhere.yaml", '--accepted "/nowhere.yaml" cannot be read'],
])("%s is a usage error, and nothing is asked", async (line, message) => {
  const io = recordingIo();
  expect(await run(["audit", ...line.split(" ")], io)).toBe(2);
  expect(io.said()).toContain(message);
  expect(io.written()).toBe("");
});

test("with --no-stacks no stack is asked, and what the tenant refuses ends the command", async () => {
  const managedApplications = jest.fn(() => Promise.resolve(new Map<string, string>()));
  const refused = () => Promise.reject(new Error("refused"));
  const ended = async (line: string) =>
    failureOf(
      showAudit(await parsedOptions(auditCommand, line), recordingIo(), {
        connect: refused,
        managedApplications,
      }),
    );
  expect((await ended("--no-stacks"))?.message).toBe("refused");
  expect(managedApplications).not.toHaveBeenCalled();
});
