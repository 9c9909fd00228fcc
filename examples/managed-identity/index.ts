import * as pulumi from "@pulumi/pulumi";
import { connectOutput, connectRecipes } from "../../access/connect/recipes";
import { WorkloadGrants } from "../../components/workloadGrants";

/**
 * A managed identity needs no app registration and no certificate: consent and a directory role
 * are all. Its service principal exists already; set its object id with
 * `pulumi config set principalObjectId ID`. With the tenant's initial domain, as in
 * `pulumi config set organization contoso.onmicrosoft.com`, the output `connect` has the script;
 * a user-assigned identity is named by `pulumi config set clientId ID`.
 */
export function program(): Record<string, unknown> {
  const config = new pulumi.Config();
  const workloads = ["exchange"] as const;
  new WorkloadGrants("runbook", {
    servicePrincipalObjectId: config.require("principalObjectId"),
    workloads: [...workloads],
    directoryRoles: ["Exchange Recipient Administrator"],
  });
  const organization = config.get("organization");
  if (organization === undefined) {
    return {};
  }
  const connect = connectRecipes({
    cloud: "global",
    workloads,
    applicationId: "",
    tenantId: "",
    organization,
    federated: false,
    managedIdentity: config.get("clientId") ?? "system",
  });
  return { connect: connectOutput(connect) };
}

// Pulumi calls what the module itself is.
module.exports = Object.assign(program, { program });
