/**
 * What others build on, compared with the last version: nothing is lost that docs/compatibility.md
 * promises. `npm run release` keeps it for the next version.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { contracts, lastVersionFolder } from "../../../bin/release";
import { publishedShapes } from "../../support/publishedShapes";

const root = join(__dirname, "../../..");

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const read = (folder: string, file: string) =>
  parse(readFileSync(join(root, folder, file), "utf8")) as Json;

/** Words about a thing, what changes with each version, and a mark that values have themselves. */
const free = new Set([
  ...["description", "$schema", "version", "default", "runs", "branding"],
  "secret",
]);

/** Lists of what has to be given: they may become shorter, and not longer. */
const isDemand = (path: string, file: string) =>
  path.endsWith(".requiredInputs") ||
  (path.endsWith(".required") &&
    (file.includes("configuration") ||
      file === "action.yml" ||
      // What a program gives; what a component tells is an object of its own there.
      /^\.types\.(?!apponly:index:Certificate\.)/.test(path)));

const asWord = (value: Json | undefined) =>
  typeof value === "string" ? value : JSON.stringify(value);

/** What an older contract has and the newer one no longer. */
function lost(before: Json, now: Json | undefined, file: string, path = ""): string[] {
  if (Array.isArray(before) && Array.isArray(now)) {
    const [less, more] = isDemand(path, file) ? [now, before] : [before, now];
    const texts = new Set(more.map((one) => JSON.stringify(one)));
    return less
      .filter((one) => !texts.has(JSON.stringify(one)) && typeof one !== "object")
      .map((one) => `${file}${path}: ${asWord(one)}`);
  }
  if (typeof before === "object" && before !== null && !Array.isArray(before)) {
    if (typeof now !== "object" || now === null || Array.isArray(now)) {
      return [`${file}${path}`];
    }
    return Object.entries(before)
      .filter(([key]) => !free.has(key) || path.endsWith("roperties"))
      .flatMap(([key, value]) =>
        // A list of demands that is gone demands nothing.
        now[key] === undefined && isDemand(`${path}.${key}`, file)
          ? []
          : lost(value, now[key], file, `${path}.${key}`),
      );
  }
  return before === now ? [] : [`${file}${path}: ${asWord(before)}`];
}

/** Demands of a newer contract that the older one did not have. */
function added(before: Json, now: Json, file: string): string[] {
  return lost(now, before, file).filter((one) =>
    isDemand(one.slice(file.length).split(": ")[0]!, file),
  );
}

test.each(contracts)("%s has all that the last version had, and demands no more", (file) => {
  const [before, now] = [read(lastVersionFolder, file), read(".", file)];
  expect([...lost(before, now, file), ...added(before, now, file)]).toEqual([]);
});

test("what is lost, and what is demanded, is found", () => {
  const schema = (properties: Json, required: Json) => ({ properties, required });
  const properties = { a: { type: "string" }, b: { type: "string" } };
  const before = schema(properties, ["a"]);
  const file = "review/review.schema.json";
  expect(lost(before, schema({ a: { type: "number" } }, []), file)).toEqual([
    `${file}.properties.a.type: string`,
    `${file}.properties.b`,
    `${file}.required: a`,
  ]);
  expect(lost(before, schema({ ...properties, c: {} }, ["a", "b"]), file)).toEqual([]);
  const configuration = "configuration.schema.json";
  expect(lost(before, schema(properties, ["a", "b"]), configuration)).toEqual([
    `${configuration}.required: b`,
  ]);
  expect(lost(before, schema(properties, []), configuration)).toEqual([]);
});

test("every published schema is among what is kept", () => {
  expect(contracts.filter((file) => !existsSync(join(root, lastVersionFolder, file)))).toEqual([]);
  expect(contracts).toEqual(expect.arrayContaining(Object.keys(publishedShapes)));
});
