import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UsageFailure } from "../system/failure";
import { stackNameForm } from "../system/stackName";
import { readText } from "../system/readText";
import type { RecordFile } from "./gather";

/** How a file of records ends: lines of JSON. */
const recordEnding = ".jsonl";

/**
 * The files of records in a folder and its subfolders, as the artifacts of a run are downloaded.
 *
 * @throws {UsageFailure} If the folder cannot be read.
 */
export async function readRecordFolder(folder: string): Promise<RecordFile[]> {
  let names: string[];
  try {
    names = (await readdir(folder, { recursive: true })).filter((name) =>
      name.endsWith(recordEnding),
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageFailure(
      `The records in ${folder} cannot be read (${code ?? "unknown"}). Name the folder that holds the ${recordEnding} files.`,
    );
  }
  return Promise.all(
    names.sort().map(async (name) => ({ name, text: await readText(join(folder, name)) })),
  );
}

/**
 * The names of the stacks that are expected, from a list: a JSON array, or one name a line.
 *
 * @throws {UsageFailure} If it is not a list, is empty, or holds what is not a name.
 * @example expectedStacks('["contoso", "fabrikam"]', "stacks.json")
 */
export function expectedStacks(text: string, file: string): string[] {
  const names = text.trimStart().startsWith("[") ? namesInJson(text) : namesInLines(text);
  if (names === undefined || names.length === 0) {
    throw new UsageFailure(
      `--expect "${file}" names no stacks. Write one name a line, or a JSON array of names.`,
    );
  }
  const wrong = names.find((name) => !name.split("/").every((part) => stackNameForm.test(part)));
  if (wrong !== undefined) {
    throw new UsageFailure(
      `--expect "${file}" has ${JSON.stringify(wrong.slice(0, 60))}, which is not the name of a stack. Write one name a line, or a JSON array of names.`,
    );
  }
  return names;
}

function namesInLines(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const name = line.trim();
    return name === "" || name.startsWith("#") ? [] : [name];
  });
}

function namesInJson(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((one) => typeof one === "string")
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}
