/**
 * Each page under docs/how-to with something to type is followed by a test, word for word, or it is
 * said here why not. Whether a test does follow it is not seen here.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Which test runs the blocks of a page. */
const followers: Readonly<Record<string, string>> = {
  "azure-automation": "tests/journeys/pipelinePages.test.ts",
  "azure-devops": "tests/journeys/pipelinePages.test.ts",
  "bring-your-own-certificate": "tests/journeys/howTo.test.ts",
  cron: "tests/journeys/pipelinePages.test.ts",
  deployer: "tests/journeys/howTo.test.ts",
  export: "tests/journeys/export.test.ts",
  gitlab: "tests/journeys/pipelinePages.test.ts",
  "github-actions": "tests/journeys/pipelinePages.test.ts",
  jenkins: "tests/journeys/pipelinePages.test.ts",
  "many-tenants": "tests/journeys/howTo.test.ts",
  "other-clients": "tests/support/clients/main.ts",
  "review-pull-requests": "tests/interop/pullRequestAction.test.ts",
  rotate: "tests/journeys/howTo.test.ts",
  try: "tests/journeys/start.test.ts",
  verify: "tests/journeys/verify.test.ts",
};

/** Pages whose commands are not all to be had on a machine without internet access. */
const withoutFollower: Readonly<Record<string, string>> = {
  "exchange-roles": "az and pwsh",
  "keys-in-a-vault": "a vault in Azure",
  programs: "npm's registry and Pulumi's",
  start: "npm's registry and Pulumi's templates",
};

const pages = readdirSync(join(root, "docs/how-to"))
  .map((name) => name.replace(/\.md$/, ""))
  .filter((name) => /^```sh$/m.test(read(`docs/how-to/${name}.md`)));

test("every page with something to type has a test that follows it, or a reason why none can", () => {
  expect(pages).toEqual([...Object.keys(followers), ...Object.keys(withoutFollower)].sort());
});

test.each(Object.entries(followers))("%s is read by %s", (page, file) => {
  expect(read(file)).toContain(page);
});
