import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import type { FoundTool } from "./externalTools";

/**
 * The schema that a platform publishes for its files, as `check-jsonschema` carries it. What ajv
 * makes of it is not optimized: that takes longer than all that is read by it.
 *
 * @example publishedSchema(tool, "azure-pipelines")
 */
export function publishedSchema({ command }: FoundTool, name: string): ValidateFunction {
  const find = `import check_jsonschema, os; print(os.path.join(os.path.dirname(check_jsonschema.__file__), 'builtin_schemas', 'vendor', '${name}.json'))`;
  const file = execFileSync(command, ["-c", find], { encoding: "utf8" }).trim();
  const options = {
    strict: false,
    unicodeRegExp: false,
    logger: false,
    inlineRefs: false,
  } as const;
  return new Ajv({ ...options, code: { optimize: false } }).compile(
    JSON.parse(readFileSync(file, "utf8")),
  );
}

/** For the schema every scalar outside a task's inputs is text, as the platform's editor reads it. */
export function asText(value: unknown, key = ""): unknown {
  if (key === "inputs" || key === "continueOnError") {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((one) => asText(one));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asText(inner, name)]))
    : String(value);
}
