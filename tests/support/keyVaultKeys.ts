import { createPublicKey, randomBytes, X509Certificate } from "node:crypto";
import type { Hono } from "hono";
import { makeCertificate } from "./certificates";
import { failure, recoverable } from "./keyVaultFailure";
import type { CreateBody, KeyVersion, VaultState, VaultVersion } from "./keyVaultState";
import { rsaKey } from "./keys";
import { signedDigest } from "./signedDigest";

/**
 * Certificates that the vault makes itself: the request is taken, and a pending operation tells when it is
 * done. The newest version stays the one it was until then.
 *
 * @see https://learn.microsoft.com/azure/key-vault/certificates/create-certificate
 */
export function installMaking(app: Hono, state: VaultState): void {
  const { vaultUrl, certificates, deleted } = state;
  const pending = new Map<string, { body: CreateBody; left: number; target?: string }>();
  const operation = (name: string, status: string, target?: string) => ({
    id: `${vaultUrl}/certificates/${name}/pending`,
    issuer: { name: "Self" },
    cancellation_requested: false,
    status,
    request_id: "6c6f1a17ba5f4ab3a1c8cbd5bd3b2bd4",
    ...(target === undefined ? {} : { target }),
  });
  app.post("/certificates/:name/create", async (c) => {
    const name = c.req.param("name");
    if (deleted.has(name)) {
      return recoverable("Certificate", name);
    }
    const body = await c.req.json<CreateBody>();
    if (body.policy?.issuer?.name !== "Self") {
      return failure(400, "BadParameter", "The stand-in's only issuer is Self.");
    }
    pending.set(name, { body, left: state.pendingAnswers });
    return c.json(operation(name, "inProgress"), 202);
  });
  app.get("/certificates/:name/pending", (c) => {
    const name = c.req.param("name");
    const found = pending.get(name);
    if (found === undefined) {
      return failure(404, "PendingCertificateNotFound", "Pending certificate not found");
    }
    if (found.target === undefined && found.left > 0) {
      found.left -= 1;
      return c.json(operation(name, "inProgress"));
    }
    if (found.target === undefined) {
      found.target = `${vaultUrl}/certificates/${name}`;
      const versions = certificates.get(name) ?? [];
      certificates.set(name, [...versions, madeVersion(found.body)]);
    }
    return c.json(operation(name, "completed", found.target));
  });
}

/** As Self makes one: valid from ten minutes ago, for whole months. */
export function madeVersion({ policy }: CreateBody): VaultVersion {
  const end = new Date();
  end.setUTCMonth(end.getUTCMonth() + (policy?.x509_props?.validity_months ?? 12));
  const { certificatePem, privateKeyPem } = makeCertificate({
    commonName: /CN=([^,]+)/.exec(policy?.x509_props?.subject ?? "")?.[1] ?? "contoso.org",
    notBefore: new Date(Date.now() - 600_000),
    notAfter: end,
    keyBits: policy?.key_props?.key_size ?? 2048,
  });
  return {
    version: randomBytes(16).toString("hex"),
    der: new X509Certificate(certificatePem).raw,
    privateKeyPem,
    exportable: policy?.key_props?.exportable ?? true,
    contentType: "application/x-pkcs12",
    enabled: true,
    tags: {},
    policy,
  };
}

/** Keys: those behind certificates, and those that a managed HSM makes. */
export function installKeys(app: Hono, state: VaultState): void {
  const { vaultUrl, certificates, keys, deleted } = state;
  const versionsOf = (name: string) => [
    ...(certificates.get(name) ?? []),
    ...(keys.get(name) ?? []),
  ];
  const find = (name: string, version: string) =>
    version === ""
      ? versionsOf(name).at(-1)
      : versionsOf(name).find((one) => one.version === version);
  const missing = (name: string) =>
    failure(404, "KeyNotFound", `A key with (name/id) ${name} was not found in this key vault.`);
  const disabled = (operation: string) =>
    failure(
      403,
      "Forbidden",
      `Operation ${operation} is not allowed on a disabled key.`,
      {},
      { code: "KeyDisabled" },
    );
  const keyBundle = (name: string, { version, privateKeyPem, enabled }: KeyVersion) => {
    const { n, e } = createPublicKey(privateKeyPem).export({ format: "jwk" });
    const kid = `${vaultUrl}/keys/${name}/${version}`;
    const hsm = /\.managedhsm\./.test(vaultUrl);
    return {
      key: { kid, kty: hsm ? "RSA-HSM" : "RSA", key_ops: ["sign", "verify"], n, e },
      attributes: { enabled, exportable: false },
    };
  };
  app.post("/keys/:name/create", async (c) => {
    const name = c.req.param("name");
    if (deleted.has(name)) {
      return recoverable("Key", name);
    }
    const { key_size = 2048 } = await c.req.json<{ key_size?: number }>();
    const privateKeyPem = rsaKey(key_size).export({ type: "pkcs8", format: "pem" }).toString();
    const added = { version: randomBytes(16).toString("hex"), privateKeyPem, enabled: true };
    keys.set(name, [...(keys.get(name) ?? []), added]);
    return c.json(keyBundle(name, added));
  });
  app.get("/keys/:name/:version?", (c) => {
    const name = c.req.param("name");
    const found = find(name, c.req.param("version") ?? "");
    if (found === undefined) {
      return missing(name);
    }
    return found.enabled ? c.json(keyBundle(name, found)) : disabled("get");
  });
  app.get("/keys/:name/", (c) => {
    const found = find(c.req.param("name"), "");
    return found === undefined
      ? missing(c.req.param("name"))
      : c.json(keyBundle(c.req.param("name"), found));
  });
  app.post("/keys/:name/:version/sign", async (c) => {
    const { name, version } = c.req.param();
    const found = find(name, version);
    if (found === undefined) {
      return missing(name);
    }
    if (!found.enabled) {
      return disabled("sign");
    }
    const { alg, value } = await c.req.json<{ alg: string; value: string }>();
    const digest = Buffer.from(value, "base64url");
    if ((alg !== "RS256" && alg !== "PS256") || digest.length !== 32) {
      return failure(400, "BadParameter", "Property has invalid value.");
    }
    return c.json({
      kid: `${vaultUrl}/keys/${name}/${version}`,
      value: signedDigest(found.privateKeyPem, alg, digest).toString("base64url"),
    });
  });
}
