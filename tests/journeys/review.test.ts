/**
 * What a reviewer sees of changes that the real engine previews. Not proven here: previews of other
 * CLI versions, and a forge.
 */
import { gate } from "../../review/gate";
import { parsePreviewText } from "../../review/input/previewText";
import { readEvents } from "../../review/input/engineEvents";
import { renderMarkdown } from "../../review/render/markdown";
import { review } from "../../review/review";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

let journey: Journey;
let stack: JourneyStack;

beforeAll(async () => {
  journey = await startJourney();
  stack = await journey.stack("dev", exampleConfiguration);
  await stack.up();
});

afterAll(() => journey.close());

const reviewed = async (changes: Record<string, unknown>) => {
  await stack.configure({ ...exampleConfiguration, ...changes });
  const { events } = await stack.preview();
  const found = review(readEvents([...events]));
  const lines = events.map((event) => JSON.stringify(event)).join("\n");
  // The same from a saved stream of events.
  expect(review(parsePreviewText(lines)).changes).toEqual(found.changes);
  return found;
};

test("an unchanged stack has nothing to review", async () => {
  const found = await reviewed({});
  expect(found).toMatchObject({ changes: [], complete: true });
  expect(gate([found], "low").kind).toBe("passed");
});

test("Global Administrator is critical and trips the gate", async () => {
  const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const found = await reviewed({
    directoryRoles: ["Exchange Administrator", "Global Administrator"],
    exceptions: [{ role: "Global Administrator", reason: "mailbox migration", until }],
  });
  expect(found.changes[0]).toMatchObject({
    kind: "directory-role",
    action: "add",
    risk: "critical",
  });
  expect(gate([found], "critical").kind).toBe("tripped");
  expect(renderMarkdown([found])).toContain("Global Administrator");
});

test("a rename changes no permission that is critical or high", async () => {
  const found = await reviewed({ displayName: "Renamed" });
  expect(found.complete).toBe(true);
  expect(gate([found], "high").kind).toBe("passed");
});
