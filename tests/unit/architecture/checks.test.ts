/**
 * `npm run checks`, of the whole tree: types, lint, format, who imports whom, and what nothing uses.
 * It runs among the tests, because it would leave the cores idle before them. That each check finds
 * what it is there to find is tested beside this.
 */
import { runProgram } from "../../../system/process";
import { root } from "./temporaryTree";

jest.setTimeout(300_000);

test("types, lint, format, imports and unused code are in order", async () => {
  const { code, stdout, stderr } = await runProgram("npm", ["run", "--silent", "checks"], {
    cwd: root,
    outputLimit: Infinity,
  });
  // What is wrong is shown, and not how much is in order.
  expect(code === 0 ? "" : `${stdout}${stderr}`).toBe("");
});
