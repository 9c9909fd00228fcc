/** What `apponly export` writes where, and that no secret is in what goes wrong. */
import { createPrivateKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportAccess, exportCommand } from "../../../../../cli/commands/export/export";
import type { Io } from "../../../../../cli/io";
import { openForReading } from "../../../../../cli/openForReading";
import {
  makeGeneration,
  type SampleGeneration,
  sampleOutputs,
} from "../../../../support/exportSample";
import { failureOf, openedForReading } from "../../../../support/openedForReading";
import { parsedOptions } from "../../../../support/parsedOptions";
import { documentOf } from "../../../../support/documents";
import { recordingIo } from "../../../../support/recordingIo";

let folder: string;
let generation: SampleGeneration;
let outputs: Record<string, unknown>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-export-"));
  generation = makeGeneration("2026-11");
  outputs = sampleOutputs([generation]);
});

afterAll(() => rmSync(folder, { recursive: true }));

async function exported(
  line: string,
  changed: Partial<Io> = {},
  open: typeof openForReading = openedForReading(outputs),
) {
  const io = recordingIo(changed);
  const options = await parsedOptions(exportCommand, `--stack dev ${line}`);
  const failure = await failureOf(exportAccess(options, io, open));
  return { out: io.written(), err: io.said(), failure };
}

test("every option is read", async () => {
  expect(
    await parsedOptions(
      exportCommand,
      "-s dev -f cer -o a --password-out b --force -g 2026-11 --include-secrets --method pfx-file --encoding pem --output-variables --repository o/n --environment e --vault https://v.vault.azure.net --certificate-name c",
    ),
  ).toEqual({
    stack: "dev",
    format: "cer",
    out: "a",
    passwordOut: "b",
    force: true,
    generation: "2026-11",
    includeSecrets: true,
    method: "pfx-file",
    encoding: "pem",
    outputVariables: true,
    repository: "o/n",
    environment: "e",
    vault: "https://v.vault.azure.net",
    certificateName: "c",
  });
});

test("a document goes to standard output, and nothing else does", async () => {
  const { out, err, failure } = await exported("--format json");
  expect([err, failure]).toEqual(["", undefined]);
  expect(documentOf("export", out)).toMatchObject({ stack: "dev", generation: "2026-11" });
  expect(out).not.toContain(generation.pfx);
});

test("a .pem holds the key in the clear, or encrypted where its password is handed over too", async () => {
  const [clear, locked, password] = ["own.pem", "locked.pem", "locked.password"].map((name) =>
    join(folder, name),
  );
  expect((await exported(`--format pem --out ${clear!}`)).failure).toBeUndefined();
  const both = await exported(`--format pem --out ${locked!} --password-out ${password!}`);
  expect(both.failure).toBeUndefined();
  const passphrase = readFileSync(password!, "utf8");
  const [one, other] = [
    createPrivateKey(readFileSync(clear!)),
    createPrivateKey({ key: readFileSync(locked!), passphrase }),
  ];
  expect(one.equals(other)).toBe(true);
  expect(() => createPrivateKey(readFileSync(locked!))).toThrow();
  expect([clear, locked].map((path) => statSync(path!).mode & 0o777)).toEqual([0o600, 0o600]);
});

test("a .pfx and its password are files that only their owner can read", async () => {
  const [pfx, password] = ["own.pfx", "own.password"].map((name) => join(folder, name));
  const line = `--format pfx --out ${pfx!} --password-out ${password!}`;
  const { out, failure } = await exported(line);
  expect(failure).toBeUndefined();
  expect(out).toBe(`Wrote ${pfx!}.\nWrote ${password!}.\n`);
  expect(readFileSync(pfx!).toString("base64")).toBe(generation.pfx);
  expect(readFileSync(password!, "utf8")).toBe(generation.password);
  expect([pfx, password].map((path) => statSync(path!).mode & 0o777)).toEqual([0o600, 0o600]);
  expect((await exported(line)).failure).toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("Use --force to replace it."),
  });
});

test("a wrong command line is told before the stack is opened", async () => {
  const open = jest.fn(openedForReading(outputs));
  const { failure } = await exported("--format env --include-secrets", { interactive: true }, open);
  expect(failure).toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("would print a private key to the terminal"),
  });
  expect(open).not.toHaveBeenCalled();
});

test("a certificate that has expired is warned of on standard error", async () => {
  const expired = makeGeneration("2025-11", { notAfter: new Date(Date.now() - 1000) });
  const { out, err } = await exported(
    "--format env",
    {},
    openedForReading(sampleOutputs([expired])),
  );
  expect(err).toContain('Warning: the generation "2025-11" expired at ');
  expect(out).toContain("APPONLY_APPLICATION_ID=");
});

test("no secret of the stack is in what goes wrong", async () => {
  const leaking =
    (secret: string): (() => Promise<void>) =>
    () =>
      Promise.reject(new Error(`the disk refused "${secret}"`));
  for (const secret of [generation.pfx, generation.password]) {
    for (const [format, refusing] of [
      ["json", { document: leaking(secret) }],
      ["env", { out: leaking(secret) }],
    ] as const) {
      const { failure } = await exported(`--format ${format}`, refusing);
      expect(failure).toMatchObject({ exitCode: 1 });
      expect(failure?.message).toContain("the disk refused");
      expect(failure?.message).not.toContain(secret);
    }
  }
});

test.each([
  ["a stack that was never updated", {}, "", 1, "has no outputs yet"],
  ["a generation that is not there", undefined, "-g 2031-01", 2, "2031-01"],
])("%s is told", async (_, given, line, exitCode, message) => {
  const open = openedForReading(given ?? outputs);
  const { out, failure } = await exported(`--format json ${line}`, {}, open);
  expect(out).toBe("");
  expect(failure).toMatchObject({ exitCode, message: expect.stringContaining(message) });
});
