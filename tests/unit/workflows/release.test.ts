/**
 * The scripts of release.yml as they stand, with stand-ins of `git`, `gh` and `npm` on PATH. Not proven
 * here: GitHub, npm, and that the two take the identity of the job.
 */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { contracts } from "../../../bin/release";
import { parseOutputs } from "../../support/github/step";
import { standInPrograms } from "../../support/standInPrograms";

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly if?: string;
}

const root = join(__dirname, "../../..");
const text = readFileSync(join(root, ".github/workflows/release.yml"), "utf8");
const { build, publish } = (parse(text) as { jobs: Record<string, { steps: Step[] }> }).jobs;
const script = (job: typeof build, name: string) => {
  const found = job?.steps.find((step) => step.name?.startsWith(name))?.run;
  expect(found).toBeDefined();
  return found ?? "";
};

test.each([
  ["a version that the changelog does not have", "", 2, {}],
  ["a version that has a tag", "## 1.2.3 (2026-11-26)\n", 0, {}],
  ["a version that is new", "## 1.2.3 (2026-11-26)\n", 2, { version: "1.2.3" }],
])("of %s the job goes on only where it is to be released", async (_case, log, code, outputs) => {
  const place = await standInPrograms({ git: `exit ${code}` });
  await writeFile(place.path("package.json"), '{ "version": "1.2.3" }');
  await writeFile(place.path("CHANGELOG.md"), `# Changelog\n\n## HEAD (unreleased)\n\n${log}`);
  expect(await place.run(script(build, "Find the version"), {})).toMatchObject({ code: 0 });
  expect(parseOutputs(await place.outputs())).toEqual(outputs);
});

test("nothing is tested, packed or published of a version that is not to be released", () => {
  const guarded = (build?.steps ?? []).slice(3).map((step) => step.if);
  expect(guarded).toEqual(guarded.map(() => "steps.version.outputs.version != ''"));
  expect(publish).toMatchObject({ if: "needs.build.outputs.version != ''" });
});

test("what is published is the file that was tested, with provenance, and then the release", async () => {
  const place = await standInPrograms({ npm: "", gh: "" });
  const environment = { VERSION: "1.2.3", GITHUB_REPOSITORY: "contoso/apponly", GITHUB_SHA: "abc" };
  for (const name of ["Publish the package", "Tag, and write the release"]) {
    expect(await place.run(script(publish, name), environment)).toMatchObject({ code: 0 });
  }
  expect(await place.calls()).toEqual([
    "npm [publish] [./release/apponly-1.2.3.tgz] [--provenance] [--access] [public] [--ignore-scripts]",
    "gh [release] [create] [v1.2.3] [release/apponly-1.2.3.tgz] [release/sbom.cdx.json] [--repo] [contoso/apponly] [--target] [abc] [--title] [1.2.3] [--notes-file] [release/notes.md]",
  ]);
});

test("the action has a tag of its own that stays, and one of the major version that moves", async () => {
  const place = await standInPrograms({ git: "" });
  const { code } = await place.run(script(publish, "Move the action's tag"), {
    VERSION: "1.2.3",
    GITHUB_REPOSITORY: "contoso/apponly",
    GITHUB_SHA: "abc",
    GH_TOKEN: "token-of-the-job",
  });
  const pushes = (await place.calls()).filter((call) => call.includes("[push]"));
  expect({
    code,
    refs: pushes.map((call) => /\[(--force|--quiet)\] \[http.*\] \[(.*)\]$/.exec(call)?.slice(1)),
  }).toEqual({
    code: 0,
    refs: [
      ["--quiet", "HEAD:refs/tags/action-v1.2.3"],
      ["--force", "HEAD:refs/tags/v1"],
    ],
  });
});

test("the action's commit has what the action and the template need besides the package", () => {
  const pack = script(build, "Pack");
  expect(pack).toContain("cp -R action.yml azure-pipelines package-lock.json release/action");
  expect(contracts).toContain("action.yml");
});
