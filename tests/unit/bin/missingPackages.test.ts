/** What a checkout says whose packages are not installed, or not all of them. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

test("the package that is missing is named, with the command that installs it, before a Node is fetched", () => {
  const folder = mkdtempSync(join(tmpdir(), "apponly-clone-"));
  for (const name of ["bin", "cli", "node_modules/first"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  for (const name of ["apponly.js", "newerNode.js"]) {
    copyFileSync(join(__dirname, "../../../bin", name), join(folder, "bin", name));
  }
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ dependencies: { first: "1.0.0", second: "1.0.0" } }),
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, "bin/apponly.js"), "--help"],
    { encoding: "utf8" },
  );
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: "",
    stderr: `The package second is not installed in ${folder}. Install what is missing, in that folder: npm ci\n`,
  });
});
