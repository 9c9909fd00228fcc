import { randomUUID } from "node:crypto";
import {
  refuseLengthOutside,
  refuseOtherThan,
  refuseOtherThanTime,
  refuseOtherThanUuid,
} from "../../pluginProtocol/schema";
import { items, type Properties, text, withoutBookkeeping } from "../../pluginProtocol/values";
import { type Fields, fromGraph, toGraph } from "./fields";
import type { Graph, Json } from "./graph";
import {
  attempt,
  runInTurn,
  ignoreGone,
  madeResource,
  removeAndWait,
  requireFound,
  type Resource,
  segment,
  readSteady,
} from "./resource";

const applicationId = { type: "text", required: true, forceNew: true } as const;

/** @see https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services/applications/application_certificate_resource.go */
export const applicationCertificate: Resource = {
  token: "azuread:index/applicationCertificate:ApplicationCertificate",
  schema: {
    applicationId,
    encoding: {
      type: "text",
      forceNew: true,
      default: "pem",
      refuse: refuseOtherThan("base64", "hex", "pem"),
    },
    endDate: { type: "text", forceNew: true, computed: true, refuse: refuseOtherThanTime },
    endDateRelative: { type: "text", forceNew: true },
    keyId: { type: "text", forceNew: true, computed: true, refuse: refuseOtherThanUuid },
    startDate: { type: "text", forceNew: true, computed: true, refuse: refuseOtherThanTime },
    type: {
      type: "text",
      forceNew: true,
      refuse: refuseOtherThan("AsymmetricX509Cert", "Symmetric"),
    },
    value: { type: "text", required: true, forceNew: true },
  },

  async create(graph, inputs) {
    const objectId = segment(text(inputs, "applicationId"), "applications");
    const keyId = text(inputs, "keyId") || randomUUID();
    const credential = keyCredential(inputs, keyId);
    return runInTurn(objectId, async () => {
      const what = `Adding certificate for Application (Application: "${objectId}")`;
      await attempt(what, () => changeKeys(graph, objectId, (keys) => [...keys, credential]));
      await readSteady(
        5,
        async () => (await findKey(graph, objectId, keyId)) !== undefined,
        "Waiting for certificate credential",
      );
      const id = `${objectId}/certificate/${keyId}`;
      return madeResource(applicationCertificate, graph, id, inputs);
    });
  },

  async read(graph, id, known) {
    const [objectId = "", , keyId = ""] = id.split("/");
    // An application that is gone is an error here, and not a certificate that is gone.
    const found = await attempt(`Retrieving Application (Application: "${objectId}")`, () =>
      findKey(graph, objectId, keyId),
    );
    return found === undefined
      ? undefined
      : {
          ...(withoutBookkeeping(known) as Properties),
          applicationId: `/applications/${objectId}`,
          endDate: text(found, "endDateTime"),
          keyId,
          startDate: text(found, "startDateTime"),
          type: text(found, "type"),
        };
  },

  async delete(graph, id) {
    const [objectId = "", , keyId = ""] = id.split("/");
    await runInTurn(objectId, async () => {
      await attempt(
        `Removing certificate credential "${keyId}" from application with object ID "${objectId}"`,
        () => changeKeys(graph, objectId, (keys) => keys.filter((key) => !sameId(key, keyId))),
      );
      await readSteady(
        5,
        async () => (await findKey(graph, objectId, keyId)) === undefined,
        `Waiting for deletion of certificate credential "${keyId}"`,
      );
    });
  },
};

function keyCredential(inputs: Properties, keyId: string): Json {
  const date = (key: string) => text(inputs, key).replace(/\.\d+/, "");
  return {
    endDateTime: date("endDate") || undefined,
    key: encodedKey(text(inputs, "encoding"), text(inputs, "value")),
    keyId,
    startDateTime: date("startDate") || undefined,
    type: text(inputs, "type"),
    usage: "Verify",
  };
}

