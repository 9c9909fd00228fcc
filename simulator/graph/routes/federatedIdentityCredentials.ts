import { randomUUID } from "node:crypto";
import type { Caller, SimulatorApp, SimulatorContext } from "../../http/context";
import { isJsonObject, type Json, type JsonObject } from "../../json";
import type { ApplicationRecord, FederatedCredentialRecord } from "../../state/entities";
import { authorize, authorizeWrite, readApplications, writeApplications } from "../authorization";
import { jsonBody, requiredText } from "../body";
import { graphErrors } from "../errors";
import { applicationInPath } from "../lookup";
import { presentFederatedCredential } from "../present";
import { apiVersion, entity, filtered, list } from "../query";

const resource = "FederatedIdentityCredential";

/**
 * Federated identity credentials of an application.
 *
 * @see https://learn.microsoft.com/graph/api/resources/federatedidentitycredentials-overview
 */
export function installFederatedCredentialRoutes(app: SimulatorApp, version: string): void {
  const path = `/${version}/applications/:id/federatedIdentityCredentials`;
  const context = (id: string) => `applications('${id}')/federatedIdentityCredentials`;

  app.get(path, (c) => {
    const caller = authorize(c, readApplications);
    const application = applicationInPath(c, caller);
    const found = filtered(c, application.federatedCredentials, {
      id: ({ id }) => id,
      issuer: ({ issuer }) => issuer,
      name: ({ name }) => name,
      subject: ({ subject }) => subject,
    });
    return list(
      c,
      context(application.id),
      found.map((one) => presentFederatedCredential(one, apiVersion(c))),
    );
  });

  app.post(path, (c) => {
    const { caller, application } = writable(c);
    const credential = create(c, application);
    application.federatedCredentials = [...application.federatedCredentials, credential];
    caller.tenant.state.touch();
    const shown = presentFederatedCredential(credential, apiVersion(c));
    return entity(c, context(application.id), shown, 201);
  });

  app.get(`${path}/:credential`, (c) => {
    const caller = authorize(c, readApplications);
    const application = applicationInPath(c, caller);
    const shown = presentFederatedCredential(credentialInPath(c, application), apiVersion(c));
    return entity(c, context(application.id), shown);
  });

  app.patch(`${path}/:credential`, (c) => {
    const { caller, application } = writable(c);
    const credential = credentialInPath(c, application);
    Object.assign(credential, update(c, application, credential));
    caller.tenant.state.touch();
    return c.body(null, 204);
  });

  app.delete(`${path}/:credential`, (c) => {
    const { caller, application } = writable(c);
    const credential = credentialInPath(c, application);
    application.federatedCredentials = application.federatedCredentials.filter(
      (one) => one !== credential,
    );
    caller.tenant.state.touch();
    return c.body(null, 204);
  });
}

function writable(c: SimulatorContext): { caller: Caller; application: ApplicationRecord } {
  const caller = authorize(c, writeApplications);
  const application = applicationInPath(c, caller);
  authorizeWrite(caller, application);
  return { caller, application };
}

/** The credential in the path, by its id or its name. */
function credentialInPath(
  c: SimulatorContext,
  { federatedCredentials }: ApplicationRecord,
): FederatedCredentialRecord {
  const key = c.req.param("credential") ?? "";
  const found = federatedCredentials.find(({ id, name }) => id === key || name === key);
  if (found === undefined) {
    throw graphErrors.notFound(key);
  }
  return found;
}

function create(c: SimulatorContext, application: ApplicationRecord): FederatedCredentialRecord {
  const body = jsonBody(c);
  const name = requiredText(body, "name", resource);
  const issuer = requiredText(body, "issuer", resource);
  if (application.federatedCredentials.length >= 20) {
    throw graphErrors.badRequest(
      "The number of federated identity credentials on the application exceeds the limit of 20.",
    );
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(name)) {
    throw graphErrors.invalidValue("name", resource);
  }
  if (application.federatedCredentials.some((one) => one.name === name)) {
    throw graphErrors.sameValueExists("name");
  }
  const credential: FederatedCredentialRecord = {
    id: randomUUID(),
    name,
    issuer: checkedIssuer(issuer),
    description: optionalText(body, "description"),
    audiences: checkedAudiences(body["audiences"]),
    ...checkedSubject(c, body),
  };
  checkUnique(application, credential);
  return credential;
}

function update(
  c: SimulatorContext,
  application: ApplicationRecord,
  credential: FederatedCredentialRecord,
): FederatedCredentialRecord {
  const body = jsonBody(c);
  if (body["name"] !== undefined && body["name"] !== credential.name) {
    throw graphErrors.readOnlyProperty("name", resource);
  }
  const updated: FederatedCredentialRecord = {
    ...credential,
    ...(body["issuer"] === undefined
      ? {}
      : { issuer: checkedIssuer(requiredText(body, "issuer", resource)) }),
    ...(body["description"] === undefined
      ? {}
      : { description: optionalText(body, "description") }),
    ...(body["audiences"] === undefined ? {} : { audiences: checkedAudiences(body["audiences"]) }),
    ...(body["subject"] === undefined && body["claimsMatchingExpression"] === undefined
      ? {}
      : checkedSubject(c, body)),
  };
  checkUnique(application, updated);
  return updated;
}

function checkedIssuer(issuer: string): string {
  if (!URL.canParse(issuer) || !["http:", "https:"].includes(new URL(issuer).protocol)) {
    throw graphErrors.invalidValue("issuer", resource);
  }
  return issuer;
}

/** Exactly one audience is allowed. */
function checkedAudiences(value: Json | undefined): string[] {
  if (!Array.isArray(value) || value.length !== 1 || typeof value[0] !== "string") {
    throw graphErrors.invalidValue("audiences", resource);
  }
  return [value[0]];
}

/** A subject, or in beta an expression instead of it. */
function checkedSubject(
  c: SimulatorContext,
  body: JsonObject,
): Pick<FederatedCredentialRecord, "subject" | "claimsMatchingExpression"> {
  const expression = body["claimsMatchingExpression"];
  if (isJsonObject(expression) && apiVersion(c) === "beta") {
    if (typeof body["subject"] === "string") {
      throw graphErrors.badRequest(
        "The properties 'subject' and 'claimsMatchingExpression' are mutually exclusive.",
      );
    }
    const value = requiredText(expression, "value", resource);
    const languageVersion = Number(expression["languageVersion"] ?? 1);
    return { subject: null, claimsMatchingExpression: { value, languageVersion } };
  }
  if (expression !== undefined && expression !== null) {
    throw graphErrors.invalidProperty("claimsMatchingExpression");
  }
  return { subject: requiredText(body, "subject", resource), claimsMatchingExpression: null };
}

/** Issuer and subject together must be unique on the application. */
function checkUnique(application: ApplicationRecord, credential: FederatedCredentialRecord): void {
  const taken = application.federatedCredentials.some(
    (one) =>
      one.id !== credential.id &&
      one.issuer === credential.issuer &&
      one.subject !== null &&
      one.subject === credential.subject,
  );
  if (taken) {
    throw graphErrors.badRequest(
      "FederatedIdentityCredential with given issuer and subject already exists.",
    );
  }
}

function optionalText(body: JsonObject, name: string): string | null {
  const value = body[name];
  return typeof value === "string" && value !== "" ? value : null;
}
