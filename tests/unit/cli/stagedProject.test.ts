/** What the CLI is given of a stack's settings, beside which its state lies in a file. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stageProject } from "../../../cli/stagedProject";
import { findStack } from "../../../operations/project";

const salt = "v1:c2FsdA==:v1:bm9uY2U=:dGV4dA==";
let folder: string;
const before = process.env.PULUMI_BACKEND_URL;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-staged-"));
  process.env.PULUMI_BACKEND_URL = `file://${folder}`;
  const states = join(folder, ".pulumi/stacks/apponly");
  mkdirSync(states, { recursive: true });
  const provider = { type: "passphrase", state: { salt } };
  writeFileSync(
    join(states, "dev.json"),
    JSON.stringify({ version: 3, checkpoint: { latest: { secrets_providers: provider } } }),
  );
  writeFileSync(join(folder, "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
});
afterEach(() => {
  delete process.env.PULUMI_BACKEND_URL;
  Object.assign(process.env, before === undefined ? {} : { PULUMI_BACKEND_URL: before });
  rmSync(folder, { recursive: true });
});

test.each([
  ["config: {}\n", salt],
  ["encryptionsalt: v1:b3duc2FsdA==\nconfig: {}\n", "v1:b3duc2FsdA=="],
])(
  "settings that are %j have the salt of the state unless they have their own",
  async (text, expected) => {
    const file = join(folder, "Pulumi.dev.yaml");
    writeFileSync(file, text);
    const staged = await stageProject(findStack("dev", folder));
    expect(readFileSync(join(staged.directory, "Pulumi.dev.yaml"), "utf8")).toContain(
      `encryptionsalt: ${expected}\n`,
    );
    expect(readFileSync(file, "utf8")).toBe(text);
  },
);
