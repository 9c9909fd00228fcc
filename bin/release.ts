/**
 * The version of a release, from the changelog, by semantic versioning: what users see changed decides
 * it. An entry that begins with "Breaking:" makes a major version, one that does not begin with "Fix:" a
 * minor one, and only fixes a patch.
 *
 *   npm run release             writes the next version wherever it stands, to be committed and reviewed
 *   npm run -s release notes    prints the changes of the version that package.json has
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..");
const unreleased = "## HEAD (unreleased)";

/** What others build on: docs/compatibility.md promises that it stays. */
export const contracts = [
  "access/export/export.schema.json",
  "access/verify/verify.schema.json",
  "action.yml",
  "audit/audit.schema.json",
  "cli/documents/advise.schema.json",
  "cli/documents/certificates.schema.json",
  "cli/documents/change.schema.json",
  "cli/documents/doctor.schema.json",
  "cli/documents/explain.schema.json",
  "cli/documents/failure.schema.json",
  "cli/documents/init.schema.json",
  "cli/documents/pipeline.schema.json",
  "cli/documents/pullRequest.schema.json",
  "cli/documents/recorded.schema.json",
  "cli/documents/retire.schema.json",
  "cli/documents/rotate.schema.json",
  "cli/documents/severalStacks.schema.json",
  "cli/documents/simulator.schema.json",
  "cli/documents/stacks.schema.json",
  "cli/documents/toolchain.schema.json",
  "components/configuration/configuration.schema.json",
  "components/outputs.schema.json",
  "fleet/record.schema.json",
  "fleet/report/report.schema.json",
  "plugin/schema.json",
  "review/review.schema.json",
];

/** Packages beside this one that depend on it, in the same version. */
export const dependents = ["plugin/installed/package.json", "template/package.json"];

/** Where the tests find them as the last version had them. */
export const lastVersionFolder = "tests/fixtures/lastVersion";

function keepContracts(): void {
  rmSync(join(root, lastVersionFolder), { recursive: true, force: true });
  for (const file of contracts) cpSync(join(root, file), join(root, lastVersionFolder, file));
}

/** The entries below a heading of the changelog. */
function changesBelow(changelog: string, heading: string): string[] {
  const [, after] = changelog.split(`${heading}\n`);
  const [section = ""] = (after ?? "").split(/^## /m);
  return section.split("\n").filter((line) => line.startsWith("- "));
}

/** The last version that was released, or nothing before the first. */
export function lastVersion(changelog: string): string | undefined {
  return /^## (\d+\.\d+\.\d+) \(\d{4}-\d\d-\d\d\)$/m.exec(changelog)?.[1];
}

/** The version that the unreleased changes make. */
export function nextVersion(changelog: string): string {
  const entries = changesBelow(changelog, unreleased);
  if (entries.length === 0) {
    throw new Error(
      `CHANGELOG.md has nothing below "${unreleased}". Write what users see changed.`,
    );
  }
  const last = lastVersion(changelog);
  // From the first release on the promise of docs/compatibility.md holds.
  if (last === undefined) return "1.0.0";
  const [major = 0, minor = 0, patch = 0] = last.split(".").map(Number);
  if (entries.some((entry) => entry.startsWith("- Breaking: "))) return `${major + 1}.0.0`;
  return entries.every((entry) => entry.startsWith("- Fix: "))
    ? `${major}.${minor}.${patch + 1}`
    : `${major}.${minor + 1}.0`;
}

/** The changelog once the unreleased changes are those of a version. */
export function changelogOfRelease(changelog: string, version: string, day: string): string {
  return changelog.replace(`${unreleased}\n`, `${unreleased}\n\n## ${version} (${day})\n`);
}

/** What a release says of itself. */
export function notesOfRelease(changelog: string, version: string): string {
  const heading = changelog.split("\n").find((line) => line.startsWith(`## ${version} (`));
  if (heading === undefined) {
    throw new Error(`CHANGELOG.md has no ${version}. Write it: npm run release`);
  }
  return `${changesBelow(changelog, heading).join("\n")}\n`;
}

const read = (file: string) => readFileSync(join(root, file), "utf8");

/** What a release changes in the manifests. */
interface VersionedFile {
  version: string;
  readonly packages: Record<string, { version: string }>;
  readonly dependencies: Record<string, string>;
}

function edit(file: string, change: (content: VersionedFile) => void): void {
  const content = JSON.parse(read(file)) as VersionedFile;
  change(content);
  writeFileSync(join(root, file), `${JSON.stringify(content, undefined, 2)}\n`);
}

function writeVersion(): string {
  const changelog = read("CHANGELOG.md");
  const version = nextVersion(changelog);
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(join(root, "CHANGELOG.md"), changelogOfRelease(changelog, version, day));
  edit("package.json", (manifest) => (manifest.version = version));
  edit("package-lock.json", (lock) => {
    lock.version = version;
    lock.packages[""] = { ...lock.packages[""], version };
  });
  for (const file of dependents) {
    edit(file, ({ dependencies }) => (dependencies.apponly = version));
  }
  keepContracts();
  return `${version}\n`;
}

if (require.main === module) {
  const { version } = JSON.parse(read("package.json")) as VersionedFile;
  process.stdout.write(
    process.argv[2] === "notes" ? notesOfRelease(read("CHANGELOG.md"), version) : writeVersion(),
  );
}
