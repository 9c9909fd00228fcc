/**
 * The documents of `apponly export`, each read back by something that did not write it. Not proven
 * here: that PowerShell and Docker run them; a grammar and Docker's documented rules stand in.
 */
import { execFileSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import Ajv2020 from "ajv/dist/2020";
import fc from "fast-check";
import {
  azureDevOpsCommands,
  azureDevOpsMask,
  escapeCommand,
} from "../../../../access/export/azureDevOps";
import {
  cerFile,
  envDocument,
  envLines,
  jsonDocument,
  pemFile,
  pfxContent,
  powershellDocument,
} from "../../../../access/export/documents";
import { ExportError } from "../../../../access/export/exportError";
import { readStackAccess } from "../../../../access/export/stackAccess";
import { withoutSecrets } from "../../../../access/export/withoutSecrets";
import { readPfx } from "../../../../components/pkcs12/readPfx";
import { parseAgentCommand } from "../../../support/azureDevOps/agentCommand";
import { readDockerEnvFile } from "../../../support/dockerEnvFile";
import { makeGeneration, sampleOutputs } from "../../../support/exportSample";
import { powershellParser, syntaxErrors } from "../../../support/powershell";
import { anyText } from "../../../support/anyText";

const current = makeGeneration("2026-11");
const next = makeGeneration("2027-05", { active: false });
const supplied = makeGeneration("own", { generated: false });
const access = readStackAccess("dev", sampleOutputs([current, next]));
const federated = readStackAccess("dev", sampleOutputs([]));
const suppliedAccess = readStackAccess("dev", sampleOutputs([supplied]));
const secrets = [current, next].flatMap(({ pfx, password }) => [pfx, password]);

const folder = mkdtempSync(join(tmpdir(), "apponly-env-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const publicValues = {
  APPONLY_TENANT_ID: "aaaabbbb-0000-cccc-1111-dddd2222eeee",
  APPONLY_ORGANIZATION: "contoso.onmicrosoft.com",
  APPONLY_CLOUD: "global",
  APPONLY_APPLICATION_ID: "36ee4c6c-0812-40a2-b820-b22ebd02bce3",
};
const certificateValues = {
  APPONLY_CERTIFICATE_THUMBPRINT: current.certificate.thumbprint,
  APPONLY_CERTIFICATE_NOT_AFTER: current.certificate.notAfter,
};
const secretValues = { APPONLY_PFX: current.pfx, APPONLY_PFX_PASSWORD: current.password };

describe("json", () => {
  const schema = JSON.parse(
    readFileSync(join(__dirname, "../../../../access/export/export.schema.json"), "utf8"),
  ) as object;
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  const errorsOf = (text: string) => {
    validate(JSON.parse(text));
    return validate.errors ?? [];
  };

  test.each([
    ["public", jsonDocument(access, false)],
    ["with secrets", jsonDocument(access, true)],
    ["only federated", jsonDocument(federated, true)],
    ["supplied", jsonDocument(suppliedAccess, false)],
  ])("%s fits the schema", (_, text) => {
    expect(errorsOf(text)).toEqual([]);
  });

  test("the schema refuses what is not an export", () => {
    const document = JSON.parse(jsonDocument(access, true)) as Record<string, unknown>;
    for (const change of [
      { version: 2 },
      { tenantId: "contoso" },
      { password: "x" },
      { generation: undefined },
      { certificates: [{ ...current.certificate, thumbprint: "ab" }] },
    ]) {
      expect(errorsOf(JSON.stringify({ ...document, ...change }))).not.toEqual([]);
    }
  });

  test("is stable: the same stack gives the same text, its properties in the same order", () => {
    const again = readStackAccess(
      "dev",
      Object.fromEntries(Object.entries(sampleOutputs([current, next])).reverse()),
    );
    expect(jsonDocument(again, true)).toBe(jsonDocument(access, true));
    expect(Object.keys(JSON.parse(jsonDocument(access, true)) as object)).toEqual([
      "version",
      "stack",
      "tenantId",
      "organization",
      "cloud",
      "applicationId",
      "applicationObjectId",
      "servicePrincipalObjectId",
      "workloads",
      "permissions",
      "directoryRoles",
      "certificates",
      "generation",
      "connect",
      "secrets",
    ]);
  });

  test("secrets only where asked for, and only those of the exported generation", () => {
    const open = jsonDocument(access, true);
    expect(JSON.parse(open)).toMatchObject({
      version: 1,
      generation: "2026-11",
      secrets: { pfx: current.pfx, pfxPassword: current.password },
    });
    expect(open).not.toContain(next.password);
    expect(JSON.parse(jsonDocument(federated, true))).not.toHaveProperty("secrets");
  });

  test("another generation comes with its key and its connect script", () => {
    const other = readStackAccess("dev", sampleOutputs([current, next]), "2027-05");
    const document = JSON.parse(jsonDocument(other, true)) as {
      connect: Record<string, Record<string, string>>;
    };
    expect(document).toMatchObject({ generation: "2027-05", secrets: { pfx: next.pfx } });
    expect(document.connect.exchange?.thumbprint).toContain(next.certificate.thumbprint);
    expect(JSON.stringify(document.connect)).not.toContain(current.certificate.thumbprint);
  });
});

test.each([
  ["json", jsonDocument(access, false)],
  ["env", envDocument(access, false)],
  ["powershell", powershellDocument(access, false)],
  ["cer", cerFile(access, "pem").toString()],
])("%s holds no secret unless asked for", (_, text) => {
  for (const secret of secrets) {
    expect(withoutSecrets(text, [secret])).toBe(text);
  }
});

describe("env", () => {
  /** The variables that a shell has after it has read the file. */
  const valuesInShell = (text: string): Record<string, string> => {
    const file = join(folder, "values.env");
    writeFileSync(file, text);
    const printed = execFileSync("bash", ["--norc", "-c", 'set -a; . "$1"; env -0', "bash", file], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { PATH: process.env.PATH ?? "" },
    });
    return Object.fromEntries(
      printed
        .toString()
        .split("\0")
        .filter((line) => /^APPONLY_/.test(line))
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
  };
  const readers: [string, (text: string) => Record<string, string | undefined>][] = [
    ["a shell", valuesInShell],
    ["Node's dotenv reader", (text) => ({ ...parseEnv(text) })],
    ["docker --env-file", readDockerEnvFile],
  ];

  test.each(readers)("%s reads every value", (_, read) => {
    expect(read(envDocument(access, false))).toEqual({ ...publicValues, ...certificateValues });
    expect(read(envDocument(access, true))).toEqual({
      ...publicValues,
      ...certificateValues,
      ...secretValues,
    });
    expect(read(envDocument(federated, true))).toEqual(publicValues);
    expect(read(envDocument(suppliedAccess, false))).toHaveProperty(
      "APPONLY_CERTIFICATE_THUMBPRINT",
      supplied.certificate.thumbprint,
    );
  });

  test("a shell reads every value letter for letter", () => {
    const values = ["a b", "a#b", "# c", "$HOME", "`id`", "'", "a'b'c", '"', "a\nb", "\\", "~", ""];
    const named = values.map((value, index) => ({ name: `APPONLY_${index}`, value }));
    expect(valuesInShell(envLines(named))).toEqual(
      Object.fromEntries(named.map(({ name, value }) => [name, value])),
    );
  });

  test("so it does with anything else", () => {
    const values = fc.array(
      anyText().filter((one) => !one.includes("\0")),
      {
        minLength: 20,
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(values, (all) => {
        const named = all.map((value, index) => ({ name: `APPONLY_${index}`, value }));
        expect(valuesInShell(envLines(named))).toEqual(
          Object.fromEntries(named.map(({ name, value }) => [name, value])),
        );
      }),
      { numRuns: 5 },
    );
  });

  test("dotenv readers agree on quoted values without a single quote", () => {
    for (const value of ["a b", "a#b", "$HOME", '"x"', "a\nb"]) {
      expect(parseEnv(envLines([{ name: "APPONLY_X", value }]))).toEqual({ APPONLY_X: value });
    }
  });
});

describe("powershell", () => {
  test("is PowerShell, sets the values and connects each workload", async () => {
    const parser = await powershellParser();
    for (const text of [
      powershellDocument(access, false),
      powershellDocument(access, true),
      powershellDocument(access, false, "thumbprint"),
      powershellDocument(federated, true),
      powershellDocument(suppliedAccess, false),
    ]) {
      expect(syntaxErrors(parser, text)).toEqual([]);
      expect(text).toMatch(/^\s*Connect-ExchangeOnline /m);
      expect(text).toMatch(/^\s*Connect-IPPSSession /m);
      expect(text).toContain('$env:APPONLY_TENANT_ID = "aaaabbbb-0000-cccc-1111-dddd2222eeee"');
    }
    expect(powershellDocument(access, true)).toContain(`$env:APPONLY_PFX = "${current.pfx}"`);
    expect(powershellDocument(federated, false)).toContain("-AccessToken");
  });

  test("names the methods the stack has", () => {
    expect(() => powershellDocument(access, false, "access-token")).toThrow(
      '--method "access-token" is not a way in which the stack "dev" connects. Use one of: pfx-file, thumbprint, certificate-object.',
    );
  });
});

describe("azure-devops", () => {
  const read = (text: string) =>
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => parseAgentCommand(line));

  test("sets each variable, the secrets first and as secrets", () => {
    const commands = read(azureDevOpsCommands(access, false));
    expect(commands.map((one) => [one?.properties.variable, one?.data])).toEqual([
      ...Object.entries(secretValues),
      ...Object.entries(publicValues),
      ...Object.entries(certificateValues),
    ]);
    expect(commands.map((one) => one?.properties.issecret)).toEqual([
      "true",
      "true",
      ...Array<undefined>(6).fill(undefined),
    ]);
    expect(read(azureDevOpsCommands(federated, false))).toHaveLength(4);
  });

  test("for later jobs they are outputs of the step", () => {
    const commands = read(azureDevOpsCommands(access, true));
    expect(new Set(commands.map((one) => one?.properties.isoutput))).toEqual(new Set(["true"]));
  });

  test("whatever a value contains, the agent reads it back", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText(),
          fc.string({
            unit: fc.constantFrom("%", "25", "AZP25", "0D", "3B", ";", "]", "\n", "\r"),
          }),
        ),
        (value) => {
          const command = parseAgentCommand(
            `##vso[task.setvariable variable=${escapeCommand(value)}]${escapeCommand(value)}`,
          );
          expect(command?.data).toBe(value);
          expect(command?.properties.variable ?? "").toBe(value);
        },
      ),
    );
    expect(parseAgentCommand(azureDevOpsMask("a;b]c%").trimEnd())).toMatchObject({
      area: "task",
      event: "setsecret",
      data: "a;b]c%",
    });
  });
});

