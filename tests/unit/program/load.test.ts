/**
 * That `pulumi up` of an installed CLI can load the program, without checking types. Not proven
 * here: the CLI's language host itself, which only starts this loader.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

const root = join(__dirname, "../../..");

function load(file: string, ...how: "plain"[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const script = join(root, "tests/support/loadProgram.js");
    execFile(process.execPath, [script, file, ...how], (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout.trim());
      } else {
        reject(new Error(stderr));
      }
    });
  });
}

interface Project {
  readonly main?: string;
  readonly runtime: {
    readonly options: { readonly tsconfig?: string; readonly typescript?: boolean };
  };
}

const projectIn = async (folder: string) =>
  parse(await readFile(join(root, folder, "Pulumi.yaml"), "utf8")) as Project;

// Without a file in Pulumi.yaml, the runtime loads what the nearest package.json exports.
test.each([
  [".", "program.js"],
  ["examples/managed-identity", "index.ts"],
])("the program of %s is the file that the runtime would start", async (folder, expected) => {
  const { main, runtime } = await projectIn(folder);
  expect(main).toBe(expected);
  const how = runtime.options.typescript === false ? ["plain" as const] : [];
  const names = folder === "." ? "accessOutputs,program" : "program";
  expect(await load(join(root, folder, expected), ...how)).toBe(`function ${names}`);
});

test("a project of the checkout that names no program gets this one, and not the components", async () => {
  const { exports } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    exports: Record<".", Record<string, string>>;
  };
  // The runtime takes the default, whatever comes before it; Node takes the first that fits.
  expect(exports["."].default).toBe("./program.js");
  expect(Object.keys(exports["."])).toEqual(["types", "node", "default"]);
});

test("the example names the options under which types are not checked", async () => {
  const { runtime } = await projectIn("examples/managed-identity");
  expect(runtime.options.tsconfig).toBe("../../tsconfig.run.json");
  const folder = await mkdtemp(join(tmpdir(), "apponly-load-"));
  const file = join(folder, "wrong.ts");
  await writeFile(file, "export const text: string = 3;\n");
  expect(await load(file)).toBe("object text");
  await rm(folder, { recursive: true, force: true });
});
