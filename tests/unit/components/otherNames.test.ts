/** What people and Microsoft's tools call clouds, workloads, roles and tenants, told by the name that is taken. */
import { faultsFor } from "../../support/configuration";

test.each([
  [{ cloud: "AzureUSGovernment" }, "usgovernment"],
  [{ cloud: "GCC High" }, "usgovernment"],
  [{ cloud: "GCC" }, "global"],
  [{ cloud: "public" }, "global"],
  [{ cloud: "O365USGovDoD" }, "dod"],
  [{ cloud: "O365China" }, "china"],
  [{ cloud: "21Vianet" }, "china"],
  [{ workloads: ["EXO"] }, "exchange"],
  [{ workloads: ["Exchange Online"] }, "exchange"],
  [{ workloads: ["Security & Compliance"] }, "compliance"],
  [{ workloads: ["purview"] }, "compliance"],
  [{ directoryRoles: ["29232cdf-9323-42fd-ade2-1d097af3e4de"] }, "Exchange Administrator"],
  [{ directoryRoles: ["Exchange Service Administrator"] }, "Exchange Administrator"],
  [{ directoryRoles: ["Company Administrator"] }, "Global Administrator"],
  [{ organization: "contoso" }, "contoso.onmicrosoft.com"],
  [{ organization: "https://Contoso.onmicrosoft.com/" }, "contoso.onmicrosoft.com"],
  [{ organization: "admin@contoso.onmicrosoft.com" }, "contoso.onmicrosoft.com"],
  [{ organization: "contoso.mail.onmicrosoft.com" }, "contoso.onmicrosoft.com"],
])("%j is told as what it is called here: %s", (changes, meant) => {
  expect(faultsFor(changes)[0]).toContain(`Did you mean "${meant}"?`);
});

test.each([{ organization: "contoso.com" }, { cloud: "germany" }, { workloads: ["teams"] }])(
  "%j has no other name",
  (changes) => {
    expect(faultsFor(changes)[0]).not.toContain("Did you mean");
  },
);
