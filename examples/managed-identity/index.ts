import * as pulumi from "@pulumi/pulumi";
import { WorkloadGrants } from "../../components";

/**
 * A managed identity needs no app registration and no certificate: consent and a directory role
 * are all. Its service principal exists already; set its object id with
 * `pulumi config set principalObjectId ID`.
 */
export function program(): void {
  const config = new pulumi.Config();
  new WorkloadGrants("runbook", {
    servicePrincipalObjectId: config.require("principalObjectId"),
    workloads: ["exchange"],
    directoryRoles: ["Exchange Recipient Administrator"],
  });
}

// Pulumi calls what the module itself is.
module.exports = Object.assign(program, { program });
