import fc from "fast-check";
import type { ChangedFile } from "../../../forge/model";
import { changedStacks } from "../../../forge/changedStacks";

const stacks = ["contoso", "fabrikam", "northwind.eu"];
const root = { path: "", stacks };
const nested = { path: "infra/access", stacks };
const modified = (path: string): ChangedFile => ({ path, change: "modified" });
const touched = (files: ChangedFile[], project = root, complete = true) =>
  changedStacks({ files, complete }, project);

test("settings concern their own stack", () => {
  expect(touched([modified("Pulumi.contoso.yaml")])).toEqual({ stacks: ["contoso"], removed: [] });
  expect(touched([modified("Pulumi.northwind.eu.yaml")]).stacks).toEqual(["northwind.eu"]);
  expect(
    touched([modified("Pulumi.fabrikam.yml"), modified("Pulumi.contoso.yaml")]).stacks,
  ).toEqual(["contoso", "fabrikam"]);
});

test.each([
  "Pulumi.yaml",
  "index.ts",
  "components/exchangeAppOnly.ts",
  "package.json",
  "package-lock.json",
  "tsconfig.run.json",
  "access/connect/recipes.ts",
  "something.new",
  "Pulumi..yaml.bak",
  "certificates/own.cer",
])("%s concerns every stack", (path) => {
  expect(touched([modified(path)])).toEqual({ stacks, removed: [], everything: path });
});

test.each([
  "README.md",
  "docs/how-to/rotate.md",
  "docs/pictures/a.png",
  "tests/unit/a.test.ts",
  ".github/workflows/review.yml",
  "LICENSE",
  ".gitignore",
])("%s concerns no stack", (path) => {
  expect(touched([modified(path)])).toEqual({ stacks: [], removed: [] });
});

test("a removed stack is named and not previewed", () => {
  const files: ChangedFile[] = [{ path: "Pulumi.gone.yaml", change: "removed" }];
  expect(touched(files)).toEqual({ stacks: [], removed: ["gone"] });
});

test("a renamed stack is removed under its old name and touched under its new one", () => {
  const files: ChangedFile[] = [
    { path: "Pulumi.contoso.yaml", previousPath: "Pulumi.old.yaml", change: "renamed" },
  ];
  expect(touched(files)).toEqual({ stacks: ["contoso"], removed: ["old"] });
});

test("a file moved out of the program concerns every stack", () => {
  const files: ChangedFile[] = [
    { path: "docs/old.ts", previousPath: "components/old.ts", change: "renamed" },
  ];
  expect(touched(files).everything).toBe("components/old.ts");
});

test("a project in a folder is concerned by its own files and the manifests above it", () => {
  const touchedBy = (path: string) => touched([modified(path)], nested);
  expect(touchedBy("infra/access/Pulumi.contoso.yaml").stacks).toEqual(["contoso"]);
  expect(touchedBy("infra/access/index.ts").stacks).toEqual(stacks);
  expect(touchedBy("package-lock.json").stacks).toEqual(stacks);
  expect(touchedBy("infra/package.json").stacks).toEqual(stacks);
  expect(touchedBy("Pulumi.contoso.yaml").stacks).toEqual([]);
  expect(touchedBy("infra/access2/index.ts").stacks).toEqual([]);
  expect(touchedBy("apps/package.json").stacks).toEqual([]);
  expect(touchedBy("services/mail/main.go").stacks).toEqual([]);
});

test("a list of files that is not whole concerns every stack", () => {
  expect(touched([modified("README.md")], root, false)).toEqual({
    stacks,
    removed: [],
    everything: "the pull request changes more files than the forge lists",
  });
});

test("settings in a folder of their own concern their own stack, and no other file does", () => {
  const project = { ...nested, settings: "infra/stacks" };
  const touchedBy = (path: string) => touched([modified(path)], project);
  expect(touchedBy("infra/stacks/Pulumi.contoso.json")).toEqual({
    stacks: ["contoso"],
    removed: [],
  });
  expect(touchedBy("infra/access/Pulumi.contoso.yaml").stacks).toEqual(stacks);
});

test("whatever the paths are, only stacks with settings are chosen", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.boolean(), (paths, complete) => {
      const found = changedStacks({ files: paths.map(modified), complete }, root);
      expect(stacks).toEqual(expect.arrayContaining([...found.stacks]));
    }),
  );
});
