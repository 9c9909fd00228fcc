/**
 * `npm run checks`, of the whole tree: types, lint, format, who imports whom, and what nothing uses.
 * It runs among the tests, because it would leave the cores idle before them. That each check finds
 * what it is there to find is tested beside this.
 */
import { runProgram } from "../../../system/process";
import { root } from "./temporaryTree";

/** Runs a script of package.json. */
const runScript = (...args: readonly string[]) =>
  runProgram("npm", ["run", "--silent", ...args], { cwd: root, outputLimit: Infinity });

test("types, lint, format, imports and unused code are in order", async () => {
  const { code, stdout, stderr } = await runScript("checks");
  // What is wrong is shown, and not how much is in order.
  expect(code === 0 ? "" : `${stdout}${stderr}`).toBe("");
});

test("the check of imports sees the files of every place in the tree", async () => {
  // The checks above have done this work, and it is kept.
  const { stdout } = await runScript("imports", "--", "--output-type", "json");
  const { modules } = JSON.parse(stdout) as { readonly modules: { readonly source: string }[] };
  const sources = modules.map(({ source }) => source).filter((one) => one.endsWith(".ts"));
  const places = [
    "access",
    "cli",
    "components",
    "components/catalog",
    "forge",
    "microsoft",
    "operations",
    "policy",
    "policy/rules",
    "review",
    "simulator",
    "system",
    "tests",
    "toolchain",
    "toolchain/standIns",
  ];
  const seen = (place: string) => sources.some((source) => source.startsWith(`${place}/`));
  expect(places.filter((place) => !seen(place))).toEqual([]);
  expect(sources).toContain("index.ts");
  expect(sources.length).toBeGreaterThan(400);
});
