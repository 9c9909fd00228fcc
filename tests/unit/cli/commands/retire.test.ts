/** What `apponly retire` is given, and what it refuses; the journey of the same name destroys. */
import { retireAccess, retireCommand } from "../../../../cli/commands/retire";
import type { Client } from "@microsoft/microsoft-graph-client";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../../cli/command";
import type { DeployerSession } from "../../../../microsoft/deployer/session";
import { graphClient } from "../../../../microsoft/graph/client";
import { keyCredential } from "../../../simulator/support/assertions";
import { deployerToken, Graph, makeApp } from "../../../simulator/support/clients";
import { simulated } from "../../../simulator/support/simulated";
import { makeGeneration, sampleOutputs } from "../../../support/exportSample";
import { documentOf } from "../../../support/documents";
import { failureOf, openedForReading } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { recordingIo } from "../../../support/recordingIo";

test("the options are read, with a week without a sign-in before it may be destroyed", async () => {
  expect(await parsedOptions(retireCommand, "-s dev")).toEqual({ stack: "dev", quietDays: 7 });
  expect(
    await parsedOptions(retireCommand, "-s dev --destroy --quiet-days 30 --now --purge -y"),
  ).toEqual({ stack: "dev", destroy: true, quietDays: 30, now: true, purge: true, yes: true });
});

test.each([
  ["--disable --destroy", "'--disable' cannot be used with option '--destroy'"],
  ["--quiet-days week", "It is not a number of days. Write it as 7."],
  ["--quiet-days -1", "It is not a number of days. Write it as 7."],
])("%s is a usage error", async (line, message) => {
  const io = recordingIo();
  expect(await run(["retire", "-s", "dev", ...line.split(" ")], io)).toBe(2);
  expect(io.said()).toContain(message);
});

const application = {
  urn: "urn:pulumi:dev::apponly::azuread:index/application:Application::app",
  type: "azuread:index/application:Application",
  custom: true,
  id: "/applications/1f1f1f1f-0000-4000-8000-000000000001",
  inputs: {},
  outputs: { clientId: "2f2f2f2f-0000-4000-8000-000000000002" },
};

async function retired(
  line: string,
  resources: readonly object[],
  {
    outputs = {},
    settingsFile = "/stack/Pulumi.dev.yaml",
    graph,
  }: { outputs?: Record<string, unknown>; settingsFile?: string; graph?: Client } = {},
) {
  const io = recordingIo();
  const connect = jest.fn(() =>
    graph === undefined
      ? Promise.reject(new Error("nothing is asked"))
      : Promise.resolve({ graph: () => Promise.resolve(graph) } as unknown as DeployerSession),
  );
  const open = openedForReading(outputs, resources);
  const failure = await failureOf(
    retireAccess(await parsedOptions(retireCommand, `-s dev ${line}`.trim()), io, {
      openForReading: async () => ({ ...(await open()), settingsFile }),
      connectStackDeployer: connect,
      readers: { environment: {}, credential: () => Promise.reject(new Error("no vault")) },
    }),
  );
  return { failure, connect, out: io.written(), answered: io.answered() };
}

test("a destruction that nobody can be asked about is refused before the tenant is asked", async () => {
  const { failure, connect } = await retired("--destroy", [application]);
  expect(failure).toMatchObject({ exitCode: 2, message: expect.stringContaining("--yes") });
  expect(connect).not.toHaveBeenCalled();
});

test("without --destroy it asks the tenant who uses it, and changes nothing", async () => {
  const { failure, connect } = await retired("", [application]);
  expect(connect).toHaveBeenCalledTimes(1);
  expect(failure?.message).toBe("nothing is asked");
});

test("a stack that holds nothing any more answers with what could be left", async () => {
  const { failure, answered } = await retired("", []);
  expect(failure).toBeUndefined();
  expect(documentOf("retire", answered!)).toMatchObject({
    stack: "dev",
    state: "destroyed",
    remains: { left: [] },
  });
});

describe("an access whose key is in a vault", () => {
  const context = simulated({ deployer: { permissions: ["Application.ReadWrite.All"] } });
  const { certificate, certificatePem, privateKeyPem, ...own } = makeGeneration("2026-11", {
    generated: false,
  });
  const key = `https://contoso.vault.azure.net/keys/exo/${"1".repeat(32)}`;
  const outputs = sampleOutputs([
    {
      ...own,
      certificatePem,
      privateKeyPem,
      certificate: { ...certificate, source: "key-vault", vault: { key, exportable: false } },
    },
  ]);

  test("is disabled, with the vault beside its certificate, and answers by the published schema", async () => {
    const tenant = await Graph.connect(context);
    const app = await makeApp(tenant, { displayName: "ExO" });
    await tenant.must("PATCH", `/applications/${app.id}`, {
      keyCredentials: [keyCredential({ certificatePem, privateKeyPem })],
    });
    const { graph, login } = context.simulator.endpoints;
    const principal = {
      ...application,
      type: "azuread:index/servicePrincipal:ServicePrincipal",
      urn: "urn:pulumi:dev::apponly::azuread:index/servicePrincipal:ServicePrincipal::sp",
      id: `/servicePrincipals/${app.servicePrincipalId}`,
    };
    const registration = {
      ...application,
      id: `/applications/${app.id}`,
      outputs: { clientId: app.appId },
    };
    const tenantOfStack = {
      outputs,
      graph: graphClient({ graph, login }, await deployerToken(context)),
    };
    const unasked = await retired("--disable", [registration, principal], tenantOfStack);
    expect(unasked.failure).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("--yes"),
    });
    expect(unasked.out).toContain("Enabled");
    const path = `/servicePrincipals/${app.servicePrincipalId}`;
    expect(await tenant.must("GET", path)).toMatchObject({ accountEnabled: true });
    const { failure, out, answered } = await retired(
      "--disable --yes",
      [registration, principal],
      tenantOfStack,
    );
    expect(failure).toBeUndefined();
    expect(out).toContain("certificate, key in contoso.vault.azure.net");
    expect(documentOf("retire", answered!)).toMatchObject({
      state: "disabled",
      use: { enabled: false, credentials: [{ kind: "certificate", vaultKey: key }] },
    });
  });

  test("leaves the key in the vault, which is told once with the command that deletes it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "apponly-retire-"));
    const settingsFile = join(folder, "Pulumi.dev.yaml");
    const generation = (name: string, source: string, host: string) =>
      `    - { name: "${name}", source: ${source}, vault: "https://contoso.${host}/", certificate: exo }`;
    const generations = [
      generation("2026-11", "key-vault", "vault.azure.net"),
      generation("2027-01", "key-vault", "vault.azure.net"),
      generation("2027-02", "managed-hsm", "managedhsm.azure.net"),
      '    - { name: "2027-03", subject: contoso.org }',
    ];
    await writeFile(settingsFile, `config:\n  apponly:certificates:\n${generations.join("\n")}\n`);
    const { failure, out, answered } = await retired("", [], { settingsFile });
    await rm(folder, { recursive: true, force: true });
    expect(failure).toBeUndefined();
    expect(documentOf("retire", answered!)).toMatchObject({
      remains: {
        left: [],
        kept: [
          "The key of exo stays in https://contoso.vault.azure.net, and signs in nowhere any more. Delete it there: az keyvault certificate delete --vault-name contoso --name exo",
          "The key of exo stays in https://contoso.managedhsm.azure.net, and signs in nowhere any more. Delete it there: az keyvault key delete --hsm-name contoso --name exo",
        ],
      },
    });
    expect(out.replace(/\s+/g, " ")).toContain("az keyvault key delete --hsm-name contoso");
  });
});
