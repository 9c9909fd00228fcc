import type { SimulatorApp } from "../../http/context";
import { requiredGuid } from "../body";
import { versions } from "../call";
import { graphErrors } from "../errors";
import { findApplication, writableInPath } from "../lookup";
import { newPassword } from "../passwordCredentials";

/**
 * Client secrets of applications.
 *
 * @see https://learn.microsoft.com/graph/api/application-addpassword
 * @see https://learn.microsoft.com/graph/api/application-removepassword
 */
export function installPasswordRoutes(app: SimulatorApp): void {
  const path = versions + "/applications/:id";

  app.post(`${path}/addPassword`, (c) => {
    const { call, found: application } = writableInPath(c, findApplication);
    const body = c.var.request.body.text === "" ? {} : call.body;
    const { record, shown } = newPassword(
      call.tenant,
      application.createdDateTime,
      body["passwordCredential"] ?? {},
      call.state.now(),
    );
    application.passwordCredentials.push(record);
    call.state.touch();
    return c.json({
      "@odata.context": call.context("microsoft.graph.passwordCredential"),
      ...shown,
    });
  });

  app.post(`${path}/removePassword`, (c) => {
    const { call, found: application } = writableInPath(c, findApplication);
    const keyId = requiredGuid(call.body, "keyId", "PasswordCredential");
    const kept = application.passwordCredentials.filter((one) => one.keyId !== keyId);
    if (kept.length === application.passwordCredentials.length) {
      throw graphErrors.badRequest(`No password credential found with keyId ${keyId}.`);
    }
    application.passwordCredentials = kept;
    return call.changed();
  });
}
