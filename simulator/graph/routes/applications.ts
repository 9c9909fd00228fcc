import type { Caller, SimulatorApp, SimulatorContext } from "../../http/context";
import { asText, type JsonObject } from "../../json";
import { applicationDefaults } from "../../state/newEntities";
import type { ApplicationRecord } from "../../state/entities";
import { applicationProperties, checkApplication } from "../applicationProperties";
import {
  authorize,
  authorizeWrite,
  mayWriteApplications,
  readApplications,
  writeApplications,
} from "../authorization";
import { jsonBody, referencedIds, requiredText } from "../body";
import { enforceDisabledFirst } from "../entitlements";
import { graphErrors } from "../errors";
import { replaceKeyCredentials } from "../keyCredentials";
import { applicationInPath } from "../lookup";
import { newPassword } from "../passwordCredentials";
import { presentApplication } from "../present";
import { mergeProperties } from "../properties";
import { entity, filtered, list, rejectUnknownOptions, selected } from "../query";

const betaOnly = ["oauth2RequirePostResponse"];

/**
 * App registrations.
 *
 * @see https://learn.microsoft.com/graph/api/resources/application
 */
export function installApplicationRoutes(app: SimulatorApp, version: string): void {
  app.post(`/${version}/applications`, (c) => {
    const caller = authorize(c, writeApplications);
    return entity(c, "applications", createApplication(c, caller), 201);
  });

  app.get(`/${version}/applications`, (c) => {
    const caller = authorize(c, readApplications);
    const found = filtered(c, caller.tenant.state.applications.all(), {
      appId: ({ appId }) => appId,
      displayName: ({ properties }) => properties.displayName,
      id: ({ id }) => id,
      signInAudience: ({ properties }) => properties.signInAudience,
      uniqueName: ({ properties }) => properties["uniqueName"] as string | null,
    });
    return list(
      c,
      "applications",
      found.map((one) => show(c, caller, one)),
    );
  });

  app.get(`/${version}/applications/:id`, (c) => {
    rejectUnknownOptions(c, ["$select"]);
    const caller = authorize(c, readApplications);
    return entity(c, "applications", show(c, caller, applicationInPath(c, caller)));
  });

  app.patch(`/${version}/applications/:id`, (c) => {
    const caller = authorize(c, writeApplications);
    const application = applicationInPath(c, caller);
    authorizeWrite(caller, application);
    updateApplication(c, caller, application);
    return c.body(null, 204);
  });

  app.delete(`/${version}/applications/:id`, (c) => {
    const caller = authorize(c, writeApplications);
    const application = applicationInPath(c, caller);
    authorizeWrite(caller, application);
    caller.tenant.state.deleteApplication(application);
    return c.body(null, 204);
  });
}

function show(c: SimulatorContext, caller: Caller, application: ApplicationRecord): JsonObject {
  // Key material is answered only where it was asked for by name.
  const withKeys = /\bkeyCredentials\b/i.test(c.req.query("$select") ?? "");
  return selected(c, presentApplication(caller.tenant, application, { withKeys }), {
    onlyWhenSelected: betaOnly,
    resource: "application",
  });
}

function createApplication(c: SimulatorContext, caller: Caller): JsonObject {
  const { tenant } = caller;
  const { state } = tenant;
  const { "owners@odata.bind": bound, keyCredentials, passwordCredentials, ...sent } = jsonBody(c);
  const displayName = requiredText(sent, "displayName", "Application");
  const properties = mergeProperties(applicationDefaults(), sent, applicationProperties);
  checkApplication(tenant, properties);
  const owners = [...new Set(referencedIds(bound))];
  for (const owner of owners) {
    if (state.directoryObject(owner) === undefined) {
      throw graphErrors.notFound(owner);
    }
  }
  if (owners.length > 20) {
    throw graphErrors.badRequest("Too many owners are specified: at most 20 can be bound.");
  }
  // Who may only manage what it owns owns what it makes; otherwise it could not go on.
  if (owners.length === 0 && mayWriteApplications(caller) === "owned") {
    owners.push(caller.objectId);
  }
  const now = state.now();
  const createdDateTime = now.toISOString();
  const keys =
    keyCredentials === undefined
      ? []
      : replaceKeyCredentials(tenant, { keyCredentials: [], createdDateTime }, keyCredentials, now);
  const passwords = (Array.isArray(passwordCredentials) ? passwordCredentials : []).map((one) =>
    newPassword(tenant, createdDateTime, one, now),
  );
  const application = state.addApplication(
    {
      properties: { ...properties, displayName },
      keyCredentials: keys,
      passwordCredentials: passwords.map(({ record }) => record),
      owners,
    },
    caller.appId,
  );
  const shown = presentApplication(tenant, application);
  return {
    ...Object.fromEntries(Object.entries(shown).filter(([name]) => !betaOnly.includes(name))),
    passwordCredentials: passwords.map(({ shown }) => shown),
  };
}

function updateApplication(
  c: SimulatorContext,
  caller: Caller,
  application: ApplicationRecord,
): void {
  const { tenant } = caller;
  const { id, keyCredentials, ...sent } = jsonBody(c);
  if (id !== undefined && asText(id).toLowerCase() !== application.id) {
    throw graphErrors.readOnlyProperty("id", "Application");
  }
  if (Array.isArray(sent["passwordCredentials"])) {
    throw graphErrors.badRequest(
      "Update of passwordCredentials is not supported. Use the addPassword and removePassword actions.",
    );
  }
  const properties = mergeProperties(application.properties, sent, applicationProperties);
  checkApplication(tenant, properties, application);
  enforceDisabledFirst(application.properties, properties);
  const keys =
    keyCredentials === undefined
      ? application.keyCredentials
      : replaceKeyCredentials(tenant, application, keyCredentials, tenant.state.now());
  application.properties = {
    ...properties,
    displayName: asText(properties["displayName"]),
    signInAudience: asText(properties["signInAudience"]),
  };
  application.keyCredentials = keys;
  tenant.state.touch();
}
