/**
 * What is configured for the azuread provider is read from the stack's own file where that says all
 * of it, and otherwise asked of the CLI.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plainProviderSettings } from "../../../operations/providerSettings";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-provider-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function settingsOf(settings: string, project = "name: apponly\nruntime: nodejs\n") {
  writeFileSync(join(folder, "Pulumi.yaml"), project);
  writeFileSync(join(folder, "Pulumi.dev.yaml"), settings);
  return plainProviderSettings(folder, "contoso/apponly/dev");
}

const tenant = "  azuread:tenantId: 11111111-2222-4333-8444-555555555555\n";

test.each([
  ["nothing is configured", "config: {}\n", {}],
  ["the file is empty", "", {}],
  [
    "all is text",
    `config:\n${tenant}  apponly:displayName: Access\n`,
    { tenantId: "11111111-2222-4333-8444-555555555555" },
  ],
  [
    "another setting is a secret",
    `config:\n${tenant}  apponly:notes:\n    secure: AAAB\n`,
    { tenantId: "11111111-2222-4333-8444-555555555555" },
  ],
])("where %s, the file is enough", async (_, settings, expected) => {
  expect(await settingsOf(settings)).toEqual(expected);
});

test.each([
  ["a secret", `config:\n${tenant}  azuread:clientSecret:\n    secure: AAAB\n`, undefined],
  ["a number", "config:\n  azuread:tenantId: 1\n", undefined],
  ["an environment", `environment:\n  - contoso\nconfig:\n${tenant}`, undefined],
  [
    "a setting of the project",
    `config:\n${tenant}`,
    "name: apponly\nruntime: nodejs\nconfig:\n  azuread:environment: usgovernment\n",
  ],
])("where there is %s, the CLI is asked", async (_, settings, project) => {
  expect(await settingsOf(settings, project)).toBeUndefined();
});

test("where the stack has no file of that name, the CLI is asked", async () => {
  expect(await plainProviderSettings(folder, "dev")).toBeUndefined();
});
