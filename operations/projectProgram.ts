import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { propertiesOf, textOf } from "../policy/rules/values";
import { UsageFailure } from "../system/failure";
import { isFile, type Project } from "./project";

/** Folder of this package: its program is the module `index` there. */
export const ownRoot = dirname(__dirname);

/**
 * Plugins that come with this package, as `plugins` of a project's file names them: where they are is
 * known, whatever a copy of that file says.
 */
export const ownPlugins = {
  providers: [{ name: "exchangeonline", path: join(ownRoot, "exchange/bin") }],
} as const;

/** What Node and Pulumi try, in order, where a path names no file. */
const endings = [".js", ".json", ".node", ".ts", "/index.js", "/index.json", "/index.ts"];

/**
 * Refuses a project whose program is not this package's: an operation runs the package's own program
 * on the project's settings, and would show, or make, something else than the project's.
 *
 * A project has the package's program where Pulumi would run that very file, a copy whose every file
 * is the same, or a module that only hands on what the package exports; and where it has no program
 * at all, only settings.
 *
 * @throws {UsageFailure} If Pulumi would run another program.
 * @see https://www.pulumi.com/docs/iac/concepts/projects/project-file/
 */
export function requireOwnProgram(project: Project): void {
  const other = otherProgram(project);
  if (other !== undefined) {
    throw new UsageFailure(
      `${project.file} runs ${other}, and not the program of this command, which would work on its settings as if they were its own. Use pulumi itself for it; what its access comes to, a saved preview shows: \`pulumi preview --stack NAME --json > preview.json\`, then: apponly review --stack NAME --from preview.json`,
    );
  }
}

/** @returns What Pulumi would run, in words, unless it is this package's program. */
function otherProgram({ directory, runtime, main }: Project): string | undefined {
  if (runtime !== undefined && runtime !== "nodejs") {
    return `a program in the language "${runtime}"`;
  }
  // A whole path is taken as it is, as the engine does.
  const entry = programEntry(resolve(directory, main ?? ""));
  if (entry === undefined) {
    return main === undefined ? undefined : `${main}, where no program is`;
  }
  const root = realpathSync(ownRoot);
  const isOwn =
    [programEntry(root), join(root, "program.js")].includes(realpathSync(entry)) ||
    isCopy(entry) ||
    handsOn(entry);
  return isOwn ? undefined : entry;
}

/** The file that Node loads for a path. */
function programEntry(path: string): string | undefined {
  if (!existsSync(path)) {
    return endings.map((end) => path + end).find(isFile);
  }
  if (isFile(path)) {
    return path;
  }
  const main = textOf(packageIn(path)?.main);
  const named = main === undefined ? undefined : programEntry(join(path, main));
  return (
    named ??
    endings
      .filter((end) => end.startsWith("/"))
      .map((end) => path + end)
      .find(isFile)
  );
}

function packageIn(folder: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return propertiesOf(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  } catch {
    return undefined;
  }
}

/** Whether a file, and everything of the project that it loads, is the same as this package's. */
function isCopy(entry: string): boolean {
  const root = dirname(entry);
  const seen = new Set<string>();
  const isSame = (file: string): boolean => {
    const own = join(ownRoot, relative(root, file));
    if (seen.has(file)) {
      return true;
    }
    seen.add(file);
    const text = textOfFile(file);
    return (
      relative(root, file).split("/")[0] !== ".." &&
      text !== undefined &&
      text === textOfFile(own) &&
      [...text.matchAll(/(?:from|import|require\()\s*["'](\.[^"']*)["']/g)].every(
        ([, path = ""]) => {
          const loaded = programEntry(join(dirname(file), path));
          return loaded === undefined
            ? programEntry(join(dirname(own), path)) === undefined
            : isSame(loaded);
        },
      )
    );
  };
  return isSame(entry);
}

function textOfFile(file: string): string | undefined {
  return isFile(file) ? readFileSync(file, "utf8").replaceAll("\r\n", "\n") : undefined;
}

/** One statement that exports the package's program, and nothing else. */
const handingOn =
  /^(?:["']use strict["'];?)?(?:module\.exports=require\((["'])apponly(?:\/[\w/-]+)?\1\)(?:\.program)?|export(?:\*|\{[\w, ]*\})from(["'])apponly(?:\/[\w/-]+)?\2|import\{?(?:program as)?(\w+)\}?from(["'])apponly(?:\/[\w/-]+)?\4;(?:export=|export default ?|module\.exports=)\3);?$/;

/** Whether a module only hands on the program of this package, in this version of it. */
function handsOn(entry: string): boolean {
  const statements = (textOfFile(entry) ?? "")
    .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")
    .trim()
    .replace(/\s*([{}()=;*,]|\bfrom\b)\s*/g, "$1")
    .replace(/(?<=import|export)\s+(?=[{*])/g, "");
  return handingOn.test(statements.replace(/\s+/g, " ")) && isOwnVersion(entry);
}

/** Whether the package that a file would load is this one, or the same version of it. */
function isOwnVersion(entry: string): boolean {
  const { name, version } = packageIn(ownRoot) ?? {};
  const load = createRequire(entry);
  const places = load.resolve.paths(`${textOf(name) ?? ""}/package.json`) ?? [];
  const found = places.map((place) => join(place, textOf(name) ?? "")).find(existsSync);
  const locked = propertiesOf(
    propertiesOf(packageLockOf(dirname(entry)).packages)[`node_modules/${textOf(name) ?? ""}`],
  ).version;
  return found === undefined
    ? locked === undefined || locked === version
    : realpathSync(found) === realpathSync(ownRoot) || packageIn(found)?.version === version;
}

function packageLockOf(folder: string): Readonly<Record<string, unknown>> {
  try {
    return propertiesOf(JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")));
  } catch {
    return {};
  }
}
