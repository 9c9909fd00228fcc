/**
 * Which project and stack a command works on: the one that the Pulumi CLI would find, and no other.
 * That the CLI reads and writes selections in this form is shown by tests/journeys/missingStack.
 */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findProject, findStack, stacksOf } from "../../../operations/project";

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "apponly-project-")));
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text = ""): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const folder = (path: string) => {
  mkdirSync(join(root, path), { recursive: true });
  return join(root, path);
};

/** Selects a stack as `pulumi stack select` does. */
function select(projectFile: string, selection: object): string {
  const hash = createHash("sha1").update(projectFile).digest("hex");
  write(`home/workspaces/apponly-${hash}-workspace.json`, JSON.stringify(selection));
  return join(root, "home");
}

test.each(["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"])(
  "a project of a %s is found from a folder below, and so are its stacks",
  (name) => {
    const text = name.endsWith("json") ? '{"name": "apponly"}' : "name: apponly\n";
    const file = write(`own/${name}`, text);
    const settings = write(`own/${name.replace("Pulumi", "Pulumi.dev")}`);
    ["Pulumi.other.txt", "Pulumi.$(x).yaml", "dev.yaml"].forEach((other) => write(`own/${other}`));
    write("Pulumi.yaml", "name: outer\n");
    const from = folder("own/scripts/deep");
    expect(findProject(from)).toMatchObject({
      name: "apponly",
      file,
      directory: join(root, "own"),
    });
    expect(stacksOf(findProject(from))).toEqual(["dev"]);
    expect(findStack("dev", from, {})).toMatchObject({ name: "dev", settingsFile: settings });
  },
);

test("a folder outside of every project is refused and names the folder and -C", () => {
  expect(() => findProject(folder("empty"))).toThrow(
    `Neither ${join(root, "empty")} nor a folder above it has a Pulumi.yaml. Run the command in the folder of your project, or name it with -C.`,
  );
});

test.each([
  ["stackConfigDir", "stackConfigDir: stacks\n"],
  ["its older name", "config: stacks\n"],
])("settings are where %s leads", (_, text) => {
  write("Pulumi.yaml", `name: apponly\n${text}`);
  write("Pulumi.dev.yaml");
  const settingsFile = write("stacks/Pulumi.contoso.yaml");
  expect(findStack("contoso", root, {}).settingsFile).toBe(settingsFile);
  expect(stacksOf(findProject(root))).toEqual(["contoso"]);
  expect(() => findStack("dev", root, {})).toThrow(
    `${join(root, "stacks")} has no Pulumi.dev.yaml. Name an existing stack, or create it: \`pulumi stack init dev\`. The project has settings for: contoso.`,
  );
});

test("qualified names are taken, and those of another project refused", () => {
  write("Pulumi.yaml", "name: apponly\n");
  const settingsFile = write("Pulumi.dev.yaml");
  const findNamed = (name: string) => {
    const stack = findStack(name, root, {});
    expect(stack.settingsFile).toBe(settingsFile);
    return stack.name;
  };
  expect(findNamed("contoso/dev")).toBe("contoso/dev");
  expect(findNamed("contoso/apponly/dev")).toBe("contoso/apponly/dev");
  expect(findNamed("organization/apponly/dev")).toBe("dev");
  expect(() => findStack("contoso/website/dev", root, {})).toThrow(
    `belongs to the project "website", and ${join(root, "Pulumi.yaml")} is "apponly"`,
  );
  for (const name of [
    "a/b/c/dev",
    "contoso//dev",
    "",
    "/dev",
    "dev/",
    "de v",
    "$(id)/dev",
    "a b/apponly/dev",
  ]) {
    expect(() => findStack(name, root, {})).toThrow(`"${name}" is not the name of a stack.`);
  }
});

test("a stack is named before APPONLY_STACK, that before PULUMI_STACK, and that before the selection", () => {
  const file = write("Pulumi.yaml", "name: apponly\n");
  ["one", "two", "three"].forEach((name) => write(`Pulumi.${name}.yaml`));
  const PULUMI_HOME = select(file, { stack: "three" });
  expect(findStack("one", root, { PULUMI_HOME, PULUMI_STACK: "two" }).name).toBe("one");
  expect(findStack(undefined, root, { PULUMI_HOME, PULUMI_STACK: "org/two" }).name).toBe("org/two");
  const both = { PULUMI_HOME, PULUMI_STACK: "two", APPONLY_STACK: "one" };
  expect(findStack(undefined, root, both).name).toBe("one");
  expect(findStack("three", root, both).name).toBe("three");
  expect(findStack(undefined, root, { ...both, APPONLY_STACK: "" }).name).toBe("two");
  expect(findStack(undefined, root, { PULUMI_HOME }).name).toBe("three");
  expect(() => findStack(undefined, root, { PULUMI_HOME: root })).toThrow(
    "No stack is named, and none is selected in",
  );
});

