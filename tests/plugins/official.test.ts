/**
 * The stand-ins beside the official azuread plugin: the same run was recorded with the plugin that
 * tests/fixtures/official/README.md names, and must give the same requests, request for request,
 * the same plans and the same counts. Not compared: the order of requests of different resources,
 * the seconds between them, and the values in their bodies.
 *
 * `APPONLY_RECORD=1 APPONLY_PLUGINS=official npx jest tests/plugins/official` records anew where the
 * official plugin can be had.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { comparedRun, type ComparedRun } from "../support/comparedRun";

const file = join(__dirname, "../fixtures/official/run.json");

test("requests and plans are those of the official plugin", async () => {
  const { run, plugins } = await comparedRun();
  if (process.env.APPONLY_RECORD) {
    expect(plugins[0]).toContain("official");
    writeFileSync(file, `${JSON.stringify({ plugins, run }, null, 2)}\n`);
  }
  const recorded = JSON.parse(readFileSync(file, "utf8")) as {
    plugins: string[];
    run: ComparedRun;
  };
  expect(recorded.plugins[0]).toBe("azuread 6.9.1 official");
  expect(Object.keys(run)).toEqual(Object.keys(recorded.run));
  for (const [name, operation] of Object.entries(recorded.run)) {
    expect({ name, ...run[name] }).toEqual({ name, ...operation });
  }
});
