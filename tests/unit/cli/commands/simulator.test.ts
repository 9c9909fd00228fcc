/** What `apponly simulator` leaves for shells while it runs; clients use it in tests/simulator. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simulateTenant, simulatorCommand } from "../../../../cli/commands/simulator";
import { syntaxErrors, powershellParser } from "../../../support/powershell";
import { failureOf } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { documentOf } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "apponly-simulator-"))));
afterEach(() => rmSync(directory, { recursive: true }));

const secret = "it's a 'secret'";
const endpoints = Object.fromEntries(
  ["loginTls", "login", "graph", "exchange", "compliance", "metadataHost", "proxy"].map((name) => [
    name,
    `https://127.0.0.1:1/${name}`,
  ]),
);

async function simulated(whileUp: () => void | Promise<void>, fails = false) {
  const io = recordingIo();
  const close = jest.fn(() => Promise.resolve());
  const failure = await failureOf(
    simulateTenant(await parsedOptions(simulatorCommand, `-d ${directory}`), io, {
      prepareEngine: () =>
        Promise.resolve({
          pulumi: { root: "/pulumi" },
          environment: { PATH: "/never", PULUMI_HOME: "/home" },
          programFolders: ["/plugins"],
        } as never),
      startEmbeddedTenant: () =>
        Promise.resolve({
          simulator: { endpoints, caCertificatePem: certificate("simulator") },
          tenant: {
            tenantId: "t",
            initialDomain: "contoso.onmicrosoft.com",
            deployer: { clientId: "deployer" },
          },
          caFile: "/ca.pem",
          environment: { ARM_CLIENT_SECRET: secret },
          notes: ["The tenant's file was damaged and set aside."],
          close,
        } as never),
      interrupted: async () => {
        await whileUp();
        if (fails) throw new Error("interrupted");
      },
    }),
  );
  return { failure, close, out: io.written(), err: io.said(), answered: io.answered() };
}

/** What is told from others only by its text. */
const certificate = (name: string) =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(name).toString("base64")}\n-----END CERTIFICATE-----`;

describe("a shell that has authorities of its own", () => {
  const kept = { ...process.env };
  afterEach(() => {
    for (const name of ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"]) {
      delete process.env[name];
      Object.assign(process.env, kept[name] === undefined ? {} : { [name]: kept[name] });
    }
  });

  test("trusts them beside the simulator's when it has read the settings, each once", async () => {
    const company = join(directory, "company.pem");
    writeFileSync(company, `# of the company\n${certificate("a")}\n\n${certificate("b")}\n`);
    process.env.SSL_CERT_FILE = company;
    process.env.NODE_EXTRA_CA_CERTS = company;
    const trust = join(directory, "simulator-trust.pem");
    await simulated(() => {
      expect(readFileSync(trust, "utf8")).toBe(
        `${["simulator", "a", "b"].map(certificate).join("\n")}\n`,
      );
      const shell = readFileSync(join(directory, "simulator.env"), "utf8");
      expect(shell).toContain(`export SSL_CERT_FILE='${trust}'`);
      expect(shell).toContain(`export NODE_EXTRA_CA_CERTS='${trust}'`);
    });
    expect(existsSync(trust)).toBe(false);
  });

  test("and without any, trusts the simulator's besides the usual ones", async () => {
    process.env.SSL_CERT_FILE = join(directory, "gone.pem");
    delete process.env.NODE_EXTRA_CA_CERTS;
    await simulated(() => {
      const shell = readFileSync(join(directory, "simulator.env"), "utf8");
      expect(shell).toContain("export NODE_EXTRA_CA_CERTS='/ca.pem'");
    });
  });
});

const files = ["simulator.env", "simulator.ps1", "simulator.json"];

test("the deployer's secret is in files that only their owner reads, and is printed nowhere", async () => {
  const { out, err, answered } = await simulated(async () => {
    for (const file of files) {
      expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
    }
    const shell = readFileSync(join(directory, "simulator.env"), "utf8");
    expect(shell).toContain(`export ARM_CLIENT_SECRET='it'\\''s a '\\''secret'\\'''\n`);
    // What the shell has on its own PATH stays.
    expect(shell).toMatch(/^export PATH='\/plugins:'"\$PATH"':\/pulumi\/bin'$/m);
    const powershell = readFileSync(join(directory, "simulator.ps1"), "utf8");
    expect(powershell).toContain("$env:ARM_CLIENT_SECRET = 'it''s a ''secret'''");
    expect(syntaxErrors(await powershellParser(), powershell)).toEqual([]);
  });
  expect(out + err + JSON.stringify(answered)).not.toContain("secret'");
  expect(documentOf("simulator", answered!)).toMatchObject({
    tenantId: "t",
    endpoints,
    settings: { shell: join(directory, "simulator.env") },
  });
  expect(out).toContain(`source ${join(directory, "simulator.env")}`);
  expect(err).toContain("The tenant's file was damaged and set aside.");
});

test.each([[false], [true]])(
  "at its end the files are gone and the tenant is closed, failed: %s",
  async (fails) => {
    const { failure, close } = await simulated(() => undefined, fails);
    expect(failure?.message).toBe(fails ? "interrupted" : undefined);
    expect(close).toHaveBeenCalledTimes(1);
    expect(files.filter((file) => existsSync(join(directory, file)))).toEqual([]);
  },
);

test.each([
  [["contoso", "fabrikam"], "contoso"],
  [["contoso", "dev"], "dev"],
  [[], "dev"],
])("of the stacks %j it is %s that is told to try", async (stacks, told) => {
  const before = process.cwd();
  writeFileSync(join(directory, "Pulumi.yaml"), "name: x\nruntime: nodejs\n");
  for (const name of stacks) {
    writeFileSync(join(directory, `Pulumi.${name}.yaml`), "config: {}\n");
  }
  process.chdir(directory);
  try {
    const { out } = await simulated(() => undefined);
    expect(out).toContain(`\n  pulumi stack select ${told} --create\n  pulumi up -s ${told}\n`);
  } finally {
    process.chdir(before);
  }
});
