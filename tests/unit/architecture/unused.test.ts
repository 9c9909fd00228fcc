/**
 * What nothing uses, as `npm run unused` checks it in the tree: an export, a file and a package that
 * nothing needs are found, and so is a package that is imported and not declared. There a test is a
 * user like any other; that no source is there only for tests is shown only by its names.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, TemporaryTree } from "./temporaryTree";

type Named = readonly { readonly name: string }[];

interface Report {
  readonly issues: readonly {
    readonly file: string;
    readonly files?: Named;
    readonly exports?: Named;
    readonly types?: Named;
    readonly dependencies?: Named;
    readonly devDependencies?: Named;
    readonly unlisted?: Named;
  }[];
}

let tree: TemporaryTree;

beforeEach(() => {
  tree = new TemporaryTree();
});

afterEach(() => {
  tree.remove();
});

/** What is reported by the project's configuration: the file, the kind and the name. */
function reported(): string[] {
  const bin = join(root, "node_modules/knip/bin/knip.js");
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [bin, "--config", join(root, "knip.json"), "--reporter", "json", "--no-config-hints"],
    { cwd: tree.folder, encoding: "utf8" },
  );
  if (stdout === "") throw new Error(stderr);
  return (JSON.parse(stdout) as Report).issues.flatMap(({ file, ...kinds }) =>
    Object.entries(kinds).flatMap(([kind, found]) =>
      found.map(({ name }) => `${file} ${kind} ${name}`),
    ),
  );
}

test("what nothing uses is found, and what is not declared", () => {
  tree.write(
    "components/index.ts",
    'import { z } from "zod";\nimport { parse } from "yaml";\nexport { used } from "./values";\nz;\nparse;\n',
  );
  tree.write(
    "components/values.ts",
    "export const used = 1;\nexport const unused = 2;\nexport interface Unused { value: 1 }\n",
  );
  tree.write("components/forgotten.ts", "export const value = 1;\n");
  expect(reported().sort()).toEqual([
    "components/forgotten.ts files components/forgotten.ts",
    "components/index.ts unlisted yaml",
    "components/values.ts exports unused",
    "components/values.ts types Unused",
    "package.json devDependencies ajv",
  ]);
});

test("where everything is used and declared, nothing is reported", () => {
  tree.write("components/index.ts", 'export { schema } from "./schema";\n');
  tree.write(
    "components/schema.ts",
    'import ajv from "ajv";\nimport { z } from "zod";\nexport const schema = [z, ajv];\n',
  );
  expect(reported()).toEqual([]);
});

const exportedName =
  /^export (?:abstract )?(?:async )?(?:const|class|enum|function\*?|let) (\w+)/gm;

/** What the files export and none of them uses, itself included; comments do not count. */
function exportedForTests(texts: readonly string[]): string[] {
  const code = texts.map((text) => text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, ""));
  const times = new Map<string, number>();
  for (const [word] of code.join("\n").matchAll(/\w+/g)) {
    times.set(word, (times.get(word) ?? 0) + 1);
  }
  return code.flatMap((text) =>
    [...text.matchAll(exportedName)].flatMap(([, name = ""]) =>
      times.get(name) === 1 ? [name] : [],
    ),
  );
}

test("no source exports what only tests use", () => {
  const sources = execFileSync("git", ["ls-files", "*.ts"], { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter((file) => file !== "" && !/^(policy\/)?tests\//.test(file));
  const texts = sources.map((file) => readFileSync(join(root, file), "utf8"));
  expect(exportedForTests(texts)).toEqual([]);
  expect(sources.length).toBeGreaterThan(500);
});

test("what is exported and not used by a source is found", () => {
  const texts = ["/** See {@link unused}. */\nexport const unused = 1; // unused\n"];
  expect(exportedForTests(texts)).toEqual(["unused"]);
  expect(exportedForTests([...texts, "use(unused);\n"])).toEqual([]);
});