test("a stack that is not there is told with the one that may be meant", () => {
  write("Pulumi.yaml", "name: apponly\n");
  write("Pulumi.contoso.yaml");
  expect(() => findStack("contsoo", root, {})).toThrow('Did you mean "contoso"? Name an existing');
  expect(() => findStack("fabrikam", root, {})).toThrow("yaml. Name an existing stack");
});

test.each([
  ["Pulumi.yaml", "Pulumi.dev.yml"],
  ["Pulumi.yml", "Pulumi.dev.yaml"],
  ["Pulumi.yaml", "Pulumi.dev.json"],
])("beside %s, %s is told with the name that is read", (project, settings) => {
  const end = project.slice(project.indexOf(".") + 1);
  write(project, "name: apponly\n");
  const file = write(settings);
  expect(() => findStack("dev", root, {})).toThrow(
    `${file} is not read: settings end as the project's file does, ${project}. Rename it to Pulumi.dev.${end}.`,
  );
});

test("a folder in the place of a stack's settings is named, and not taken for a stack", () => {
  write("Pulumi.yaml", "name: apponly\n");
  write("Pulumi.prod.yaml");
  symlinkSync(join(root, "Pulumi.prod.yaml"), join(root, "Pulumi.link.yaml"));
  const settings = folder("Pulumi.dev.yaml");
  expect(stacksOf(findProject(root))).toEqual(["link", "prod"]);
  expect(() => findStack("dev", root, {})).toThrow(
    `${settings} is not a file. Move away what is there, and put the stack's settings in its place.`,
  );
});

test("the selection is the one of the backend in use", () => {
  const file = write("Pulumi.yaml", "name: apponly\n");
  ["here", "there", "old"].forEach((name) => write(`Pulumi.${name}.yaml`));
  const stacks = {
    "file:///state": "organization/apponly/here",
    "https://api.pulumi.com": "o/there",
  };
  const PULUMI_HOME = select(file, { stacks, stack: "old" });
  const selectedStack = (environment: object) =>
    findStack(undefined, root, { PULUMI_HOME, ...environment }).name;
  expect(selectedStack({ PULUMI_BACKEND_URL: "file:///state" })).toBe("here");
  expect(selectedStack({ PULUMI_BACKEND_URL: "s3://bucket" })).toBe("old");
  write("home/credentials.json", '{"current": "https://api.pulumi.com"}');
  expect(selectedStack({})).toBe("o/there");
  write("Pulumi.yaml", "name: apponly\nbackend:\n  url: file:///state\n");
  expect(selectedStack({})).toBe("here");
});

test("a selection made in a folder that a link leads to is found there", () => {
  write("real/Pulumi.yaml", "name: apponly\n");
  write("real/Pulumi.dev.yaml");
  const from = folder("real/scripts");
  symlinkSync(join(root, "real"), join(root, "linked"));
  const PULUMI_HOME = select(join(root, "linked", "Pulumi.yaml"), { stack: "dev" });
  const PWD = join(root, "linked", "scripts");
  expect(findStack(undefined, from, { PULUMI_HOME, PWD }).name).toBe("dev");
  // Where one is made by each name, the one by the name that the shell shows counts.
  write("real/Pulumi.prod.yaml");
  select(join(root, "real", "Pulumi.yaml"), { stack: "prod" });
  expect(findStack(undefined, from, { PULUMI_HOME, PWD }).name).toBe("dev");
  expect(findStack(undefined, from, { PULUMI_HOME }).name).toBe("prod");
});

test("a project's file that is not YAML is named", () => {
  const file = write("Pulumi.yaml", "name: [\n");
  write("Pulumi.dev.yaml");
  expect(() => findStack("dev", root, {}).project.name).toThrow(`${file} is not valid YAML: `);
});
