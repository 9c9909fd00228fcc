/**
 * That programs in other languages can use the components: the SDK's own analyzer must accept the
 * public arguments and outputs. Not proven here: a program in another language.
 */
import { join } from "node:path";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";

const folder = join(__dirname, "../../../components");
const names = ["ExchangeAppOnly", "WorkloadGrants", "CertificateCredential"];

test("the SDK's analyzer accepts every component", () => {
  const analyzer = new Analyzer(folder, "apponly", { name: "apponly" }, new Set(names));
  const { components } = analyzer.analyze();
  expect(Object.keys(components).sort()).toEqual([...names].sort());
  expect(Object.keys(components.ExchangeAppOnly?.inputs ?? {}).sort()).toEqual([
    "activeCertificate",
    "carried",
    "certificates",
    "complianceRoleGroups",
    "directoryRoles",
    "displayName",
    "exceptions",
    "exchangeRoles",
    "federatedCredentials",
    "notes",
    "owners",
    "redirectUri",
    "workloads",
  ]);
  expect(components.WorkloadGrants?.inputs.servicePrincipalObjectId?.description).toContain(
    "managed identity",
  );
});
