import { constants } from "node:fs";
import { lstat, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { findStack, ownNameOf } from "../../../operations/project";
import { ownPlugins, requireOwnProgram } from "../../../operations/projectProgram";
import { readPulumiFile } from "../../../operations/pulumiYaml";
import { isObject, listOf, propertiesOf, textsOf } from "../../../policy/rules/values";
import { Failure } from "../../../system/failure";

/** What a project's file may say of a project under review; the rest would run, or lead elsewhere. */
const described = ["name", "description", "config", "options", "backend"];

/** What says nothing about a preview by this package's program. */
const irrelevant = [
  "author",
  "license",
  "website",
  "template",
  "runtime",
  "main",
  "stackConfigDir",
];

/**
 * Previews one stack of a pull request in a folder of its own, into which only data of the checkout
 * comes: the name and the configuration out of the project's file, and the stack's settings. Whatever
 * else the checkout holds, program, plugins, packages, is not loaded.
 *
 * @param isChanged Whether the pull request changes the project's file.
 * @param preview Is given the folder.
 * @throws {UsageFailure} If the project has another program than this package's.
 * @throws {Failure} If the preview would load more than data, or the state may be elsewhere.
 */
export async function withStagedProject<T>(
  stack: string,
  isChanged: boolean,
  preview: (folder: string) => Promise<T>,
): Promise<T> {
  const { project, settingsFile } = findStack(stack);
  requireOwnProgram(project);
  const staged = stringify(dataOf(project.file, await readPlainFile(project.file), isChanged));
  const settings = await readPlainFile(settingsFile);
  refuseVariables(settingsFile, settings);
  const folder = await mkdtemp(join(tmpdir(), "apponly-review-"));
  try {
    await writeFile(join(folder, "Pulumi.yaml"), staged);
    await writeFile(join(folder, `Pulumi.${ownNameOf(stack)}.yaml`), settings, { mode: 0o600 });
    return await preview(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A link could lead to a file that no owner guards, or out of the checkout. What is read is what was
 * looked at, also where somebody puts a link in its place meanwhile.
 */
async function readPlainFile(file: string): Promise<string> {
  if ((await lstat(file)).isSymbolicLink()) {
    throw failureOfLink(file);
  }
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === "ELOOP" ? failureOfLink(file) : error;
  });
  try {
    if (!(await handle.stat()).isFile()) {
      throw failureOfLink(file);
    }
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

function failureOfLink(file: string): Failure {
  return new Failure(
    `${file} is a link, or no file. A review reads plain files: put the settings there.`,
  );
}

function dataOf(file: string, text: string, isChanged: boolean): Record<string, unknown> {
  const content = contentOf(file, text);
  const known = [
    ...described,
    ...irrelevant,
    ...(hasOwnPlugins(content.plugins) ? ["plugins"] : []),
  ];
  const others = Object.keys(content).filter((key) => !known.includes(key));
  if (others.length > 0) {
    throw new Failure(
      `${file} has ${others.map((key) => `"${key}"`).join(", ")}, which may run code of the pull request. Remove it, or have the change previewed by somebody who has read it: \`pulumi preview --json\`, and the input previews.`,
    );
  }
  if (isChanged && content.backend !== undefined) {
    throw new Failure(
      `${file} is changed by the pull request and says where the state is kept, which would get the token for it. Set PULUMI_BACKEND_URL in the job, and remove "backend".`,
    );
  }
  const data = described.map((key) => [key, content[key]] as const);
  return {
    ...Object.fromEntries(data.filter(([, value]) => value !== undefined && value !== null)),
    // Where it is text, it is an older name of the folder of the settings.
    ...(typeof content.config === "string" ? { config: {} } : {}),
    runtime: "nodejs",
    plugins: ownPlugins,
  };
}

/** Whether only plugins are named that this package has itself, and takes from its own folder. */
function hasOwnPlugins(plugins: unknown): boolean {
  const { providers, ...others } = propertiesOf(plugins);
  const own: readonly unknown[] = ownPlugins.providers.map(({ name }) => name);
  return (
    Object.keys(others).length === 0 &&
    listOf(providers).every((one) => own.includes(propertiesOf(one).name))
  );
}

/**
 * An environment that is written into the settings sets variables of the engine and its plugins, also
 * those that say where a credential is sent. One that is only named is kept elsewhere, by others.
 *
 * @see https://www.pulumi.com/docs/esc/environments/syntax/
 */
function refuseVariables(file: string, text: string): void {
  const { environment } = contentOf(file, text);
  const imports = isObject(environment) ? propertiesOf(environment).imports : environment;
  const own = isObject(environment)
    ? Object.keys(environment).filter((key) => key !== "imports")
    : [];
  const isNamed = Array.isArray(imports) && textsOf(imports).length === imports.length;
  if (own.length > 0 || (imports !== undefined && imports !== null && !isNamed)) {
    throw new Failure(
      `${file} writes out an environment, which may set any variable of the engine. Keep it in Pulumi ESC, and only name it under "environment".`,
    );
  }
}

function contentOf(file: string, text: string): Readonly<Record<string, unknown>> {
  return propertiesOf(readPulumiFile(file, text).toJS());
}
