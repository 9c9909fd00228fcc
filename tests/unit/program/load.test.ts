/**
 * That `pulumi up` of an installed CLI can load the program, without checking types. Not proven
 * here: the CLI's language host itself, which only starts this loader.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

jest.setTimeout(60_000);

const root = join(__dirname, "../../..");

function load(file: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const script = join(root, "tests/support/loadProgram.js");
    execFile(process.execPath, [script, file], (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout.trim());
      } else {
        reject(new Error(stderr));
      }
    });
  });
}

// The runtime loads the folder as Node does, unless Pulumi.yaml names the file.
test.each([
  [".", undefined],
  ["examples/managed-identity", "index.ts"],
])("the program of %s is the file that the runtime would start", async (folder, expected) => {
  const project = parse(await readFile(join(root, folder, "Pulumi.yaml"), "utf8")) as {
    main?: string;
  };
  expect(project.main).toBe(expected);
  expect(await load(join(root, folder, project.main ?? ""))).toBe("function program");
});

test("Pulumi.yaml names the options under which types are not checked", async () => {
  const project = parse(await readFile(join(root, "Pulumi.yaml"), "utf8")) as {
    runtime: { options: { tsconfig: string } };
  };
  expect(project.runtime.options.tsconfig).toBe("tsconfig.run.json");
  const folder = await mkdtemp(join(tmpdir(), "apponly-load-"));
  const file = join(folder, "wrong.ts");
  await writeFile(file, "export const text: string = 3;\n");
  expect(await load(file)).toBe("object text");
  await rm(folder, { recursive: true, force: true });
});
