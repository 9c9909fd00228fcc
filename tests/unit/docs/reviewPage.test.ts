/**
 * The page about reviews: its picture is of what the code renders now, and its workflow is one that
 * GitHub takes. That the commands on it work is shown by the journey of the same name.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

import { guardedFiles } from "../../../forge/changedCode";
import { throughCompiler } from "../../support/compiler";
import { workflowFaults } from "../../support/workflowFaults";

const root = join(__dirname, "../../..");
const pictures = join(root, "docs/pictures");
const page = readFileSync(join(root, "docs/how-to/review-pull-requests.md"), "utf8");

const node = (...args: string[]) =>
  execFileSync(process.execPath, [...throughCompiler, ...args], { cwd: root, encoding: "utf8" });

const names = ["pull-request-comment", "terminal-review", "review-page"];

test("the pictures' pages are what the code renders now", () => {
  const pages = names.map((name) => [name, readFileSync(join(pictures, `${name}.html`), "utf8")]);
  // Otherwise: npm run picture, and look at the pictures.
  expect(JSON.parse(node(join(pictures, "make.ts"), "--html"))).toEqual(Object.fromEntries(pages));
});

test.each(names)("the picture %s is a PNG of less than 300 KiB that the page shows", (name) => {
  const file = join(pictures, `${name}.png`);
  const bytes = readFileSync(file);
  expect(bytes.subarray(0, 8).toString("latin1")).toBe("\u0089PNG\r\n\u001a\n");
  expect(bytes.readUInt32BE(16)).toBeGreaterThan(800);
  expect(statSync(file).size).toBeLessThan(300 * 1024);
  expect(page).toContain(`](../pictures/${name}.png)`);
});

test("the workflow on the page is the one that is checked in, and GitHub's parser takes it", () => {
  const shown = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  expect(workflowFaults("review.yml", shown)).toEqual([]);
  const file = join(root, "template/.github/workflows/review.yml");
  const checkedIn = parse(readFileSync(file, "utf8")) as {
    jobs: { review: { steps: { env?: Record<string, string> }[] } };
  };
  const onPage = parse(shown) as typeof checkedIn;
  // The checked-in one also serves backends other than Pulumi Cloud.
  const review = checkedIn.jobs.review.steps.at(-1);
  delete review?.env?.PULUMI_BACKEND_URL;
  delete review?.env?.PULUMI_CONFIG_PASSPHRASE;
  expect(onPage).toEqual(checkedIn);
});

test("every input and output of the action is on the page", () => {
  const action = parse(readFileSync(join(root, "action.yml"), "utf8")) as Record<
    "inputs" | "outputs",
    Record<string, unknown>
  >;
  for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)]) {
    expect(page).toMatch(new RegExp(`^\\|.*\`${name}\`.*\\|.*\\|$`, "m"));
  }
});

test("the page and the example of CODEOWNERS name everything that owners have to guard", () => {
  const rules = readFileSync(join(root, ".github/CODEOWNERS.example"), "utf8")
    .split("\n")
    .filter((line) => /^[^#\s]/.test(line))
    .map((line) => line.split(/\s+/));
  // As far as the example goes: a star, a folder, a name in any folder.
  const fits = (pattern: string, path: string) =>
    new RegExp(
      `^${pattern.startsWith("/") ? "" : "(.*/)?"}${pattern
        .replace(/^\//, "")
        .replace(/[.]/g, "\\.")
        .replace(/\*/g, "[^/]*")}${pattern.endsWith("/") ? ".*" : "$"}`,
    ).test(path);
  const ownersOf = (path: string) =>
    rules.findLast(([pattern = ""]) => fits(pattern, path))?.slice(1);
  for (const { kind, examples } of guardedFiles) {
    expect(page).toMatch(new RegExp(`^\\| ${kind} \\| .*\`.*\\|$`, "m"));
    for (const path of examples) {
      expect({ path, owners: ownersOf(path) }).toEqual({
        path,
        owners: expect.arrayContaining(["@example/security"]) as unknown,
      });
    }
  }
  expect(ownersOf("Pulumi.contoso.yaml")).toEqual(["@example/identity"]);
  expect(ownersOf("docs/how-to/rotate.md")).toEqual(["@example/platform"]);
});
