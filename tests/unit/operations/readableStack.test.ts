/** What the CLI is asked for a stack that is only read. A program stands for the CLI. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStack } from "../../../operations/readableStack";

const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-readable-"));
  const cli = `#!/bin/sh
here=$(dirname "$0")
echo "$*" >> "$here/asked"
echo "$GOGC $PULUMI_SKIP_UPDATE_CHECK" >> "$here/variables"
case "$*" in
  config*) echo "{}" ;;
  *show-secrets*) cat "$here/plain.json" ;;
  *) cat "$here/encrypted.json" ;;
esac
`;
  writeFileSync(join(folder, "pulumi"), cli);
  chmodSync(join(folder, "pulumi"), 0o755);
  for (const [file, pfx] of [
    ["plain", { ...secret, plaintext: '"AAAB"' }],
    ["encrypted", { ...secret, ciphertext: "v1:x" }],
  ] as const) {
    const root = { type: "pulumi:pulumi:Stack", outputs: { tenantId: "t", pfx } };
    const state = { version: 3, deployment: { resources: [root] } };
    writeFileSync(join(folder, `${file}.json`), JSON.stringify(state));
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

async function read(secrets?: boolean) {
  const command = join(folder, "pulumi");
  const { outputs, stack } = await readStack({
    stack: "dev",
    workDirectory: folder,
    pulumi: { command, root: folder, version: "3.270.0", source: "path" },
    ...(secrets === undefined ? {} : { secrets }),
  });
  await stack.getAllConfig();
  return { outputs, asked: readFileSync(join(folder, "asked"), "utf8").trim().split("\n") };
}

const rest = "--stack dev --non-interactive";

test("secrets are in plain where nothing else is said", async () => {
  expect(await read()).toEqual({
    outputs: { tenantId: "t", pfx: "AAAB" },
    asked: [`stack export --show-secrets ${rest}`, `config --json --show-secrets ${rest}`],
  });
});

test.each([
  [undefined, "400"],
  ["50", "50"],
])("where GOGC is %p the CLI collects garbage at %s, and looks for no update", async (set, got) => {
  const before = process.env.GOGC;
  if (set === undefined) {
    delete process.env.GOGC;
  } else {
    process.env.GOGC = set;
  }
  try {
    await read();
  } finally {
    Object.assign(process.env, before === undefined ? {} : { GOGC: before });
  }
  const variables = readFileSync(join(folder, "variables"), "utf8").trim().split("\n");
  expect(variables).toEqual([`${got} true`, `${got} true`]);
});

test("what is loaded meanwhile is loaded once the CLI runs, and before it has answered", async () => {
  const command = join(folder, "pulumi");
  const pulumi = { command, root: folder, version: "3.270.0", source: "path" } as const;
  let answered = false;
  const seen: boolean[] = [];
  const meanwhile = () => void seen.push(answered);
  const target = { stack: "dev", workDirectory: folder, pulumi, meanwhile };
  await readStack(target).then(() => (answered = true));
  expect(seen).toEqual([false]);
});

test("whoever needs no secret has none decrypted, and outputs that are secret are absent", async () => {
  expect(await read(false)).toEqual({
    outputs: { tenantId: "t" },
    asked: [`stack export ${rest}`, `config --json --show-secrets ${rest}`],
  });
});
