/**
 * What is left of an export where it was written, read by the real clients from stand-ins, and the note
 * of it in a stack's settings. Not proven here: GitHub and Azure Key Vault.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { importIntoKeyVault } from "../../../../access/export/keyVault/importCertificate";
import { type ExportPlace, readPlace } from "../../../../access/export/places";
import { readStackAccess } from "../../../../access/export/stackAccess";
import { retireAccess, retireCommand } from "../../../../cli/commands/retire";
import { configurationShape } from "../../../../components/configuration/shape";
import { exportPlacesIn, rememberExport } from "../../../../operations/exportPlaces";
import { makeGeneration, sampleOutputs } from "../../../support/exportSample";
import {
  type GitHubEnvironments,
  startGitHubEnvironments,
} from "../../../support/github/environments";
import { startKeyVault } from "../../../support/keyVault";
import type { KeyVault } from "../../../support/keyVaultState";
import { failureOf, openedForReading } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { recordingIo } from "../../../support/recordingIo";

const trustedBefore = tls.getCACertificates("default");
const folder = mkdtempSync(join(tmpdir(), "apponly-places-"));
const settingsFile = join(folder, "Pulumi.dev.yaml");
const inGitHub: ExportPlace = { github: "contoso/access", environment: "production" };
const inVault: ExportPlace = { vault: "https://contoso.vault.azure.net", certificate: "apponly" };
let github: GitHubEnvironments;
let vault: KeyVault;

beforeAll(async () => {
  github = await startGitHubEnvironments();
  vault = await startKeyVault();
  tls.setDefaultCACertificates([...trustedBefore, vault.caCertificatePem]);
  process.env.HTTPS_PROXY = vault.proxyUrl;
});

afterAll(async () => {
  delete process.env.HTTPS_PROXY;
  tls.setDefaultCACertificates(trustedBefore);
  await vault.close();
  await github.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  github.environments.clear();
  vault.certificates.clear();
  vault.deleted.clear();
  writeFileSync(settingsFile, "# Reviewed by ada\nconfig:\n  apponly:displayName: x\n");
});

const credential = {
  getToken: () =>
    Promise.resolve({ token: vault.token, expiresOnTimestamp: Date.now() + 3_600_000 }),
};
const readers = (token = github.token) => ({
  environment: { GH_TOKEN: token, GITHUB_API_URL: github.url },
  credential: () => Promise.resolve(credential),
});

test("an environment tells its secrets and variables of ours, and no others", async () => {
  expect(await readPlace(inGitHub, readers())).toEqual({ left: [] });
  const environment = github.addEnvironment("production");
  environment.secrets.set("APPONLY_PFX", "secret").set("OTHER", "secret");
  environment.variables.set("APPONLY_TENANT_ID", "id").set("OTHER", "x");
  const { left } = await readPlace(inGitHub, readers());
  expect(left.map(({ command }) => command)).toEqual([
    "gh secret delete APPONLY_PFX --env 'production' --repo contoso/access",
    "gh variable delete APPONLY_TENANT_ID --env 'production' --repo contoso/access",
  ]);
});

test("a name with quotes of its own stays one word of the command", async () => {
  const environment = "it's; here";
  github.addEnvironment(environment).secrets.set("APPONLY_PFX", "secret");
  const { left } = await readPlace({ ...inGitHub, environment }, readers());
  expect(left.map(({ command }) => command)).toEqual([
    String.raw`gh secret delete APPONLY_PFX --env 'it'\''s; here' --repo contoso/access`,
  ]);
});

test("what cannot be read is said, and not taken for nothing", async () => {
  github.addEnvironment("production").secrets.set("APPONLY_PFX", "secret");
  const refused = await readPlace(inGitHub, readers("wrong"));
  expect(refused).toMatchObject({
    left: [],
    unread: expect.stringContaining("does not accept the token") as string,
  });
  const elsewhere = { github: "contoso/hidden", environment: "production" };
  expect((await readPlace(elsewhere, readers())).unread).toContain("404");
});

test("a vault tells a certificate that is there, and one that was deleted and not purged", async () => {
  expect(await readPlace(inVault, readers())).toEqual({ left: [] });
  const access = readStackAccess("dev", sampleOutputs([makeGeneration("2026-11")]));
  const target = { vaultUrl: inVault.vault, certificateName: inVault.certificate };
  await importIntoKeyVault(target, access, credential);
  expect((await readPlace(inVault, readers())).left).toEqual([
    {
      what: "the certificate apponly in https://contoso.vault.azure.net",
      command: "az keyvault certificate delete --vault-name contoso --name apponly",
    },
  ]);
  vault.certificates.clear();
  vault.deleted.add("apponly");
  expect((await readPlace(inVault, readers())).left).toMatchObject([
    { command: "az keyvault certificate purge --vault-name contoso --name apponly" },
  ]);
});

test("the settings keep each place once, and are as they were otherwise", async () => {
  expect(await rememberExport(settingsFile, inGitHub)).toBe(true);
  expect(await rememberExport(settingsFile, inVault)).toBe(true);
  expect(await rememberExport(settingsFile, { ...inGitHub })).toBe(false);
  expect(exportPlacesIn(settingsFile)).toEqual([inGitHub, inVault]);
  const text = readFileSync(settingsFile, "utf8");
  expect(text.startsWith("# Reviewed by ada\nconfig:\n  apponly:displayName: x\n")).toBe(true);
  expect(configurationShape.shape.exports.parse(exportPlacesIn(settingsFile))).toHaveLength(2);
});

test("a stack that is destroyed already tells what its exports have left, until it is gone", async () => {
  const environment = github.addEnvironment("production");
  environment.secrets.set("APPONLY_PFX", "secret");
  await rememberExport(settingsFile, inGitHub);
  const retire = async () => {
    const io = recordingIo();
    const opened = await openedForReading({})();
    const failure = await failureOf(
      retireAccess(await parsedOptions(retireCommand, "--stack dev"), io, {
        openForReading: () => Promise.resolve({ ...opened, settingsFile }),
        connectStackDeployer: () => Promise.reject(new Error("nothing is asked of the tenant")),
        readers: readers(),
      }),
    );
    return { failure, out: io.written() };
  };
  const { failure } = await retire();
  expect(failure?.exitCode).toBe(1);
  expect(failure?.message).toContain(
    "Remove it: gh secret delete APPONLY_PFX --env 'production' --repo contoso/access",
  );
  expect(failure?.message).toContain("Then look again: apponly retire --stack dev");
  environment.secrets.clear();
  expect(await retire()).toMatchObject({
    failure: undefined,
    out: expect.stringContaining("Nothing is left") as string,
  });
});
