/**
 * The published JSON Schemas are those of the documents' shapes. Not proven here: that the documents
 * fit them, which the tests of each document show.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { publishedSchemas, stackSchemas } from "../../support/schemas";

test.each(Object.entries({ ...publishedSchemas(), ...stackSchemas() }))(
  "%s is what `npm run schemas` writes",
  (path, schema) => {
    const published: unknown = JSON.parse(readFileSync(join(__dirname, "../../..", path), "utf8"));
    expect(published).toEqual(schema);
  },
);

test("the schemas are the same each time, in the same order", () => {
  expect(JSON.stringify(publishedSchemas())).toBe(JSON.stringify(publishedSchemas()));
});

test("every schema refuses properties that it does not know, and names its version", () => {
  for (const [file, schema] of Object.entries(publishedSchemas())) {
    expect(schema).toMatchObject({ $id: expect.stringMatching(/^urn:apponly:[a-z]+:1$/) });
    // Lists that pipelines take as they are, and a choice of two documents.
    const whole = /stacks\.schema|severalStacks/.test(file)
      ? []
      : "anyOf" in schema
        ? (schema.anyOf as object[])
        : [schema];
    for (const one of whole) {
      expect(one).toMatchObject({
        additionalProperties: false,
        properties: { version: { const: 1 } },
      });
    }
  }
});
