/**
 * Who only reads a stack needs no plugins: neither finds nor chooses them, whatever the environment
 * says about them. Each command that reads is the real one on a stack of the real engine.
 */
import {
  type Journey,
  type JourneyStack,
  exampleConfiguration,
  startJourney,
} from "../support/journey";

let journey: Journey;
let stack: JourneyStack;

/** Ends whoever so much as asks which plugins to use. */
const withoutPlugins = { APPONLY_PLUGINS: "none-can-be-had" };

beforeAll(async () => {
  journey = await startJourney();
  stack = await journey.stack("dev", exampleConfiguration);
  await stack.up();
});

afterAll(() => journey.close());

it.each([
  ["verify", "2026-11 → exchange"],
  ["export --format json", '"applicationId"'],
  ["pipeline --kind cron", "Connect-ExchangeOnline"],
  ["certificates", "2026-11"],
  ["doctor --format json", '"needs"'],
])("%s reads the stack without plugins", async (line, shown) => {
  const args = [...line.split(" "), "--stack", "dev"];
  // The machine is inspected by doctor, plugins included, and only its report may say so.
  const environment = line.startsWith("doctor") ? { APPONLY_PLUGINS: "official" } : withoutPlugins;
  const { code, stdout, stderr } = await journey.apponly(args, stack.workDirectory, environment);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining("Plugins") });
  expect(stdout).toContain(shown);
});

it("what previews a stack does need them", async () => {
  const args = ["review", "--stack", "dev"];
  const { code, stderr } = await journey.apponly(args, stack.workDirectory, withoutPlugins);
  expect(code).toBe(1);
  expect(stderr).toContain('APPONLY_PLUGINS "none-can-be-had" is not a choice of plugins.');
});
