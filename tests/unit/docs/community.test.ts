/**
 * What people and registries look for in a project besides its code: what the package says of itself,
 * the licence, how to report and contribute, the action, and the template of `pulumi new`.
 *
 * Not proven here: that a registry or the Marketplace takes them.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

const root = join(__dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

test("the package can be published, and says where it is from and under which licence", () => {
  const packed = JSON.parse(read("package.json")) as Record<string, unknown> & {
    readonly exports: Record<string, string | Record<string, string>>;
  };
  expect(packed).not.toHaveProperty("private");
  expect(packed).toMatchObject({
    license: "Apache-2.0",
    homepage: expect.stringMatching(/^https:\/\/github\.com\//),
    bugs: expect.stringMatching(/\/issues$/),
    repository: { type: "git", url: expect.stringMatching(/^git\+https:\/\/.*\.git$/) },
    engines: { node: expect.stringMatching(/^>=\d+$/) },
    types: expect.stringMatching(/^dist\/.*\.d\.ts$/),
  });
  expect((packed.keywords as string[]).length).toBeGreaterThan(5);
  expect(packed.files).toEqual(expect.arrayContaining(["dist", "CHANGELOG.md"]));
  // Sources are not run from within node_modules, neither by an older Node nor by a newer one.
  const targets = Object.values(packed.exports).flatMap((one) =>
    typeof one === "string" ? [one] : Object.values(one),
  );
  expect(targets.filter((one) => /(?<!\.d)\.ts$/.test(one))).toEqual([]);
  expect(read("LICENSE")).toMatch(/^\s*Apache License\s+Version 2\.0/);
});

test.each([
  ["CONTRIBUTING.md", /npm test/],
  ["SECURITY.md", /\/security\/advisories\/new/],
  ["CODE_OF_CONDUCT.md", /report/i],
  ["CHANGELOG.md", /^## /m],
  [".github/pull_request_template.md", /\S/],
  [".github/CODEOWNERS.example", /^\S+ +@/m],
  ["README.md", /\[!\[ci\]\(https:.*badge\.svg/],
])("%s is there and says what it is for", (path, content) => {
  expect(read(path)).toMatch(content);
});

test("every form for an issue asks for something", () => {
  const folder = ".github/ISSUE_TEMPLATE";
  const forms = readdirSync(join(root, folder)).filter((name) => name !== "config.yml");
  expect(forms.length).toBeGreaterThan(1);
  for (const name of forms) {
    const { body, ...form } = parse(read(`${folder}/${name}`)) as {
      body: { type: string; validations?: { required?: boolean } }[];
    };
    expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) });
    expect(body.some(({ validations }) => validations?.required === true)).toBe(true);
  }
});

test("the action has what the Marketplace shows", () => {
  const action = parse(read("action.yml")) as Record<string, Record<string, unknown>>;
  expect(action).toMatchObject({
    name: expect.any(String),
    description: expect.any(String),
    branding: { icon: expect.any(String), color: expect.any(String) },
  });
  expect(Object.keys(action.inputs ?? {}).length).toBeGreaterThan(0);
  expect(Object.keys(action.outputs ?? {}).length).toBeGreaterThan(0);
});

test("pulumi new has a template with a name and a description", () => {
  const { template } = parse(read("template/Pulumi.yaml")) as { template: object };
  expect(template).toMatchObject({
    displayName: expect.any(String),
    description: expect.any(String),
  });
});

test("programs in other languages have a schema, and what serves it", () => {
  const { name, resources } = JSON.parse(read("plugin/schema.json")) as {
    name: string;
    resources: Record<string, { isComponent?: boolean }>;
  };
  expect(name).toBe("apponly");
  expect(Object.values(resources).some(({ isComponent }) => isComponent === true)).toBe(true);
  expect(existsSync(join(root, "plugin/bin/pulumi-resource-apponly"))).toBe(true);
});

test.each(["template/.gitignore", ".gitignore"])("with %s no key gets into git", (file) => {
  const folder = mkdtempSync(join(tmpdir(), "apponly-ignored-"));
  execFileSync("git", ["init", "--quiet", folder]);
  writeFileSync(join(folder, ".gitignore"), read(file));
  const keys = "own.key own.pem access.pfx access.p12 own.p8 keys/deep.key .apponly/tenant.json";
  const ignored = execFileSync("git", ["check-ignore", "--", ...keys.split(" ")], { cwd: folder });
  expect(ignored.toString().trim().split("\n")).toEqual(keys.split(" "));
});
