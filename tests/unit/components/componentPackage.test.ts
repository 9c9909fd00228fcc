/**
 * That programs in other languages can use the components: the schema that is served is that of the
 * components as they are, and the SDK's own analyzer reads them alike. Programs that use it are in
 * tests/languages.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Analyzer, type PropertyDefinition } from "@pulumi/pulumi/provider/experimental/analyzer";
import { parse } from "yaml";
import served from "../../../plugin/schema.json";
import { componentPage } from "../../support/componentPage";
import { componentSchema, components } from "../../support/componentSchema";

const root = join(__dirname, "../../..");
const names = Object.keys(components);

test("the schema is written from the components as they are", () => {
  // Write it anew: npm run schemas
  expect(served).toEqual(componentSchema());
});

test("the page about the components is written from them", () => {
  // Write it anew: npm run schemas
  expect(readFileSync(join(root, "docs/components.md"), "utf8")).toBe(componentPage());
});

/** What a schema says of properties besides the text. */
const typesOf = (properties: Readonly<Record<string, object>>) =>
  Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const { description: _text, optional: _missing, ...type } = property as PropertyDefinition;
      // Of what is whole, and what is plain within a list, the analyzer says nothing.
      const json = JSON.stringify(type)
        .replaceAll("number", "integer")
        .replace(/,"plain":true/g, "");
      return [name, json.replace(/Args"/g, '"')];
    }),
  );

test("the SDK's analyzer accepts every component, and reads the arguments alike", () => {
  const analyzer = new Analyzer(
    join(root, "components"),
    "apponly",
    { name: "apponly" },
    new Set(names),
  );
  const { components: analyzed } = analyzer.analyze();
  expect(Object.keys(analyzed).sort()).toEqual([...names].sort());
  for (const [token, resource] of Object.entries(served.resources)) {
    const { inputs = {} } = analyzed[token.split(":")[2] ?? ""] ?? {};
    expect(typesOf(resource.inputProperties)).toEqual(typesOf(inputs));
    expect(Object.keys(inputs).filter((key) => inputs[key]?.optional !== true)).toEqual(
      resource.requiredInputs,
    );
  }
});

test("every property and type has a description, and every component an example", () => {
  const described = [...Object.values(served.types), ...Object.values(served.resources)].flatMap(
    (one) => [one, ...Object.values(one.properties)],
  );
  expect(described.filter(({ description }) => description === "")).toEqual([]);
  for (const { description } of Object.values(served.resources)) {
    expect(description).toMatch(/```typescript\n[^`]+```\n```yaml\nresources:\n/);
  }
});

test("no output is marked secret in the schema, by which the SDK for Java does not compile", () => {
  const outputs = Object.values(served.resources).flatMap((one) => Object.entries(one.properties));
  expect(outputs.map(([name]) => name)).toEqual(expect.arrayContaining(["pfx", "pfxPassword"]));
  expect(outputs.filter(([, one]) => "secret" in one)).toEqual([]);
});

test("the examples in YAML are as Pulumi's YAML wants them", () => {
  for (const { example } of Object.values(components)) {
    const text = readFileSync(join(root, "examples", example, "Pulumi.yaml"), "utf8");
    expect(parse(text)).toMatchObject({ name: example, runtime: "yaml" });
  }
});
