/** The version of a release: what the changelog says of it, and that it is the same wherever it stands. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  dependents,
  lastVersion,
  nextVersion,
  notesOfRelease,
  changelogOfRelease,
} from "../../../bin/release";

const root = join(__dirname, "../../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const changelog = (entries: readonly string[], before = "\n## 1.2.3 (2026-11-01)\n\n- Old\n") =>
  `# Changelog\n\n## HEAD (unreleased)\n\n${entries.map((one) => `- ${one}\n`).join("")}${before}`;

test.each([
  [["A", "Fix: B"], "1.3.0"],
  [["Fix: A", "Fix: B"], "1.2.4"],
  [["A", "Breaking: B"], "2.0.0"],
])("%j make the version %s", (entries, version) => {
  expect(nextVersion(changelog(entries))).toBe(version);
});

test("the first release is 1.0.0, and nothing makes none", () => {
  expect(nextVersion(changelog(["A"], ""))).toBe("1.0.0");
  expect(() => nextVersion(changelog([]))).toThrow(/Write what users see changed/);
});

test("a released changelog has the changes below the version, and room for the next", () => {
  const text = changelogOfRelease(changelog(["A", "Fix: B"]), "1.3.0", "2026-11-26");
  expect(lastVersion(text)).toBe("1.3.0");
  expect(notesOfRelease(text, "1.3.0")).toBe("- A\n- Fix: B\n");
  expect(notesOfRelease(text, "1.2.3")).toBe("- Old\n");
  expect(() => nextVersion(text)).toThrow();
  expect(() => notesOfRelease(text, "9.9.9")).toThrow(/CHANGELOG.md has no 9.9.9/);
});

test("the version is the same wherever it stands, and the one that was released last", () => {
  const { version } = JSON.parse(read("package.json")) as { version: string };
  const lock = JSON.parse(read("package-lock.json")) as {
    version: string;
    packages: Record<string, { version: string }>;
  };
  const needed = dependents.map((file) => {
    const { dependencies } = JSON.parse(read(file)) as { dependencies: { apponly: string } };
    return dependencies.apponly;
  });
  const last = lastVersion(read("CHANGELOG.md"));
  expect([lock.version, lock.packages[""]?.version, ...needed]).toEqual(
    Array<string>(4).fill(version),
  );
  expect(last ?? version).toBe(version);
  expect(Number.parseInt(nextVersion(read("CHANGELOG.md")), 10)).toBeGreaterThan(0);
});
