/** What `apponly verify` does around the verification, which has tests of its own. */
import { deployerGraph, verifyCommand, verifyStack } from "../../../../cli/commands/verify/verify";
import { NoAnswer } from "../../../../microsoft/http";
import { TokenRefused } from "../../../../microsoft/tokens";
import type { DeployerSession } from "../../../../microsoft/deployer/session";
import type { ReadableStack } from "../../../../operations/readableStack";
import { makeGeneration, sampleOutputs } from "../../../support/exportSample";
import { failureOf, openedForReading } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { documentOf } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";
import { vaultWithCertificate } from "../../access/verify/vaultSituations";

/** The stack has a certificate, and its key is elsewhere: nothing is asked of a tenant. */
const keyless = () =>
  sampleOutputs([makeGeneration("own", { generated: false })], {
    federatedCredentials: [
      {
        name: "main",
        issuer: "https://issuer.contoso.org",
        subject: "job",
        audience: "api://AzureADTokenExchange",
      },
    ],
  });

async function verified(line: string, outputs: Record<string, unknown>) {
  const io = recordingIo();
  const options = await parsedOptions(verifyCommand, `--stack dev ${line}`);
  const failure = await failureOf(verifyStack(options, io, openedForReading(outputs)));
  return { out: io.written(), err: io.said(), failure };
}

test("every option is read", async () => {
  expect(await parsedOptions(verifyCommand, "-s dev")).toEqual({
    stack: "dev",
    format: "terminal",
  });
  expect(
    await parsedOptions(
      verifyCommand,
      "-s dev -g own -w 30m --key k --assertion-file a --allow-unverified --powershell -f json",
    ),
  ).toEqual({
    stack: "dev",
    generation: "own",
    wait: { text: "30m", ms: 1_800_000 },
    key: "k",
    assertionFile: "a",
    allowUnverified: true,
    powershell: true,
    format: "json",
  });
});

test("a job that holds no credential is told what is not verified, and ends with 2", async () => {
  const { out, err, failure } = await verified("", keyless());
  expect(out).toContain("Not verified:\n    own (certificate): The stack has no key of it.");
  expect(out).toContain("main (federated credential): It needs a token of https://issuer");
  expect(err).toMatch(/^✗ Verify .* nothing to verify with\n$/);
  expect(failure).toMatchObject({
    exitCode: 2,
    message: "Nothing was verified: this job holds no credential of the stack.",
  });
});

test("with --allow-unverified that is not a failure, and JSON is only the document", async () => {
  const { out, failure } = await verified("--allow-unverified --format json", keyless());
  expect(failure).toBeUndefined();
  expect(documentOf("verify", out)).toMatchObject({
    chains: [],
    notVerified: [{ name: "own" }, {}],
  });
});

test.each([
  ["a generation that is not there", "-g 2031-01", 2, "Use one of: own, main."],
  ["a file that is not there", "--pfx /nowhere/own.pfx", 2, "does not exist. Name the file"],
])("%s is a usage error", async (_, line, exitCode, message) => {
  const { out, failure } = await verified(line, keyless());
  expect(out).toBe("");
  expect(failure).toMatchObject({ exitCode, message: expect.stringContaining(message) });
});

test("a stack that was never updated has nothing to verify", async () => {
  expect((await verified("", {})).failure).toMatchObject({
    exitCode: 1,
    message: expect.stringContaining("Run an update first"),
  });
});

describe("a key that is in a vault", () => {
  async function withVault(line: string) {
    const { vault, version, close } = await vaultWithCertificate();
    vault.denied.add("keys/sign");
    process.env.IDENTITY_ENDPOINT = vault.identityEndpoint;
    process.env.IDENTITY_HEADER = vault.identityHeader;
    const { certificate, ...own } = makeGeneration("own", { generated: false });
    const inVault = {
      ...certificate,
      cer: version.der.toString("base64"),
      source: "key-vault",
      vault: {
        key: `https://contoso.vault.azure.net/keys/exo/${version.version}`,
        exportable: false,
      },
    };
    try {
      return await verified(line, sampleOutputs([{ ...own, certificate: inVault }]));
    } finally {
      delete process.env.IDENTITY_ENDPOINT;
      delete process.env.IDENTITY_HEADER;
      await close();
    }
  }

  test("and does not sign for this job breaks the chain, with the role that is missing", async () => {
    const { out, failure } = await withVault("--format json");
    expect(failure).toMatchObject({ exitCode: 4 });
    const { chains } = documentOf("verify", out) as {
      chains: { diagnosis: Record<string, string> }[];
    };
    expect(chains[0]?.diagnosis).toMatchObject({ code: "vault-forbidden", propagating: false });
    expect(chains[0]?.diagnosis.remedy).toContain('the role "Key Vault Crypto User" on the vault');
  });

  test("is told as not verified where that does not fail the run, as after an update", async () => {
    const { out, failure } = await withVault("--allow-unverified --format json");
    expect(failure).toBeUndefined();
    expect(documentOf("verify", out)).toMatchObject({
      chains: [],
      notVerified: [{ name: "own", reason: expect.stringContaining("Key Vault Crypto User") }],
    });
  });
});

describe("the deployer, who can look up what was granted", () => {
  const stack = { name: "dev", environment: {} } as ReadableStack;
  const place = { graph: "https://graph.microsoft.com" };
  const failing = (error: Error) => {
    let asked = 0;
    const graph = deployerGraph(stack, place, () => {
      asked += 1;
      return Promise.reject(error);
    });
    return async () => {
      await expect(graph()).rejects.toBe(error);
      await expect(graph()).rejects.toBe(error);
      return asked;
    };
  };

  test("is asked for once where it is refused", async () => {
    expect(await failing(new TokenRefused(7000215, "AADSTS7000215: no", 401))()).toBe(1);
  });

  test.each([
    new TokenRefused(0, "busy", 429),
    new TokenRefused(0, "down", 503),
    new NoAnswer("ECONNRESET", "login.microsoftonline.com", "broke off"),
  ])("is asked for again after a failure of a moment: %s", async (error) => {
    expect(await failing(error)()).toBe(2);
  });

  test("is not taken for the tenant's where it signs in for another cloud", async () => {
    const session = { authority: { graph: "https://graph.microsoft.us", login: "" } };
    const connect = () => Promise.resolve(session as unknown as DeployerSession);
    await expect(deployerGraph(stack, place, connect)()).rejects.toThrow(
      "The deployer signs in for https://graph.microsoft.us, not for https://graph.microsoft.com.",
    );
  });
});
