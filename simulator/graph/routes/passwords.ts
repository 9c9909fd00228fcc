import type { SimulatorApp } from "../../http/context";
import type { JsonObject } from "../../json";
import { authorize, authorizeWrite, writeApplications } from "../authorization";
import { jsonBody, requiredGuid } from "../body";
import { graphErrors } from "../errors";
import { applicationInPath } from "../lookup";
import { newPassword } from "../passwordCredentials";

/**
 * Client secrets of applications.
 *
 * @see https://learn.microsoft.com/graph/api/application-addpassword
 * @see https://learn.microsoft.com/graph/api/application-removepassword
 */
export function installPasswordRoutes(app: SimulatorApp, version: string): void {
  app.post(`/${version}/applications/:id/addPassword`, (c) => {
    const caller = authorize(c, writeApplications);
    const application = applicationInPath(c, caller);
    authorizeWrite(caller, application);
    const { tenant } = caller;
    const body: JsonObject = c.var.request.body.text === "" ? {} : jsonBody(c);
    const { record, shown } = newPassword(
      tenant,
      application.createdDateTime,
      body["passwordCredential"] ?? {},
      tenant.state.now(),
    );
    application.passwordCredentials = [...application.passwordCredentials, record];
    tenant.state.touch();
    return c.json({
      "@odata.context": `${c.var.request.origin}/${version}/$metadata#microsoft.graph.passwordCredential`,
      ...shown,
    });
  });

  app.post(`/${version}/applications/:id/removePassword`, (c) => {
    const caller = authorize(c, writeApplications);
    const application = applicationInPath(c, caller);
    authorizeWrite(caller, application);
    const keyId = requiredGuid(jsonBody(c), "keyId", "PasswordCredential");
    if (!application.passwordCredentials.some((one) => one.keyId === keyId)) {
      throw graphErrors.badRequest(`No password credential found with keyId ${keyId}.`);
    }
    application.passwordCredentials = application.passwordCredentials.filter(
      (one) => one.keyId !== keyId,
    );
    caller.tenant.state.touch();
    return c.body(null, 204);
  });
}
