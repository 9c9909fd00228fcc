import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readPolicyConfiguration } from "../../review/policies/configuration";
import { policyTable } from "../../tests/support/documentedRules";

const page = readFileSync(join(__dirname, "../../docs/policies.md"), "utf8");

test("the page lists the policies as they are", () => {
  expect(page).toContain(policyTable());
});

test("the page's configuration is one", () => {
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text ?? "");
  expect(examples).toHaveLength(1);
  for (const example of examples) {
    expect(Object.keys(readPolicyConfiguration(example)).length).toBeGreaterThan(1);
  }
});
