/**
 * What is printed to be typed, opened or copied is of the stack's cloud: outside the global one no address
 * of that one, and the Azure CLI is told the cloud before it is asked for anything.
 *
 * Does not prove that the Azure CLI takes the commands: it is not run here.
 */
import { connectRecipes } from "../../../access/connect/recipes";
import { renderPipeline } from "../../../access/pipelines/renderPipeline";
import { diagnosisCodes, errorTable } from "../../../access/verify/errorTable";
import { diagnoseMessage } from "../../../access/verify/powershell/message";
import { vaultCommand } from "../../../access/vaultCommand";
import { describeDeployer } from "../../../cli/commands/doctor/deployerReport";
import { cloudOfGraph, clouds } from "../../../components/catalog/clouds";
import { vaultSources, vaultSuffix } from "../../../components/catalog/vaults";
import { azureCliToken } from "../../../microsoft/deployer/azureCli";
import { endpointsOf } from "../../../microsoft/endpoints";
import { azureCliCommandFor, graphClient } from "../../../microsoft/graph/client";
import { deletedItemCommand } from "../../../microsoft/graph/tenant/restorable";
import { remediesForDeclared } from "../../../operations/drift/remedies";
import type { DeployerReport } from "../../../operations/deployer";
import { types } from "../../../policy/rules/types";
import { everyPlan, keyInVault, pipelineStack } from "../../support/pipelines";
import { printingLines } from "../../support/printingSources";

const { global, ...national } = clouds;
const id = "0a1b2c3d-0000-4111-8222-333344445555";

/** Hosts that only the global cloud has. */
const globalHosts = [
  global.authority,
  global.graph,
  global.exchange.resource,
  global.compliance.resource,
  ...vaultSources.map((source) => `https://x.${vaultSuffix(source, "global")}`),
  "https://management.azure.com",
  "https://portal.azure.com",
  "https://entra.microsoft.com",
  "https://admin.microsoft.com",
  "https://admin.exchange.microsoft.com",
  "https://compliance.microsoft.com",
  "https://purview.microsoft.com",
  "https://security.microsoft.com",
].map((address) => new URL(address).hostname.replace(/^x\./, ""));

const namedIn = (text: string) => globalHosts.filter((host) => text.includes(host));

