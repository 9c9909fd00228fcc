/**
 * Writes the published JSON Schemas from the shapes of the documents, and that of the component
 * package from the components, with the page about it: `npm run schemas`.
 *
 * @see https://zod.dev/json-schema
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { exportShape } from "../../access/export/documentShape";
import { auditShape } from "../../audit/documentShape";
import { verifyShape } from "../../access/verify/documentShape";
import { configurationShape } from "../../components/configuration/shape";
import { outputsShape } from "../../components/outputs";
import { recordShape } from "../../fleet/record";
import { reviewShape } from "../../review/documentShape";
import { componentPage } from "./componentPage";
import { componentSchema } from "./componentSchema";

const shapes: Readonly<Record<string, z.ZodType>> = {
  "access/export/export.schema.json": exportShape,
  "access/verify/verify.schema.json": verifyShape,
  "audit/audit.schema.json": auditShape,
  "fleet/record.schema.json": recordShape,
  "review/review.schema.json": reviewShape,
};

/** The JSON Schemas by the path of their file. */
export function publishedSchemas(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(shapes).map(([path, shape]) => [path, jsonSchemaOf(shape)]),
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
  z.toJSONSchema(shape, { override: ({ jsonSchema }) => withoutDefaults(jsonSchema) });

/** Takes away what zod says of its own accord: bounds of JavaScript, and what holds of any JSON. */
function withoutDefaults(schema: Record<string, unknown>): void {
  delete schema.readOnly;
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
