/**
 * Previews are read in each form in which they are saved. The shapes are those of CLI 3.259; what
 * older releases print is not proven here.
 */
import { PreviewFormatError } from "../../../review/input/preview";
import { parsePreviewText } from "../../../review/input/previewText";
import { readEvents } from "../../../review/input/engineEvents";
import { readPreviewDocument } from "../../../review/input/previewDocument";
import { parseUrn } from "../../../review/input/urn";
import { application, applicationId, azuread, eventOf, summaryEvent, urnOf } from "./previews";

const role = azuread("DirectoryRoleAssignment");
const created = { op: "create", type: role, name: "role", new: { inputs: { roleId: "x" } } };
const document = {
  config: { "apponly:displayName": "A" },
  steps: [
    { op: "create", urn: urnOf(role, "role"), newState: { type: role, inputs: { roleId: "x" } } },
  ],
  diagnostics: [{ message: "warning: mind the gap\n", severity: "warning" }],
  duration: 5,
  changeSummary: { create: 1, same: 3 },
};
const lines = (...events: unknown[]) => events.map((one) => JSON.stringify(one)).join("\n");

describe("engine events", () => {
  test("a resource has one step, with its inputs and its later outputs", () => {
    const before = { ...created, new: { inputs: { roleId: "x" }, outputs: {} } };
    const after = { ...created, new: { inputs: {}, outputs: { id: "y" } } };
    const { steps, after: view } = readEvents([
      eventOf(before, "resourcePreEvent"),
      eventOf(after),
      summaryEvent(),
    ]);
    expect(steps).toHaveLength(1);
    expect(view.find(urnOf(role, "role"))).toMatchObject({
      inputs: { roleId: "x" },
      outputs: { id: "y" },
    });
  });

  test.each([
    [["create-replacement", "replace", "delete-replaced"]],
    [["delete-replaced", "replace", "create-replacement"]],
    [["create-replacement", "delete-replaced"]],
  ])("a replacement told as %j is one step", (ops) => {
    const state = { inputs: { roleId: "x" } };
    const events = ops.map((op) => eventOf({ ...created, op, old: state, new: state }));
    expect(readEvents([...events, summaryEvent()]).steps.map(({ op }) => op)).toEqual(["replace"]);
  });

  test("what an interrupted replacement left behind is not a deletion of the live resource", () => {
    const live = application();
    const leftover = application({ op: "delete", old: { id: applicationId, delete: true } });
    const { steps } = readEvents([eventOf(live), eventOf(leftover), summaryEvent()]);
    expect(steps.map(({ op }) => op)).toEqual(["same", "delete-replaced"]);
  });

  test("a stream can be read while it comes", async () => {
    async function* stream() {
      yield eventOf(created);
      yield summaryEvent();
    }
    expect((await readEvents(stream())).steps).toHaveLength(1);
  });

  test("debug messages are passed over, warnings are kept, errors make it incomplete", () => {
    const said = (severity: string, message: string) => ({
      diagnosticEvent: { severity, message, color: "never" },
    });
    const { diagnostics, gaps } = readEvents([
      said("debug", "privateKeyPem,,,-----BEGIN"),
      said("info", "hello"),
      said("warning", "expires soon\n"),
      said("error", "no such role\n"),
      { diagnosticEvent: { severity: "warning", message: "passing", ephemeral: true } },
      summaryEvent(),
    ]);
    expect(diagnostics).toEqual([
      { severity: "warning", message: "expires soon" },
      { severity: "error", message: "no such role" },
    ]);
    expect(gaps).toEqual(["The preview reported an error."]);
  });

  test("policy results are kept, with their level", () => {
    const policyEvent = {
      policyPackName: "pack",
      policyName: "no-admin",
      enforcementLevel: "mandatory",
      message: "Global Administrator is not allowed.",
    };
    expect(readEvents([{ policyEvent }, summaryEvent()]).diagnostics).toEqual([
      {
        severity: "error",
        message: "Policy pack/no-admin (mandatory): Global Administrator is not allowed.",
      },
    ]);
  });

  test.each([
    ["no summary", [eventOf(created)], "The events end before the preview does"],
    ["a failed summary", [summaryEvent({ result: "failed" })], "The preview failed."],
    ["a corrupt state", [summaryEvent({ maybeCorrupt: true })], "may be corrupt"],
    ["a failed resource", [eventOf(created, "resOpFailedEvent"), summaryEvent()], "failed for urn"],
    [
      "something else",
      [{ some: "thing" }, eventOf(created), summaryEvent()],
      "not an engine event",
    ],
    ["a step without a resource", [{ resOutputsEvent: {} }, summaryEvent()], "names no operation"],
  ])("%s is a gap", (_, events, gap) => {
    expect(readEvents(events).gaps).toEqual([expect.stringContaining(gap)]);
  });

  test("no events, and events of two operations, are refused", () => {
    expect(() => readEvents([])).toThrow(PreviewFormatError);
    const preludeEvent = { config: {} };
    expect(() => readEvents([{ preludeEvent }, { preludeEvent }])).toThrow("several operations");
  });
});

