import { createHash, randomBytes, X509Certificate } from "node:crypto";
import { Hono } from "hono";
import { failure, recoverable } from "./keyVaultFailure";
import { installKeys, installMaking } from "./keyVaultKeys";
import type { VaultRight, VaultState, VaultVersion } from "./keyVaultState";
import { forge } from "./nodeForge";

/** The tenant that the challenge names. */
const tenantId = "99999999-8888-4777-8666-555555555555";

/** What the vault answers. */
export function vaultApp(state: VaultState, resource: string): Hono {
  const { vaultUrl, certificates, deleted } = state;
  const app = new Hono();
  app.use(async (c, next) => {
    const { pathname, searchParams } = new URL(c.req.url);
    state.requests.push(`${c.req.method} ${pathname}`);
    if (c.req.header("authorization") !== `Bearer ${state.token}`) {
      return failure(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.", {
        "www-authenticate": `Bearer authorization="https://login.microsoftonline.com/${tenantId}", resource="${resource}"`,
      });
    }
    if (!/^\d+\.\d+$|^20\d\d-\d\d-\d\d$/.test(searchParams.get("api-version") ?? "")) {
      return failure(400, "BadParameter", "api-version is missing or not supported.");
    }
    const right = rightFor(c.req.method, pathname);
    if (right !== undefined && state.denied.has(right)) {
      return forbidden(state, right, pathname);
    }
    const fault = state.faults.take(c.req.method, pathname);
    return fault === undefined || fault.answer === "drop" ? next() : fault.answer();
  });

  const current = (name: string) => certificates.get(name)?.at(-1);
  const missing = (name: string) =>
    failure(
      404,
      "CertificateNotFound",
      `A certificate with (name/id) ${name} was not found in this key vault.`,
    );
  // The SDK asks for the current version by an empty one.
  app.get("/certificates/:name/", (c) => {
    const name = c.req.param("name");
    const found = current(name);
    return found === undefined ? missing(name) : c.json(bundle(vaultUrl, name, found));
  });
  installMaking(app, state);
  installKeys(app, state);
  app.get("/deletedcertificates/:name", (c) => {
    const name = c.req.param("name");
    return deleted.has(name)
      ? c.json({ id: `${vaultUrl}/certificates/${name}/1`, attributes: {} })
      : missing(name);
  });
  app.post("/certificates/:name/import", async (c) => {
    const name = c.req.param("name");
    const body = await c.req.json<ImportBody>();
    state.imports.push({ ...body });
    if (deleted.has(name)) {
      return recoverable("Certificate", name);
    }
    const opened = openPfx(body.value ?? "", body.pwd ?? "");
    if (opened === undefined) {
      return failure(
        400,
        "BadParameter",
        "The specified PKCS#12 X.509 certificate content can not be read. Please check if certificate is in valid PKCS#12 format.",
      );
    }
    const versions = certificates.get(name) ?? [];
    const before = versions.at(-1);
    const added: VaultVersion = {
      version: randomBytes(16).toString("hex"),
      ...opened,
      // Without a policy an earlier one stays.
      exportable: body.policy?.key_props?.exportable ?? before?.exportable ?? true,
      contentType:
        body.policy?.secret_props?.contentType ?? before?.contentType ?? "application/x-pkcs12",
      enabled: body.attributes?.enabled ?? true,
      tags: body.tags ?? {},
    };
    certificates.set(name, [...versions, added]);
    return c.json(bundle(vaultUrl, name, added));
  });
  app.get("/secrets/:name/", (c) => {
    const name = c.req.param("name");
    const found = current(name);
    if (found === undefined) {
      return failure(404, "SecretNotFound", `A secret with (name/id) ${name} was not found.`);
    }
    return c.json({
      value: found.exportable ? withoutPassword(found) : "",
      contentType: found.contentType,
      id: `${vaultUrl}/secrets/${name}/${found.version}`,
      attributes: { enabled: found.enabled },
    });
  });
  app.notFound((c) => {
    state.unknown.push(`${c.req.method} ${c.req.path}`);
    return failure(501, "NotImplemented", `The stand-in has no ${c.req.method} ${c.req.path}`);
  });
  return app;
}

