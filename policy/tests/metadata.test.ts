/**
 * What every policy says about itself, and that a stack in order passes each of them before its
 * first update, when most ids are unknown.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { policyOf } from "../crossguard/policyOf";
import { enforcementLevels, severities } from "../rules/rule";
import { appOnlyPermissions } from "../rules/data/permissions";
import { rules } from "../rules/rules";
import { judge } from "./support/judge";
import { firstPreview } from "./support/stacks";

const verbs = ["disallow", "require"];

test.each(rules)("$name is described", async (rule) => {
  expect(policyOf(rule)).toMatchObject({
    name: rule.name,
    displayName: rule.displayName,
    description: rule.description,
    severity: rule.severity,
    enforcementLevel: "mandatory",
    remediationSteps: rule.remediationSteps,
    url: rule.url,
    configSchema: { properties: rule.settings.properties },
  });
  expect(rule.name).toMatch(/^[a-z]+(-[a-z]+)+$/);
  expect(rule.name.split("-").filter((word) => verbs.includes(word))).toHaveLength(1);
  expect(rule.displayName).toMatch(/^[A-Z].*[^.]$/);
  expect(rule.description).toMatch(/^[A-Z].*\.$/);
  expect(rule.remediationSteps).toMatch(/^[A-Z].*\.$/);
  expect(rule.url).toMatch(/^https:\/\/(learn\.microsoft\.com|www\.pulumi\.com|github\.com)\//);
  expect(severities).toContain(rule.severity);
  expect(enforcementLevels).toContain(rule.enforcementLevel);
  await expect(judge(rule, firstPreview())).resolves.toEqual({ before: [], end: [] });
});

test("what is not configured is as the documentation says", () => {
  const defaults = rules.map(({ settings }) => settings.defaults as object);
  expect(Object.assign({}, ...defaults)).toEqual({
    acceptExceptionsOfStack: true,
    acceptedRoles: ["Global Reader", "Security Reader"],
    allowedAudiences: ["AzureADMyOrg"],
    allowedPermissions: appOnlyPermissions,
    allowedScopes: [],
    exceptions: [],
    exemptions: [],
    longestValidityDays: 730,
    microsoftApplications: [],
    minimumDaysLeft: 0,
    minimumKeyBits: 2048,
  });
});

test("there are eleven rules, each with a name of its own", () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(11);
});

test("the pack can be published by itself: its versions are the project's", () => {
  const read = (path: string) =>
    JSON.parse(readFileSync(join(__dirname, path), "utf8")) as Record<
      string,
      Record<string, string> | string
    >;
  const [pack, project] = [read("../package.json"), read("../../package.json")];
  expect(pack.version).toMatch(/^\d+\.\d+\.\d+$/);
  const all = { ...(project.dependencies as object), ...(project.devDependencies as object) };
  expect(all).toMatchObject(pack.dependencies as object);
});
