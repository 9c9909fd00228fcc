/** Every page: its links lead somewhere, decisions are numbered without a gap, and the architecture is that of the tree. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(__dirname, "../../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(root, file)));
const pages = tracked.filter((file) => file.endsWith(".md") && !file.startsWith("tests/fixtures/"));

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");

const anchors = (file: string) =>
  [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading ?? ""));

test("every link to a file, and to a heading in it, leads somewhere", () => {
  const dead = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
      if (/^[a-z]+:/.test(link)) return [];
      const [path = "", anchor] = link.split("#");
      const file = path === "" ? page : join(dirname(page), path);
      if (!existsSync(join(root, file))) return [`${page}: ${link}`];
      return anchor === undefined || anchors(file).includes(anchor) ? [] : [`${page}: ${link}`];
    }),
  );
  expect(dead).toEqual([]);
  expect(pages.length).toBeGreaterThan(30);
});

test("every page for people has its place on the site", () => {
  const sidebar = read("site/.vitepress/config.mts");
  const own = pages.filter(
    (page) => /^docs\/(how-to\/)?[^/]+\.md$/.test(page) && page !== "docs/index.md",
  );
  const missing = own.filter((page) => !sidebar.includes(`"${page.slice("docs/".length, -3)}"`));
  expect(missing).toEqual([]);
  expect(own.length).toBeGreaterThan(20);
});

test("every badge tells the state of a workflow that is there, on the branch that is released", () => {
  const { repository } = JSON.parse(read("package.json")) as { repository: { url: string } };
  const [, own = ""] = /github\.com\/(.*)\.git$/.exec(repository.url) ?? [];
  const badges = [...read("README.md").matchAll(/!\[([^\]]*)\]\((https:[^)]*)\)/g)];
  expect(badges.length).toBeGreaterThan(0);
  for (const [, name, address] of badges) {
    expect(address).toBe(
      `https://github.com/${own}/actions/workflows/${name}.yml/badge.svg?branch=main`,
    );
    expect(existsSync(join(root, `.github/workflows/${name}.yml`))).toBe(true);
  }
});

test("decisions are numbered without a gap, and each is titled by its number", () => {
  const files = readdirSync(join(root, "docs/decisions")).sort();
  expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
  for (const [index, file] of files.entries()) {
    const text = read(`docs/decisions/${file}`);
    expect(text).toMatch(new RegExp(`^# ${index + 1}\\. [A-Z].*[^.]\\n\\n\\*\\*Status:\\*\\* `));
    expect(text).toMatch(/\n\*\*Decision\.\*\*[ \n]/);
  }
});

test("the architecture shows every folder of the tree, and none that is not there", () => {
  const [, layout = ""] = /```\n([\s\S]*?)```/.exec(read("docs/architecture.md")) ?? [];
  let parent = "";
  const shown = layout.split("\n").flatMap((line) => {
    const [, indent = "", name] = /^( {0,2})(\S+\/)\s/.exec(line) ?? [];
    if (name === undefined) return [];
    if (indent === "") parent = name;
    return [indent === "" ? name : `${parent}${name}`];
  });
  expect(shown.filter((folder) => !existsSync(join(root, folder)))).toEqual([]);
  const folders = new Set(tracked.flatMap((file) => /^[^./][^/]*\//.exec(file)?.[0] ?? []));
  folders.delete("azure-pipelines/");
  expect(shown.filter((folder) => folder.split("/").length === 2).sort()).toEqual(
    [...folders].sort(),
  );
});

test("each threat names the tests that show what holds, and they are there", () => {
  const [, table = ""] = /\n\| Threat [\s\S]*?\n((?:\|.*\n)+)/.exec(read("docs/security.md")) ?? [];
  const rows = table.split("\n").filter((row) => row.startsWith("| ") && !row.startsWith("|---"));
  const shown = rows.map((row) => {
    const cell = row.split(" | ").at(-1) ?? "";
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
  });
  expect(shown.length).toBeGreaterThan(15);
  expect(rows.filter((_row, at) => !shown[at]?.some((name) => name.endsWith(".test.ts")))).toEqual(
    [],
  );
  const missing = shown.flat().filter((name) => {
    const script = /^npm run (\S+)$/.exec(name)?.[1];
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    return script === undefined ? !existsSync(join(root, name)) : !(script in scripts);
  });
  expect(missing).toEqual([]);
});