/** What a request needs, by its route; `undefined` where it needs nothing that is told apart here. */
function rightFor(method: string, path: string): VaultRight | undefined {
  const [, kind, , ...rest] = path.split("/");
  const last = rest.at(-1) ?? "";
  if (method === "GET") {
    return kind === "certificates" || kind === "keys" || kind === "secrets"
      ? `${kind}/get`
      : undefined;
  }
  if (kind === "keys") {
    return last === "create" || last === "sign" ? `keys/${last}` : undefined;
  }
  return last === "create" || last === "import" ? `certificates/${last}` : undefined;
}

/** A refusal by Azure's role-based access control. */
function forbidden(state: VaultState, right: VaultRight, path: string): Response {
  const [vault = ""] = new URL(state.vaultUrl).hostname.split(".");
  const resource = `/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/resourcegroups/rg/providers/microsoft.keyvault/vaults/${vault}${path}`;
  return failure(
    403,
    "Forbidden",
    `Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nCaller: appid=a;oid=o;iss=https://sts.windows.net/${tenantId}/\r\nAction: 'Microsoft.KeyVault/vaults/${right}/action'\r\nResource: '${resource}'\r\nAssignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: null \r\nVault: ${vault};location=westeurope\r\n`,
    {},
    { code: "ForbiddenByRbac" },
  );
}

interface ImportBody {
  value?: string;
  pwd?: string;
  tags?: Record<string, string>;
  attributes?: { enabled?: boolean };
  policy?: {
    key_props?: { exportable?: boolean };
    secret_props?: { contentType?: string };
  };
}

function bundle(vaultUrl: string, name: string, one: VaultVersion): Record<string, unknown> {
  const { version, der, exportable, contentType, enabled, tags } = one;
  const { validFromDate, validToDate } = new X509Certificate(der);
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
  return {
    id: `${vaultUrl}/certificates/${name}/${version}`,
    kid: `${vaultUrl}/keys/${name}/${version}`,
    sid: `${vaultUrl}/secrets/${name}/${version}`,
    x5t: createHash("sha1").update(der).digest("base64url"),
    cer: der.toString("base64"),
    attributes: { enabled, nbf: seconds(validFromDate), exp: seconds(validToDate) },
    tags,
    policy: {
      id: `${vaultUrl}/certificates/${name}/policy`,
      key_props: { exportable, kty: "RSA", key_size: 2048, reuse_key: false },
      secret_props: { contentType },
      issuer: one.policy?.issuer ?? { name: "Unknown" },
      ...(one.policy === undefined ? {} : { x509_props: one.policy.x509_props }),
    },
  };
}

/** Opens a PKCS #12 file, as the vault does to check it. */
function openPfx(
  value: string,
  password: string,
): Pick<VaultVersion, "der" | "privateKeyPem"> | undefined {
  try {
    const asn1 = forge.asn1.fromDer(forge.util.decode64(value));
    const container = forge.pkcs12.pkcs12FromAsn1(asn1, password);
    const bag = (type = "") => container.getBags({ bagType: type })[type]?.[0];
    const key = bag(forge.pki.oids.pkcs8ShroudedKeyBag)?.key;
    const certificate = bag(forge.pki.oids.certBag)?.cert;
    if (!key || !certificate) {
      return undefined;
    }
    const der = forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes();
    return { der: Buffer.from(der, "binary"), privateKeyPem: forge.pki.privateKeyToPem(key) };
  } catch {
    return undefined;
  }
}

/** The secret behind an exportable certificate: PKCS #12 with an empty password. */
function withoutPassword({ der, privateKeyPem }: VaultVersion): string {
  const certificate = forge.pki.certificateFromAsn1(forge.asn1.fromDer(der.toString("binary")));
  const key = forge.pki.privateKeyFromPem(privateKeyPem);
  const asn1 = forge.pkcs12.toPkcs12Asn1(key, [certificate], "", { algorithm: "3des" });
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), "binary").toString("base64");
}