/** The Azure CLI's commands of a text that come before it was told a cloud. */
const untold = (text: string) =>
  /\baz (?!cloud )(?:ad|rest|login|keyvault) [^"'`]*/.exec(text.replace(/az cloud set .*/s, ""));

describe.each(Object.values(national))("in the cloud $name", (cloud) => {
  const graph = graphClient({ login: cloud.authority, graph: cloud.graph }, "token");
  const place = { cloud, tenantId: id, applicationId: id, organization: "contoso" };
  const target = { ...place, endpoints: endpointsOf(cloud) };
  const keyHere = {
    ...keyInVault,
    vault: {
      ...keyInVault.vault,
      key: keyInVault.vault.key.replace(
        vaultSuffix("key-vault", "global"),
        vaultSuffix("key-vault", cloud.name),
      ),
    },
  };

  test("what is done by hand in the directory goes to its Graph", async () => {
    const deployer = {
      stack: "dev",
      method: "client secret",
      graph: cloud.graph,
      deployer: { kind: "application", tenantId: id, applicationId: id, objectId: id },
      needs: [],
      ownership: ["application", "service principal"].map((kind) => ({
        kind,
        objectId: id,
        state: "not owner",
      })),
      excess: [],
      possible: [],
      ok: false,
    } as unknown as DeployerReport;
    const declared = { urn: "a", name: "a", id: `/applications/${id}`, inputs: {}, outputs: {} };
    const refused = await azureCliToken(id, `${cloud.exchange.resource}/.default`, {}, cloud, () =>
      Promise.reject(new Error("nobody")),
    ).catch((error: unknown) => (error as Error).message);
    const said = [
      deletedItemCommand(graph, id),
      deletedItemCommand(graph, id, "restore"),
      azureCliCommandFor(graph, `ad app delete --id ${id}`),
      describeDeployer(deployer),
      ...remediesForDeclared(
        "dev",
        (command) => azureCliCommandFor(graph, command),
        { ...declared, type: types.application },
        "tags",
      ),
      String(refused),
    ];
    for (const text of said) {
      expect([text, namedIn(text), untold(text)]).toEqual([text, [], null]);
      expect(text).toMatch(new RegExp(`az cloud set --name ${cloud.azureCli}(\`|$)`, "m"));
      expect([text, text.includes(`resource-id ${cloud.graph}`)]).toEqual([
        text,
        cloud.name === "dod",
      ]);
    }
    expect(said.join()).toContain(`--url ${cloud.graph}/v1.0/directory/deletedItems/${id}/restore`);
  });

  test("what is done by hand in a vault is", () => {
    for (const source of vaultSources) {
      const vault = `https://contoso.${vaultSuffix(source, cloud.name)}`;
      const command = vaultCommand("delete", { source, vault, name: "exo" });
      expect(command).toMatch(
        new RegExp(`^\`az cloud set --name ${cloud.azureCli}\`[^;&]*: az keyvault \\w+ delete`),
      );
    }
  });

  test("each way to connect, and each pipeline, is", () => {
    const vaults = [
      undefined,
      keyHere,
      { ...keyHere, vault: { ...keyHere.vault, exportable: true } },
    ];
    const recipes = vaults.flatMap((vault) =>
      connectRecipes({
        ...pipelineStack,
        cloud: cloud.name,
        certificate: { thumbprint: keyInVault.thumbprint, generation: "own", vault },
        federated: true,
        managedIdentity: "system",
      }),
    );
    for (const recipe of recipes) {
      const text = JSON.stringify(recipe);
      expect([recipe.method, namedIn(text)]).toEqual([recipe.method, []]);
      const needsCli = /\baz (account|keyvault|login)/.test(text);
      expect([recipe.method, text.includes("az cloud set")]).toEqual([recipe.method, needsCli]);
    }
    for (const plan of everyPlan([cloud.name])) {
      const vault = plan.target.vault === undefined ? {} : { vault: keyHere };
      const text = JSON.stringify(
        renderPipeline({ ...plan, target: { ...plan.target, ...vault } }),
      );
      expect([plan.kind, namedIn(text), untold(text)]).toEqual([plan.kind, [], null]);
    }
  });

  test("each diagnosis of a number is", () => {
    const numbers = Object.values(errorTable).flatMap((row) =>
      "numbers" in row ? (row.numbers ?? []) : [],
    );
    for (const number of numbers) {
      const { cause = "", remedy = "" } =
        diagnoseMessage(`AADSTS${number}: text`, target, "compliance") ?? {};
      expect([number, namedIn(`${cause} ${remedy}`)]).toEqual([number, []]);
    }
    expect(diagnoseMessage("AADSTS70011: text", target, "exchange")?.remedy).toContain(
      `Ask for ${cloud.exchange.resource}/.default`,
    );
  });
});

test("no row of the error table names a host of one cloud", () => {
  for (const code of diagnosisCodes) {
    const { cause, remedy } = errorTable[code];
    expect([code, namedIn(`${cause} ${remedy}`)]).toEqual([code, []]);
  }
});

test("the tenant of a test leaves the Azure CLI as it is", () => {
  const address = "http://127.0.0.1:3000";
  expect(cloudOfGraph(address)).toBeUndefined();
  expect(deletedItemCommand(graphClient({ login: address, graph: address }, "token"), id)).toBe(
    `az rest --method DELETE --url ${address}/v1.0/directory/deletedItems/${id}`,
  );
});

/** Where a text may name a host of the global cloud, or the Azure CLI without a cloud, and why. */
const exempt: Readonly<Record<string, string>> = {
  "components/catalog/clouds.ts": "the table of clouds",
  "components/catalog/vaults.ts": "the table of vaults",
  "components/catalog/azureCli.ts": "writes the commands",
  "microsoft/deployer/azureCli.ts": "the command stands behind those of the cloud",
  "components/federatedIssuers.ts": "an issuer, which other clouds' credentials write themselves",
  "components/material/textKinds.ts": "of a vault that nobody has named yet",
  "cli/commands/doctor/deployerReport.ts": "lines, below those of the cloud",
  "cli/commands/export/exportPlan.ts": "the help, of an address as they are",
  "access/export/keyVault/vault.ts": "the form of an address, before a stack is open",
  "microsoft/deployer/redirects.ts": "the hosts that may be asked",
  "cli/knownFailures.ts": "nothing says how the deployer signs in, so not to which cloud",
  "microsoft/keyVault/problems.ts": "a vault may be in another tenant",
  "access/connect/vaultTokens.ts": "scripts, whose recipes say the cloud",
  "access/connect/accessTokens.ts": "scripts, whose recipes say the cloud",
  "access/connect/recipes.ts": "recipes, which say the cloud",
};

test("texts get hosts and commands of the Azure CLI from the table of clouds", () => {
  const wrong = printingLines
    .filter(({ file }) => !file.startsWith("simulator/") && !(file in exempt))
    .filter(
      ({ text }) => namedIn(text).length > 0 || /\baz (ad|rest|keyvault|login|account) /.test(text),
    )
    .map(({ file, number, text }) => `${file}:${number}: ${text.trim()}`);
  expect(wrong).toEqual([]);
});