describe("preview documents", () => {
  test("steps, configuration, counts and diagnostics are read", () => {
    const preview = readPreviewDocument(document);
    expect(preview.after.find(urnOf(role, "role"))?.inputs).toEqual({ roleId: "x" });
    expect(preview).toMatchObject({
      steps: [{ op: "create", type: role }],
      changeSummary: { create: 1, same: 3 },
      config: { "apponly:displayName": "A" },
      diagnostics: [{ severity: "warning", message: "mind the gap" }],
      showsSames: false,
      gaps: [],
    });
  });

  test("replacement steps shown besides the replacement are its parts", () => {
    const urn = urnOf(role, "role");
    const ops = ["delete-replaced", "replace", "create-replacement"];
    const { steps } = readPreviewDocument({
      steps: ops.map((op) => ({ op, urn, oldState: {}, newState: {} })),
    });
    expect(steps.map(({ op }) => op)).toEqual(["replace"]);
  });

  test("keys come from reasons and detailed diffs, without indexes", () => {
    const { steps } = readPreviewDocument({
      steps: [
        {
          op: "replace",
          urn: urnOf(role, "role"),
          diffReasons: ["roleId"],
          detailedDiff: {
            "owners[3]": { kind: "add" },
            "web.redirectUris[0]": { kind: "update-replace" },
            '["a.b"].c': { kind: "delete" },
          },
        },
      ],
    });
    expect(steps[0]?.diffKeys).toEqual(["roleId", "owners", "web", "a.b"]);
    expect(steps[0]?.replaceKeys).toEqual(["web"]);
  });

  test.each([
    ["a list", [], "JSON object"],
    ["nothing", null, "JSON object"],
    ["another document", { name: "x", version: 1 }, '"name", "version"'],
    ["an empty object", {}, "has nothing"],
    ["an event", summaryEvent(), "one engine event"],
    ["an error", { error: "no stack" }, "an error instead of a preview"],
  ])("%s is refused, with what to give", (_, json, message) => {
    expect(() => readPreviewDocument(json)).toThrow(message);
    expect(() => readPreviewDocument(json)).toThrow(PreviewFormatError);
  });

  test("an error among the diagnostics makes it incomplete", () => {
    const diagnostics = [{ severity: "error", message: "boom" }];
    expect(readPreviewDocument({ ...document, diagnostics }).gaps).toHaveLength(1);
  });
});

describe("saved text", () => {
  const printed = JSON.stringify(document, undefined, 4);
  const whole = readPreviewDocument(document);

  test.each([
    ["a document", printed],
    ["a document on one line", JSON.stringify(document)],
    ["a document with a byte order mark", `\uFEFF${printed}`],
    [
      "a document after what a policy pack prints",
      `Installing policy pack\n{ not this }\n${printed}`,
    ],
    ["a document before other output", `${printed}\nwarning: A new version is available\n`],
    ["a document with Windows line ends", printed.replaceAll("\n", "\r\n")],
  ])("%s", (_, text) => {
    expect(parsePreviewText(text)).toEqual(whole);
  });

  test("braces and quotes in texts do not end a document early", () => {
    const tricky = { ...document, config: { a: 'x } " \\" { \\' } };
    const text = `Installing\n${JSON.stringify(tricky, undefined, 4)}\nDone.`;
    expect(parsePreviewText(text).config).toEqual(tricky.config);
  });

  const events = [eventOf(created), summaryEvent()];
  test.each([
    ["one event a line", lines(...events)],
    ["one event a line after other output", `Installing policy pack\n${lines(...events)}\n`],
    ["Windows line ends", lines(...events).replaceAll("\n", "\r\n")],
    ["a list of events", JSON.stringify(events, undefined, 1)],
  ])("%s", (_, text) => {
    expect(parsePreviewText(text)).toEqual(readEvents(events));
  });

  test("a damaged line is a gap that names it", () => {
    const text = `${lines(...events)}\n{"sequence": 3, "resOut`;
    expect(parsePreviewText(text).gaps).toEqual(["Damaged lines of events: 3."]);
  });

  test.each([
    ["nothing", " \n", "is empty"],
    ["no preview", "error: no stack selected\n", "no preview document"],
    ["a document that is cut off", printed.slice(0, -30), "cut off"],
  ])("%s is refused", (_, text, message) => {
    expect(() => parsePreviewText(text)).toThrow(message);
    expect(() => parsePreviewText(text)).toThrow(PreviewFormatError);
  });

  test("a text of nothing but braces is refused", () => {
    expect(() => parsePreviewText("{\n".repeat(100_000))).toThrow(PreviewFormatError);
  });
});

test.each([
  ["urn:pulumi:dev::p::a:b:C::n", { stack: "dev", project: "p", type: "a:b:C", name: "n" }],
  [
    "urn:pulumi:dev::p::a:b:C$d:e:F::n::m",
    { stack: "dev", project: "p", type: "d:e:F", name: "n::m" },
  ],
  ["https://example.com", undefined],
  ["urn:pulumi:dev::p", undefined],
])("the parts of %s", (urn, parts) => {
  expect(parseUrn(urn)).toEqual(parts);
});
