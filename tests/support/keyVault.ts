import { createHash, X509Certificate } from "node:crypto";
import { createServer as createPlainServer, type IncomingMessage, type Server } from "node:http";
import { createServer, type Server as TlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { Faults } from "./loopback";
import { type MadeCertificate, makeCertificate } from "./certificates";
import { forge } from "./nodeForge";

/** One version of a certificate, as the vault keeps it. */
export interface VaultVersion {
  readonly version: string;
  readonly der: Buffer;
  readonly privateKeyPem: string;
  readonly exportable: boolean;
  readonly contentType: string;
  readonly tags: Readonly<Record<string, string>>;
  enabled: boolean;
}

/**
 * A stand-in of Azure Key Vault, as far as certificates and the secrets behind them go, under the
 * real name of a vault: https on loopback with a certificate for that name, reached through a proxy
 * as `HTTPS_PROXY` names one. A token is asked for by the vault's challenge, and answered by a
 * stand-in of a managed identity.
 */
export interface KeyVault {
  readonly vaultUrl: string;
  /** Certificate to trust, PEM. */
  readonly caCertificatePem: string;
  readonly proxyUrl: string;
  /** Port on loopback, for another proxy. */
  readonly port: number;
  /** Address and header of the managed identity, as App Service hands them to a process. */
  readonly identityEndpoint: string;
  readonly identityHeader: string;
  readonly token: string;
  readonly faults: Faults;
  /** Method and path of each request; host and port of each connection. */
  readonly requests: string[];
  /** Requests that the stand-in does not know. */
  readonly unknown: string[];
  readonly connections: string[];
  /** Bodies of the imports, to be looked at. */
  readonly imports: Record<string, unknown>[];
  /** By name, the newest last. */
  readonly certificates: Map<string, VaultVersion[]>;
  /** Names that were deleted and can be recovered. */
  readonly deleted: Set<string>;
  close(): Promise<void>;
}

/** The tenant that the challenge names. */
const tenantId = "99999999-8888-4777-8666-555555555555";

export async function startKeyVault(host = "contoso.vault.azure.net"): Promise<KeyVault> {
  const resource = `https://${host.slice(host.indexOf(".") + 1)}`;
  const tls = certificateFor(host);
  const state = {
    vaultUrl: `https://${host}`,
    caCertificatePem: tls.certificatePem,
    token: "a-token-of-this-vault",
    identityHeader: "a-header-of-this-identity",
    faults: new Faults(),
    requests: [] as string[],
    unknown: [] as string[],
    connections: [] as string[],
    imports: [] as Record<string, unknown>[],
    certificates: new Map<string, VaultVersion[]>(),
    deleted: new Set<string>(),
  };

  const answer = getRequestListener(vaultApp(state, resource).fetch);
  const vault = createServer(
    { key: tls.privateKeyPem, cert: tls.certificatePem },
    (...exchange) => {
      void answer(...exchange);
    },
  );
  const vaultPort = await listen(vault);
  const tunnels = new Set<() => void>();
  const proxy = createPlainServer((_, response) => response.writeHead(405).end());
  proxy.on("connect", (request: IncomingMessage, socket, head: Buffer) => {
    const asked = request.url ?? "";
    state.connections.push(asked);
    if (asked !== `${host}:443`) {
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const tunnel = connect(vaultPort, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      tunnel.write(head);
      tunnel.pipe(socket);
      socket.pipe(tunnel);
    });
    const end = () => {
      tunnel.destroy();
      socket.destroy();
    };
    tunnels.add(end);
    tunnel.on("error", end);
    socket.on("error", end);
  });
  const proxyPort = await listen(proxy);
  const identity = createPlainServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
    const fits =
      pathname === "/msi/token" &&
      request.headers["x-identity-header"] === state.identityHeader &&
      searchParams.get("resource") === resource;
    response.writeHead(fits ? 200 : 400, { "content-type": "application/json" }).end(
      JSON.stringify(
        fits
          ? {
              access_token: state.token,
              expires_on: String(Math.floor(Date.now() / 1000) + 3600),
              resource,
              token_type: "Bearer",
            }
          : { statusCode: 400, message: "The request is not one of a managed identity." },
      ),
    );
  });
  const identityPort = await listen(identity);
  return {
    ...state,
    proxyUrl: `http://127.0.0.1:${proxyPort}`,
    port: vaultPort,
    identityEndpoint: `http://127.0.0.1:${identityPort}/msi/token`,
    close: async () => {
      // A server no longer knows the connections that became tunnels.
      tunnels.forEach((end) => end());
      await Promise.all([vault, proxy, identity].map(stop));
    },
  };
}

type VaultState = Pick<
  KeyVault,
  "vaultUrl" | "token" | "faults" | "requests" | "unknown" | "imports" | "certificates" | "deleted"
>;

function vaultApp(state: VaultState, resource: string): Hono {
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
      return failure(
        409,
        "Conflict",
        `Certificate ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the certificate can only be recovered or purged.`,
        {},
        { code: "ObjectIsDeletedButRecoverable" },
      );
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
      version: createHash("md5").update(`${name}${versions.length}`).digest("hex"),
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

/** An error as Key Vault words it. */
export function failure(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
  innererror?: Record<string, unknown>,
): Response {
  return new Response(JSON.stringify({ error: { code, message, innererror } }), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
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
      issuer: { name: "Unknown" },
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

/** A certificate of its own for one host name. */
function certificateFor(host: string): MadeCertificate {
  return makeCertificate({
    commonName: host,
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: host }] },
    ],
  });
}

async function listen(server: Server | TlsServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function stop(server: Server | TlsServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
