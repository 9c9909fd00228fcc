import { X509Certificate } from "node:crypto";
import { compactVerify, decodeJwt } from "jose";
import type { SimulatorApp, SimulatorContext } from "../../http/context";
import { asText } from "../../json";
import type {
  ApplicationRecord,
  KeyCredentialRecord,
  ServicePrincipalRecord,
} from "../../state/entities";
import { authenticate } from "../authorization";
import { requiredGuid, requiredText } from "../body";
import { GraphCall, versions } from "../call";
import { enforceKeyPolicy } from "../credentialPolicy";
import { graphErrors } from "../errors";
import { replaceKeyCredentials } from "../keyCredentials";
import { findApplication, findInPath, findServicePrincipal, writableInPath } from "../lookup";
import { presentKey } from "../present";

type KeyHolder = ApplicationRecord | ServicePrincipalRecord;

/** Azure AD Graph, to which a proof is addressed still. */
const proofAudience = "00000002-0000-0000-c000-000000000000";
const longestProofSeconds = 10 * 60;
const clockSkew = 300;

/**
 * Certificates that an application or service principal rolls itself, with a proof that it holds the
 * private key of one that is valid. Its own it may roll without any permission.
 *
 * @see https://learn.microsoft.com/graph/api/application-addkey
 * @see https://learn.microsoft.com/graph/application-rollkey-prooftoken
 */
export function installKeyRoutes(app: SimulatorApp): void {
  const holders = [
    { path: "/applications", find: findApplication },
    { path: "/servicePrincipals", find: findServicePrincipal },
  ] as const;
  for (const { path, find } of holders) {
    app.post(`${versions}${path}/:id/addKey`, async (c) => {
      const { call, holder } = await provenHolder(c, find);
      const kept = holder.keyCredentials.map(({ keyId }) => ({ keyId }));
      const keys = replaceKeyCredentials(
        holder.keyCredentials,
        [...kept, call.body["keyCredential"] ?? null],
        call.state.now(),
        (added) => {
          if ("federatedCredentials" in holder) {
            enforceKeyPolicy(call.tenant, holder, added);
          }
        },
      );
      holder.keyCredentials = keys;
      call.state.touch();
      return c.json({
        "@odata.context": call.context("microsoft.graph.keyCredential"),
        ...presentKey(keys.at(-1)!, false),
      });
    });

    app.post(`${versions}${path}/:id/removeKey`, async (c) => {
      const { call, holder } = await provenHolder(c, find);
      const keyId = requiredGuid(call.body, "keyId", "KeyCredential");
      const kept = holder.keyCredentials.filter((one) => one.keyId !== keyId);
      if (kept.length === holder.keyCredentials.length) {
        throw graphErrors.badRequest(`No key credential found with keyId ${keyId}.`);
      }
      holder.keyCredentials = kept;
      return call.changed();
    });
  }
}

/** What the path names, if the caller may write it or is it, and has proven to hold one of its keys. */
async function provenHolder(
  c: SimulatorContext,
  find: (call: GraphCall, key: string) => KeyHolder | undefined,
): Promise<{ call: GraphCall; holder: KeyHolder }> {
  const own = new GraphCall(c, authenticate(c));
  const named = findInPath(own, find);
  const { call, found } =
    named.appId === own.caller.appId ? { call: own, found: named } : writableInPath(c, find);
  const proof = requiredText(call.body, "proof", "KeyCredential");
  if (!(await isProof(proof, found, call.state.now()))) {
    throw graphErrors.proofInvalid();
  }
  return { call, holder: found };
}

async function isProof(
  text: string,
  { id, keyCredentials }: KeyHolder,
  now: Date,
): Promise<boolean> {
  const seconds = now.getTime() / 1000;
  try {
    const { aud, iss, nbf = Number.NaN, exp = Number.NaN } = decodeJwt(text);
    const inTime =
      nbf <= seconds + clockSkew && exp >= seconds - clockSkew && exp - nbf <= longestProofSeconds;
    if (aud !== proofAudience || asText(iss ?? null).toLowerCase() !== id || !inTime) {
      return false;
    }
  } catch {
    return false;
  }
  const valid = keyCredentials.filter(
    (key) => new Date(key.startDateTime) <= now && new Date(key.endDateTime) >= now,
  );
  const verified = await Promise.all(valid.map((key) => isSignedBy(text, key)));
  return verified.includes(true);
}

async function isSignedBy(text: string, { key }: KeyCredentialRecord): Promise<boolean> {
  const { publicKey } = new X509Certificate(Buffer.from(key, "base64"));
  return compactVerify(text, publicKey).then(
    () => true,
    () => false,
  );
}
