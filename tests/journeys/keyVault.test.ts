/**
 * A stack whose key is made in a vault and stays there, from the first update to its end. The vault is a
 * stand-in under the real name of one, reached and trusted as `HTTPS_PROXY` and `SSL_CERT_FILE` say.
 *
 * Not proven here: that Azure Key Vault answers as the stand-in does.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { documentOf } from "../support/documents";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";
import { startKeyVault } from "../support/keyVault";
import { madeVersion } from "../support/keyVaultKeys";
import type { KeyVault } from "../support/keyVaultState";

let journey: Journey;
let stack: JourneyStack;
let vault: KeyVault;
let surroundings: Readonly<Record<string, string>>;

beforeAll(async () => {
  [journey, vault] = await Promise.all([startJourney(), startKeyVault()]);
  journey.tenant.deployer.grant("Policy.Read.All");
  const authorities = join(journey.directory, "authorities.pem");
  await writeFile(authorities, `${journey.simulator.caCertificatePem}\n${vault.caCertificatePem}`);
  surroundings = {
    HTTPS_PROXY: vault.proxyUrl,
    SSL_CERT_FILE: authorities,
    IDENTITY_ENDPOINT: vault.identityEndpoint,
    IDENTITY_HEADER: vault.identityHeader,
  };
  stack = await journey.stack("dev", {
    ...exampleConfiguration,
    certificates: [
      {
        name: "2026-11",
        source: "key-vault",
        vault: vault.vaultUrl,
        certificate: "exo",
        subject: "contoso.org",
      },
    ],
  });
});

afterAll(() => Promise.all([journey.close(), vault.close()]));

async function apponly(...args: string[]) {
  const { code, stdout, stderr } = await journey.apponly(
    [...args, "--stack", "dev"],
    stack.workDirectory,
    surroundings,
  );
  return { code, stdout, stderr: code === 0 ? "" : stderr };
}

const thumbprints = () =>
  (vault.certificates.get("exo") ?? []).map(({ der }) =>
    new X509Certificate(der).fingerprint.replaceAll(":", ""),
  );

function registered(): unknown[] {
  const own = journey.tenant
    .state()
    .applications.find(({ displayName }) => displayName === exampleConfiguration.displayName);
  const { keyCredentials = [] } = (own ?? {}) as { keyCredentials?: Record<string, string>[] };
  return keyCredentials.map(({ customKeyIdentifier }) => customKeyIdentifier);
}

/** The keys by which the vault has signed since the last time this was asked. */
function signedBy(): string[] {
  const signed = vault.requests.splice(0).filter((one) => one.endsWith("/sign"));
  return [...new Set(signed.map((one) => one.split("/").at(-2) ?? ""))];
}

const versions = () => (vault.certificates.get("exo") ?? []).map(({ version }) => version);

test("an update has the vault make the certificate, registers it and signs in by the vault", async () => {
  const updated = await apponly("up", "--yes", "--json");
  expect([updated.code, updated.stderr]).toEqual([0, ""]);
  const [thumbprint] = thumbprints();
  const { review, verification } = documentOf("up", updated.stdout) as {
    review: { warnings: string[]; changes: { kind: string; after?: { text: string } }[] };
    verification: { chains: { diagnosis?: object }[] };
  };
  expect(review.warnings).toEqual([]);
  expect(review.changes.find(({ kind }) => kind === "certificate")?.after?.text).toMatch(
    new RegExp(`^thumbprint ${thumbprint}, .*, key in contoso\\.vault\\.azure\\.net$`),
  );
  expect(verification.chains.map(({ diagnosis }) => diagnosis)).toEqual([undefined]);
  expect([registered(), signedBy()]).toEqual([[thumbprint], versions()]);
  expect(await readFile(join(stack.workDirectory, "Pulumi.dev.yaml"), "utf8")).toContain(
    `version: ${versions()[0]}`,
  );
  const outputs = await stack.outputs();
  expect(outputs).not.toHaveProperty("pfx");
  expect(outputs.pfxGenerations).toEqual({});
  expect(JSON.stringify(outputs)).not.toMatch(/PRIVATE KEY/);
});

test("a rotation follows the version that the vault has renewed, and makes none", async () => {
  const policy = { key_props: { exportable: false }, x509_props: { validity_months: 13 } };
  vault.certificates.get("exo")?.push(madeVersion({ policy }));
  const rotated = await apponly("rotate", "--yes");
  expect([rotated.code, rotated.stderr]).toEqual([0, ""]);
  expect(rotated.stdout.replace(/\s+/g, " ")).toContain(
    "is active now, instead of 2026-11. Its key stays in https://contoso.vault.azure.net",
  );
  expect(rotated.stdout).not.toMatch(/pfx|export/);
  expect(vault.requests.filter((one) => one.endsWith("/create"))).toEqual([]);
  expect([registered(), signedBy()]).toEqual([thumbprints(), versions().slice(1)]);
});

test("a verification has the vault sign for each generation", async () => {
  const verified = await apponly("verify", "--json");
  expect([verified.code, verified.stderr]).toEqual([0, ""]);
  const { chains } = documentOf("verify", verified.stdout) as { chains: { diagnosis?: object }[] };
  expect(chains.map(({ diagnosis }) => diagnosis)).toEqual([undefined, undefined]);
  expect(signedBy().sort()).toEqual(versions().sort());
});

test("destroyed, the key stays in the vault and is named with the command that deletes it", async () => {
  const gone = await apponly("retire", "--destroy", "--now", "--purge", "--yes");
  expect([gone.code, gone.stderr]).toEqual([0, ""]);
  expect(gone.stdout).toContain("certificate, key in contoso.vault.azure.net");
  expect(gone.stdout.replace(/\s+/g, " ")).toContain(
    "Delete it there: az keyvault certificate delete --vault-name contoso --name exo",
  );
  expect([registered(), versions().length, vault.unknown]).toEqual([[], 2, []]);
  expect(journey.simulator.journal.unknownRoutes()).toEqual([]);
});
