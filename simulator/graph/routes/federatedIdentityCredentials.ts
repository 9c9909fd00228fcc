import { randomUUID } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "../../json";
import type { ApplicationRecord, FederatedCredentialRecord } from "../../state/entities";
import { authorizeWrite, readApplications, writeApplications } from "../authorization";
import { requiredText } from "../body";
import type { GraphCall } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findApplication, findInPath } from "../lookup";
import { federatedCredentialType } from "../model/grantTypes";
import { presentFederatedCredential } from "../present";

const credentialType = "FederatedIdentityCredential";

const application = (call: GraphCall) => findInPath(call, findApplication);

/** The application in the path, which the caller may write. */
function writableApplication(call: GraphCall): ApplicationRecord {
  const found = application(call);
  authorizeWrite(call.caller, found);
  return found;
}

/** @see https://learn.microsoft.com/graph/api/resources/federatedidentitycredentials-overview */
export const federatedCredentials: EntitySet<FederatedCredentialRecord> = {
  paths: ["/applications/:id/federatedIdentityCredentials"],
  parameter: "credential",
  type: federatedCredentialType,
  setName: (call) => `applications('${application(call).id}')/federatedIdentityCredentials`,
  read: readApplications,
  write: writeApplications,
  all: (call) => application(call).federatedCredentials,
  find: (call, key) =>
    application(call).federatedCredentials.find(
      ({ id, name }) => id === key || [name, `name=${name}`].includes(key),
    ),
  show: ({ version }, credential) => presentFederatedCredential(credential, version),
  upsertBy: "name",
  create: (call) => {
    const owner = writableApplication(call);
    const credential = newCredential(call, owner);
    owner.federatedCredentials.push(credential);
    call.state.touch();
    return presentFederatedCredential(credential, call.version);
  },
  update: (call, credential) => {
    Object.assign(credential, updatedCredential(call, writableApplication(call), credential));
  },
  remove: (call, credential) => {
    const owner = writableApplication(call);
    owner.federatedCredentials = owner.federatedCredentials.filter((one) => one !== credential);
  },
};

function newCredential(
  { body, version }: GraphCall,
  owner: ApplicationRecord,
): FederatedCredentialRecord {
  const name = requiredText(body, "name", credentialType);
  const issuer = requiredText(body, "issuer", credentialType);
  if (owner.federatedCredentials.length >= 20) {
    throw graphErrors.badRequest(
      "The number of federated identity credentials on the application exceeds the limit of 20.",
    );
  }
  if (!/^[A-Za-z0-9][\w.~-]{2,119}$/.test(name)) {
    throw graphErrors.invalidValue("name", credentialType);
  }
  if (owner.federatedCredentials.some((one) => one.name === name)) {
    throw graphErrors.sameValueExists("name");
  }
  const credential: FederatedCredentialRecord = {
    id: randomUUID(),
    name,
    issuer: checkedIssuer(issuer),
    description: optionalText(body, "description"),
    audiences: checkedAudiences(body["audiences"]),
    ...checkedSubject(body, version),
  };
  checkUnique(owner, credential);
  return credential;
}

function updatedCredential(
  { body, version }: GraphCall,
  owner: ApplicationRecord,
  credential: FederatedCredentialRecord,
): FederatedCredentialRecord {
  if (body["name"] !== undefined && body["name"] !== credential.name) {
    throw graphErrors.readOnlyProperty("name", credentialType);
  }
  const updated: FederatedCredentialRecord = {
    ...credential,
    ...(body["issuer"] === undefined
      ? {}
      : { issuer: checkedIssuer(requiredText(body, "issuer", credentialType)) }),
    ...(body["description"] === undefined
      ? {}
      : { description: optionalText(body, "description") }),
    ...(body["audiences"] === undefined ? {} : { audiences: checkedAudiences(body["audiences"]) }),
    ...(body["subject"] === undefined && body["claimsMatchingExpression"] === undefined
      ? {}
      : checkedSubject(body, version)),
  };
  checkUnique(owner, updated);
  return updated;
}

function checkedIssuer(issuer: string): string {
  if (!URL.canParse(issuer) || !["http:", "https:"].includes(new URL(issuer).protocol)) {
    throw graphErrors.invalidValue("issuer", credentialType);
  }
  return issuer;
}

/** Exactly one audience is allowed. */
function checkedAudiences(value: Json | undefined): string[] {
  if (!Array.isArray(value) || value.length !== 1 || typeof value[0] !== "string") {
    throw graphErrors.invalidValue("audiences", credentialType);
  }
  return [value[0]];
}

/** A subject, or in beta an expression instead of it. */
function checkedSubject(
  body: JsonObject,
  version: GraphCall["version"],
): Pick<FederatedCredentialRecord, "subject" | "claimsMatchingExpression"> {
  const expression = body["claimsMatchingExpression"];
  if (isJsonObject(expression) && version === "beta") {
    if (typeof body["subject"] === "string") {
      throw graphErrors.badRequest(
        "The properties 'subject' and 'claimsMatchingExpression' are mutually exclusive.",
      );
    }
    const value = requiredText(expression, "value", credentialType);
    const languageVersion = Number(expression["languageVersion"] ?? 1);
    return { subject: null, claimsMatchingExpression: { value, languageVersion } };
  }
  if (expression !== undefined && expression !== null) {
    throw graphErrors.invalidProperty("claimsMatchingExpression");
  }
  return { subject: requiredText(body, "subject", credentialType), claimsMatchingExpression: null };
}

/** Issuer and subject together must be unique on the application. */
function checkUnique(owner: ApplicationRecord, credential: FederatedCredentialRecord): void {
  const taken = owner.federatedCredentials.some(
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