test("cer: the certificate in either encoding", () => {
  for (const encoding of ["der", "pem"] as const) {
    const read = new X509Certificate(cerFile(access, encoding));
    expect(read.fingerprint.replaceAll(":", "")).toBe(current.certificate.thumbprint);
  }
  expect(cerFile(suppliedAccess, "der").length).toBeGreaterThan(500);
});

test("pfx: the bytes of the generation", () => {
  const { certificatePem } = readPfx(pfxContent(access).toString("base64"), current.password);
  expect(new X509Certificate(certificatePem).fingerprint.replaceAll(":", "")).toBe(
    current.certificate.thumbprint,
  );
});

test.each([false, true])("pem: the key fits its certificate (encrypted: %s)", (encrypted) => {
  const text = pemFile(access, encrypted);
  const key = encrypted ? { key: text, passphrase: current.password } : text;
  expect(text).toMatch(encrypted ? /^-----BEGIN ENCRYPTED PRIVATE KEY/ : /^-----BEGIN PRIVATE KEY/);
  expect(new X509Certificate(text).checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(text).not.toContain(current.password);
});

describe("what cannot be exported is said, with what to do", () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      "pfx of a supplied certificate",
      () => pfxContent(suppliedAccess),
      /"own" was supplied.*from where/,
    ],
    ["pem", () => pemFile(suppliedAccess, false), /was supplied.*from where/],
    ["json", () => jsonDocument(suppliedAccess, true), /was supplied.*without --include-secrets/],
    ["env", () => envDocument(suppliedAccess, true), /was supplied/],
    ["powershell", () => powershellDocument(suppliedAccess, true), /was supplied/],
    ["azure-devops", () => azureDevOpsCommands(suppliedAccess, false), /was supplied/],
    ["pfx without certificates", () => pfxContent(federated), /has no certificate.*federated/],
    ["cer without certificates", () => cerFile(federated, "der"), /has no certificate/],
    [
      "an unknown generation",
      () => readStackAccess("dev", sampleOutputs([current, next]), "2025"),
      /--generation "2025" is not a generation of the stack "dev"\. It has: 2026-11, 2027-05\./,
    ],
    [
      "a generation of a stack without any",
      () => readStackAccess("dev", sampleOutputs([]), "2025"),
      /only federated credentials/,
    ],
    [
      "no active generation",
      () => readStackAccess("dev", sampleOutputs([next])),
      /no active generation\. Name one with --generation\. It has: 2027-05\./,
    ],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(ExportError);
    expect(run).toThrow(message);
  });
});

test("secrets are taken out of what others say, in whatever form", () => {
  const { pfx, password } = current;
  for (const said of [
    `bad value ${password}`,
    `bad ${encodeURIComponent(pfx)}`,
    Buffer.from(`x${password}`).toString("base64"),
    Buffer.from(password).toString("base64url"),
    `"${pfx.slice(100, 180)}..." is too long`,
    Buffer.from(password).toString("hex"),
  ]) {
    const safe = withoutSecrets(said, [pfx, password]);
    expect(safe).toContain("***");
    expect(safe).not.toContain(pfx.slice(110, 140));
    expect(safe).not.toContain(password);
  }
  expect(withoutSecrets("The vault refuses.", [pfx, password, ""])).toBe("The vault refuses.");
});

test("a secret that is not well-formed text is taken out of a text as well", () => {
  expect(withoutSecrets("said: half\ud800 a pair.", ["half\ud800 a pair"])).toBe("said: ***.");
});
