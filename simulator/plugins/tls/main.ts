import { readFileSync } from "node:fs";
import { check } from "../protocol/check";
import { diff } from "../protocol/diff";
import { plannedState, updatedState } from "../protocol/plan";
import type { Schema } from "../protocol/schema";
import { serve } from "../protocol/server";
import type { Properties } from "../protocol/values";
import { createPrivateKey, privateKeySchema } from "./privateKey";
import { createSelfSignedCert, isReadyForRenewal, selfSignedCertSchema } from "./selfSignedCert";

interface TlsResource {
  readonly schema: Schema;
  readonly create: (inputs: Properties) => { id: string; state: Properties };
}

const selfSignedCert = "tls:index/selfSignedCert:SelfSignedCert";

const resources: Readonly<Record<string, TlsResource>> = {
  "tls:index/privateKey:PrivateKey": { schema: privateKeySchema, create: createPrivateKey },
  [selfSignedCert]: {
    schema: selfSignedCertSchema,
    create: (inputs) => createSelfSignedCert(inputs, new Date()),
  },
};

function resourceOf(token: string): TlsResource {
  const resource = resources[token];
  if (resource === undefined) {
    throw new Error(
      `The stand-in for the tls plugin does not know ${token}. Install the official plugin: pulumi plugin install resource tls.`,
    );
  }
  return resource;
}

function versionOfPackage(): string {
  const file = require.resolve("@pulumi/tls/package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

void serve({
  name: "tls",
  version: versionOfPackage(),

  configure: () => Promise.resolve(),
  check: (token, inputs) => check(resourceOf(token).schema, inputs),
  diff(token, state, inputs) {
    const changes = diff(resourceOf(token).schema, state, inputs);
    // As in the official plugin, an expired certificate is replaced by the next update.
    return token === selfSignedCert && isReadyForRenewal(state, inputs, new Date())
      ? [...changes, { path: "readyForRenewal", kind: "update", replace: true }]
      : changes;
  },
  create(token, inputs, preview) {
    const { schema, create } = resourceOf(token);
    return Promise.resolve(
      preview ? { id: "", state: plannedState(schema, inputs) } : create(inputs),
    );
  },
  read(token, id, state, inputs) {
    if (Object.keys(state).length === 0) {
      throw new Error(`${token} cannot be imported: nothing but the state knows its key.`);
    }
    const now = new Date();
    const read =
      token === selfSignedCert
        ? { ...state, readyForRenewal: isReadyForRenewal(state, inputs, now) }
        : state;
    return Promise.resolve({ id, state: read, inputs });
  },
  update: (token, _id, state, inputs) =>
    Promise.resolve(updatedState(resourceOf(token).schema, state, inputs)),
  delete: () => Promise.resolve(),
  invoke(token) {
    throw new Error(`The stand-in for the tls plugin does not know ${token}.`);
  },
});
