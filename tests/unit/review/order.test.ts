/**
 * Order means nothing: a preview whose lists, and whose resources, come in any other order is the
 * same review, and a stack in which only the order of lists changes, changes no permission.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parsePreviewText } from "../../../review/input/previewText";
import { review } from "../../../review/review";
import type { StackReview } from "../../../review/documentShape";

interface Step {
  op: string;
  oldState?: { inputs?: unknown; outputs?: unknown };
  newState?: { inputs?: unknown; outputs?: unknown };
}
interface Preview {
  steps: Step[];
  changeSummary: Record<string, number>;
}

const read = (name: string) =>
  JSON.parse(
    readFileSync(join(__dirname, "../../fixtures/previews/3.259.0", `${name}.json`), "utf8"),
  ) as Preview;

const reviewOf = (preview: Preview): StackReview =>
  review(parsePreviewText(JSON.stringify(preview)), { now: new Date("2026-11-25T13:00:00Z") });

/** The same value with every list in it shuffled. */
function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) {
    return value
      .map((one) => [random(), shuffled(one, random)] as const)
      .sort(([a], [b]) => a - b)
      .map(([, one]) => one);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shuffled(one, random)]))
    : value;
}

const withShuffledLists = (state: Step["oldState"], random: () => number) =>
  state && {
    ...state,
    inputs: shuffled(state.inputs, random),
    outputs: shuffled(state.outputs, random),
  };

const randomness = fc
  .infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }))
  .map((stream) => () => stream.next().value as number);

test.each(["create", "update-all", "replaceCert-all"])("%s in any order", (name) => {
  const preview = read(name);
  const expected = reviewOf(preview);
  expect(expected.changes.length).toBeGreaterThan(0);
  fc.assert(
    fc.property(randomness, (random) => {
      const steps = preview.steps.map((step) => ({
        ...step,
        ...(step.oldState && { oldState: withShuffledLists(step.oldState, random) }),
        ...(step.newState && { newState: withShuffledLists(step.newState, random) }),
      }));
      const other = reviewOf({ ...preview, steps: shuffled(steps, random) as Step[] });
      expect(other).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

const application = (inputs: object) => ({
  urn: "urn:pulumi:prod::apponly::azuread:index/application:Application::app",
  type: "azuread:index/application:Application",
  custom: true,
  id: "/applications/1",
  inputs: { displayName: "App", ...inputs },
  outputs: { displayName: "App", clientId: "c", objectId: "o", ...inputs },
});

test("lists of an application of which only the order changes change no permission", () => {
  const inputs = {
    owners: ["a", "b", "c"],
    tags: ["x", "y"],
    identifierUris: ["api://1", "api://2"],
    web: { redirectUris: ["https://a.example/", "https://b.example/"] },
    requiredResourceAccesses: [
      {
        resourceAppId: "00000002-0000-0ff1-ce00-000000000000",
        resourceAccesses: [
          { id: "dc50a0fb-09a3-484d-be87-e023b12c6440", type: "Role" },
          { id: "ff91d191-45a0-43fd-b837-bd682c4a0b0f", type: "Role" },
        ],
      },
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccesses: [
          { id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", type: "Scope" },
          { id: "7ab1d382-f21e-4acd-a863-ba3e13f7da61", type: "Role" },
        ],
      },
    ],
  };
  fc.assert(
    fc.property(randomness, (random) => {
      const { changes } = reviewOf({
        steps: [
          {
            op: "update",
            ...{ urn: application({}).urn },
            oldState: application(inputs),
            newState: application(shuffled(inputs, random) as object),
          },
        ],
        changeSummary: { update: 1 },
      });
      expect(changes).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
