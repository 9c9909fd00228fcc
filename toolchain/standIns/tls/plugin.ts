import { check } from "../../pluginProtocol/check";
import { diff, type PropertyChange } from "../../pluginProtocol/diff";
import { packageVersion } from "../../pluginProtocol/packageVersion";
import { plannedState, updatedState } from "../../pluginProtocol/plan";
import type { Schema } from "../../pluginProtocol/schema";
import type { Plugin } from "../../pluginProtocol/server";
import type { Properties } from "../../pluginProtocol/values";
import {
  createPrivateKey,
  type MakePrivateKey,
  makePrivateKey,
  privateKeySchema,
} from "./privateKey";
import { createSelfSignedCert, isReadyForRenewal, selfSignedCertSchema } from "./selfSignedCert";

interface TlsResource {
  readonly schema: Schema;
  readonly create: (
    inputs: Properties,
    makeKey: MakePrivateKey,
  ) => { id: string; state: Properties };
  readonly diff: (state: Properties, inputs: Properties) => PropertyChange[];
}

const selfSignedCert = "tls:index/selfSignedCert:SelfSignedCert";

const tlsResources: Readonly<Record<string, TlsResource>> = {
  "tls:index/privateKey:PrivateKey": {
    schema: privateKeySchema,
    create: createPrivateKey,
    diff: diffPrivateKey,
  },
  [selfSignedCert]: {
    schema: selfSignedCertSchema,
    create: (inputs) => createSelfSignedCert(inputs, new Date()),
    diff: diffSelfSignedCert,
  },
};

/** A replaced key is another key in all its forms, which the official plugin lists too. */
function diffPrivateKey(state: Properties, inputs: Properties): PropertyChange[] {
  const changes = diff(privateKeySchema, state, inputs);
  if (changes.length === 0) {
    return [];
  }
  const outputs = Object.keys(privateKeySchema).filter((key) => privateKeySchema[key]?.outputOnly);
  return [
    ...changes,
    ...["id", ...outputs].map((path) => ({ path, kind: "update", replace: false }) as const),
  ];
}

/** An expired certificate is replaced by the next update; one that no longer counts so is updated. */
function diffSelfSignedCert(state: Properties, inputs: Properties): PropertyChange[] {
  const changes = diff(selfSignedCertSchema, state, inputs);
  const ready = isReadyForRenewal(state, inputs, new Date());
  return ready || state.readyForRenewal === true
    ? [...changes, { path: "readyForRenewal", kind: "update", replace: ready }]
    : changes;
}

function tlsType(token: string): TlsResource {
  const resource = tlsResources[token];
  if (resource === undefined) {
    throw new Error(
      `The stand-in for the tls plugin does not know ${token}. Install the official plugin: pulumi plugin install resource tls`,
    );
  }
  return resource;
}

/** The official plugin knows defaults when it plans, and leaves them out of the inputs. */
function completedInputs(token: string, inputs: Properties): Properties {
  return check(tlsType(token).schema, inputs).inputs;
}

/**
 * The stand-in for the tls plugin.
 *
 * @param makeKey What makes its keys.
 */
export const tlsPlugin = (makeKey = makePrivateKey): Plugin => ({
  name: "tls",
  version: packageVersion("@pulumi/tls"),
  detailedDiff: false,

  configure: () => Promise.resolve(),
  check(token, inputs) {
    const { failures } = check(tlsType(token).schema, inputs);
    return { inputs, failures };
  },
  diff: (token, state, inputs) => tlsType(token).diff(state, completedInputs(token, inputs)),
  create(token, inputs, preview) {
    const { schema, create } = tlsType(token);
    const complete = completedInputs(token, inputs);
    if (!preview) {
      return Promise.resolve(create(complete, makeKey));
    }
    const planned = plannedState(schema, complete);
    return Promise.resolve({
      id: "",
      state: token === selfSignedCert ? { ...planned, readyForRenewal: false } : planned,
    });
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
    Promise.resolve(updatedState(tlsType(token).schema, state, completedInputs(token, inputs))),
  delete: () => Promise.resolve(),
  invoke(token) {
    throw new Error(`The stand-in for the tls plugin does not know ${token}.`);
  },
});
