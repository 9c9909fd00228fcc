import type { SimulatorApp } from "../../http/context";
import type { ApplicationRecord, ServicePrincipalRecord } from "../../state/entities";
import { requiredGuid } from "../body";
import { type GraphCall, versions } from "../call";
import { enforcePasswordPolicy } from "../credentialPolicy";
import { graphErrors } from "../errors";
import { findApplication, findServicePrincipal, writableInPath } from "../lookup";
import { newPassword } from "../passwordCredentials";

/** What holds secrets, and where it is found. */
interface Holders {
  readonly path: string;
  find(call: GraphCall, key: string): ApplicationRecord | ServicePrincipalRecord | undefined;
  /** The tenant's policy for secrets concerns applications. */
  readonly underPolicy: boolean;
}

const passwordHolders: readonly Holders[] = [
  { path: "/applications", find: findApplication, underPolicy: true },
  { path: "/servicePrincipals", find: findServicePrincipal, underPolicy: false },
];

/**
 * Client secrets of applications, and of service principals beside them.
 *
 * @see https://learn.microsoft.com/graph/api/application-addpassword
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-addpassword
 */
export function installPasswordRoutes(app: SimulatorApp): void {
  for (const { path, underPolicy, ...holder } of passwordHolders) {
    const find: Holders["find"] = (call, key) => holder.find(call, key);

    app.post(`${versions}${path}/:id/addPassword`, (c) => {
      const { call, found: owner } = writableInPath(c, find);
      const body = c.var.request.body.text === "" ? {} : call.body;
      const { record, shown } = newPassword(
        body["passwordCredential"] ?? {},
        call.state.now(),
        (added) => {
          if (underPolicy) {
            enforcePasswordPolicy(call.tenant, owner, added);
          }
        },
      );
      owner.passwordCredentials.push(record);
      call.state.touch();
      return c.json({
        "@odata.context": call.context("microsoft.graph.passwordCredential"),
        ...shown,
      });
    });

    app.post(`${versions}${path}/:id/removePassword`, (c) => {
      const { call, found: owner } = writableInPath(c, find);
      const keyId = requiredGuid(call.body, "keyId", "PasswordCredential");
      const kept = owner.passwordCredentials.filter((one) => one.keyId !== keyId);
      if (kept.length === owner.passwordCredentials.length) {
        throw graphErrors.badRequest(`No password credential found with keyId ${keyId}.`);
      }
      owner.passwordCredentials = kept;
      return call.changed();
    });
  }
}
