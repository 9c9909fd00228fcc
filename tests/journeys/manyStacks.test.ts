/**
 * Several stacks through the real engine in one process: previewed side by side, one of which fails,
 * with a record of each and one report. Not proven here: hundreds of stacks.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exampleConfiguration, type Journey, startJourney } from "../support/journey";

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});

afterAll(() => journey.close());

test("three stacks side by side: two are reviewed in one table, the third is told, and all in a report", async () => {
  const { workDirectory } = await journey.stack("dev", exampleConfiguration);
  const settings = await readFile(join(workDirectory, "Pulumi.dev.yaml"), "utf8");
  await writeFile(
    join(workDirectory, "Pulumi.second.yaml"),
    settings.replace("Exchange Administrator", "Exchange Recipient Administrator"),
  );
  await writeFile(
    join(workDirectory, "Pulumi.broken.yaml"),
    settings.replace("Exchange Administrator", "Exchange Wizard"),
  );
  const records = join(journey.directory, "records");
  await mkdir(records);
  const stacks = ["-s", "dev", "-s", "second", "-s", "broken"];
  const reviewed = await journey.apponly(
    ["review", ...stacks, "--format", "markdown", "--record", records],
    workDirectory,
    // The command keeps plugins of its own up, a pair for each lane.
    { PULUMI_DEBUG_PROVIDERS: undefined },
  );
  expect(reviewed.stderr).toContain("1 of 3 stacks failed.\nsettings: broken");
  expect(reviewed.code).toBe(2);
  expect(reviewed.stdout).toMatch(/^## Permission changes: .* in 2 stacks\n/);
  expect(reviewed.stdout).toContain("### Both stacks");
  // Programs that run side by side in one process each have their own settings.
  const lines = (await readFile(join(records, "review-stacks.jsonl"), "utf8")).trim().split("\n");
  const roles = lines.map((line) => {
    const { stack, findings = [] } = JSON.parse(line) as {
      stack: string;
      findings?: { subject: string }[];
    };
    return [
      stack,
      findings.flatMap(({ subject }) => /^add directory role (.*)$/.exec(subject)?.[1] ?? []),
    ];
  });
  expect(Object.fromEntries(roles)).toEqual({
    dev: ["Exchange Administrator"],
    second: ["Exchange Recipient Administrator"],
    broken: [],
  });
  const expected = join(journey.directory, "expected.txt");
  await writeFile(expected, "dev\nsecond\nbroken\nlost\n");
  const report = await journey.apponly(
    ["report", "--from", records, "--expect", expected],
    workDirectory,
  );
  expect(report.code).toBe(1);
  expect(report.stdout).toMatch(/^## 4 tenants, 2 failed\n/);
  expect(report.stderr).toContain("no-record: lost");
  expect(report.stderr).toContain("settings: broken");
});
