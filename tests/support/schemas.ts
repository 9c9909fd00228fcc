/**
 * Writes the published JSON Schemas from the shapes of the documents, and that of the component
 * package from the components, with the page about it: `npm run schemas`.
 *
 * @see https://zod.dev/json-schema
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { configurationShape } from "../../components/configuration/shape";
import { outputsShape } from "../../components/outputs";
import { componentPage } from "./componentPage";
import { componentSchema } from "./componentSchema";
import { publishedShapes } from "./publishedShapes";

/** The JSON Schemas by the path of their file. */
export function publishedSchemas(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(publishedShapes).map(([path, shape]) => [path, jsonSchemaOf(shape)]),
  );
}

/** What a stack is told and tells, by the path of the file. */
export function stackSchemas(): Record<string, object> {
  return {
    "components/configuration/configuration.schema.json": jsonSchemaOf(configurationShape),
    "components/outputs.schema.json": jsonSchemaOf(outputsShape),
    "plugin/schema.json": componentSchema(),
  };
}

const jsonSchemaOf = (shape: z.ZodType) =>
  z.toJSONSchema(shape, {
    override: ({ jsonSchema, path }) => withoutDefaults(jsonSchema, path.length > 0),
  });

/**
 * Takes away what zod says of its own accord: bounds of JavaScript, and what holds of any JSON. What
 * stands within another document has no id, by which its references would be its own.
 */
function withoutDefaults(schema: Record<string, unknown>, isInner: boolean): void {
  delete schema.readOnly;
  if (isInner) {
    delete schema.$id;
  }
  if (schema.maximum === Number.MAX_SAFE_INTEGER) {
    delete schema.maximum;
  }
  if (JSON.stringify(schema.propertyNames) === '{"type":"string"}') {
    delete schema.propertyNames;
  }
}

if (require.main === module) {
  const schemas = { ...publishedSchemas(), ...stackSchemas() };
  for (const [path, schema] of Object.entries(schemas)) {
    writeFileSync(join(__dirname, "../..", path), `${JSON.stringify(schema, undefined, 2)}\n`);
  }
  writeFileSync(join(__dirname, "../../docs/components.md"), componentPage());
}
