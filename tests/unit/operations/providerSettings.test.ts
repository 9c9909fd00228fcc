/**
 * How a stack's deployer signs in, and where, is read from the stack's own file where that says all
 * of it, and otherwise asked of the CLI.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectStackExchange } from "../../../operations/stackExchange";
import { plainSignInSettings } from "../../../operations/providerSettings";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-provider-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function settingsOf(settings: string, project = "name: apponly\nruntime: nodejs\n") {
  writeFileSync(join(folder, "Pulumi.yaml"), project);
  writeFileSync(join(folder, "Pulumi.dev.yaml"), settings);
  return plainSignInSettings(folder, "contoso/apponly/dev");
}

const tenant = "  azuread:tenantId: 11111111-2222-4333-8444-555555555555\n";

test.each([
  ["nothing is configured", "config: {}\n", {}],
  ["the file is empty", "", {}],
  [
    "all is text",
    `config:\n${tenant}  apponly:displayName: Access\n`,
    { "azuread:tenantId": "11111111-2222-4333-8444-555555555555" },
  ],
  [
    "the cloud is another",
    "config:\n  apponly:cloud: gcchigh\n  apponly:organization: contoso.example\n",
    { "apponly:cloud": "gcchigh", "apponly:organization": "contoso.example" },
  ],
  [
    "the project's file has more",
    `config:\n${tenant}  azuread:environment: china\n`,
    {
      "azuread:tenantId": "11111111-2222-4333-8444-555555555555",
      "azuread:environment": "china",
      "azuread:metadataHost": "example.test",
      "apponly:cloud": "global",
    },
    `config:
  azuread:environment: usgovernment
  azuread:metadataHost: { value: example.test }
  apponly:cloud: { type: string, default: global }
  apponly:organization: { type: string }
`,
  ],
  [
    "another setting is a secret",
    `config:\n${tenant}  apponly:notes:\n    secure: AAAB\n`,
    { "azuread:tenantId": "11111111-2222-4333-8444-555555555555" },
  ],
])("where %s, the files are enough", async (_, settings, expected, config = "") => {
  expect(await settingsOf(settings, `name: apponly\nruntime: nodejs\n${config}`)).toEqual(expected);
});

test.each([
  ["a secret", `config:\n${tenant}  azuread:clientSecret:\n    secure: AAAB\n`, undefined],
  ["a secret for Exchange", "config:\n  apponly:organization:\n    secure: AAAB\n", undefined],
  ["a number", "config:\n  azuread:tenantId: 1\n", undefined],
  ["an environment", `environment:\n  - contoso\nconfig:\n${tenant}`, undefined],
  [
    "a secret of the project",
    `config:\n${tenant}`,
    "name: apponly\nruntime: nodejs\nconfig:\n  azuread:clientSecret: { value: x, secret: true }\n",
  ],
])("where there is %s, the CLI is asked", async (_, settings, project) => {
  expect(await settingsOf(settings, project)).toBeUndefined();
});

test("where the stack has no file of that name, the CLI is asked", async () => {
  expect(await plainSignInSettings(folder, "dev")).toBeUndefined();
});

test.each([
  ["nothing where the file says all", `config:\n${tenant}`, 0],
  ["the configuration where a part of it is a secret", "config:\n  azuread:a:\n    secure: A\n", 1],
])("to reach Exchange the CLI is asked for %s", async (_, settings, asked) => {
  await settingsOf(settings);
  const getAllConfig = jest.fn(() => Promise.resolve({}));
  const exportStack = () => Promise.reject(new Error("nobody asks for the state"));
  const stack = { name: "dev", environment: {}, workDirectory: folder, getAllConfig, exportStack };
  await connectStackExchange(stack);
  expect(getAllConfig).toHaveBeenCalledTimes(asked);
});