/** The official plugin always sends the base64 of a PEM text. */
function encodedKey(encoding: string, value: string): string {
  if (encoding === "pem") {
    return Buffer.from(value).toString("base64");
  }
  const der = Buffer.from(value.trim(), encoding === "hex" ? "hex" : "base64").toString("base64");
  const lines = der.match(/.{1,64}/g)?.join("\n") ?? "";
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`).toString(
    "base64",
  );
}

async function changeKeys(
  graph: Graph,
  objectId: string,
  change: (keys: Json[]) => Json[],
): Promise<void> {
  const path = `/v1.0/applications/${objectId}`;
  const existing = items(await graph.get(path), "keyCredentials");
  await graph.send({
    method: "PATCH",
    path,
    retries: 14,
    body: {
      "@odata.type": "#microsoft.graph.application",
      id: objectId,
      keyCredentials: change(existing),
    },
  });
}

async function findKey(graph: Graph, objectId: string, keyId: string): Promise<Json | undefined> {
  const found = await graph.get(`/v1.0/applications/${objectId}`);
  return items(found, "keyCredentials").find((key) => sameId(key, keyId));
}

function sameId(key: Json, keyId: string): boolean {
  return text(key, "keyId").toLowerCase() === keyId.toLowerCase();
}

const federatedFields: Fields = {
  audiences: { type: "list", required: true, graph: "audiences" },
  credentialId: { type: "text", outputOnly: true, graph: "id" },
  description: { type: "text", graph: "description" },
  displayName: {
    type: "text",
    required: true,
    forceNew: true,
    refuse: refuseLengthOutside(1, 120),
    graph: "name",
  },
  issuer: { type: "text", required: true, graph: "issuer" },
  subject: { type: "text", required: true, graph: "subject" },
};

/** @see https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services/applications/application_federated_identity_credential_resource.go */
export const applicationFederatedIdentityCredential: Resource = {
  token:
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
  schema: { applicationId, ...federatedFields },

  async create(graph, inputs) {
    const objectId = segment(text(inputs, "applicationId"), "applications");
    const path = `/v1.0/applications/${objectId}`;
    return runInTurn(objectId, async () => {
      await attempt(`retrieving Application (Application: "${objectId}")`, () => graph.get(path));
      const created = await attempt(
        `Adding federated identity credential for Application (Application: "${objectId}")`,
        () =>
          graph.send({
            method: "POST",
            path: `${path}/federatedIdentityCredentials`,
            retries: 14,
            body: federatedBody(inputs),
          }),
      );
      const credentialId = text(created, "id");
      const at = `${path}/federatedIdentityCredentials/${credentialId}`;
      await readSteady(
        5,
        async () => (await ignoreGone(() => graph.get(at))) !== undefined,
        "Waiting for federated identity credential",
      );
      const id = `${objectId}/federatedIdentityCredential/${credentialId}`;
      return madeResource(applicationFederatedIdentityCredential, graph, id, inputs);
    });
  },

  async read(graph, id) {
    const found = await attempt(`Retrieving federated identity credential ${id}`, () =>
      ignoreGone(() => graph.get(federatedPath(id))),
    );
    const [objectId = ""] = id.split("/");
    return (
      found && {
        applicationId: `/applications/${objectId}`,
        ...fromGraph(federatedFields, found),
      }
    );
  },

  async update(graph, id, _state, inputs) {
    const [objectId = "", , credentialId = ""] = id.split("/");
    return runInTurn(objectId, async () => {
      await attempt(`Updating federated identity credential with ID "${credentialId}"`, () =>
        graph.send({
          method: "PATCH",
          path: federatedPath(id),
          body: { ...federatedBody(inputs), id: credentialId },
        }),
      );
      return requireFound(await applicationFederatedIdentityCredential.read(graph, id, inputs));
    });
  },

  async delete(graph, id) {
    const [objectId = ""] = id.split("/");
    const what = `federated identity credential ${id}`;
    await runInTurn(objectId, () =>
      removeAndWait(
        graph,
        federatedPath(id),
        `Removing ${what}`,
        `Waiting for deletion of ${what}`,
      ),
    );
  },
};

function federatedPath(id: string): string {
  const [objectId = "", , credentialId = ""] = id.split("/");
  return `/v1.0/applications/${objectId}/federatedIdentityCredentials/${credentialId}`;
}

function federatedBody(inputs: Properties): Json {
  return {
    "@odata.type": "#microsoft.graph.federatedIdentityCredential",
    ...toGraph(federatedFields, inputs),
  };
}
