import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/**
 * HashiCorp Vault's transit engine, as far as Pulumi's secrets provider asks it: it keeps the key of
 * a stack's secrets. The key that Pulumi derives of a passphrase instead takes a fifth of a second
 * in every start of the CLI, more than all it does else.
 *
 * @see https://developer.hashicorp.com/vault/api-docs/secret/transit
 * @see https://www.pulumi.com/docs/iac/concepts/secrets/#hashicorp-vault-transit-secrets-engine
 */
export interface VaultTransit {
  /** For `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: string;
  /** Points the CLI at it. */
  readonly environment: Readonly<Record<string, string>>;
  close(): void;
}

/** What is asked for, of one operation or the other. */
interface TransitRequest {
  readonly plaintext?: string;
  readonly ciphertext?: string;
}

/** How a Vault begins what it has encrypted, with the version of its key. */
const version = "vault:v1:";

/**
 * The key of a stack's secrets, in a state that it gave this stand-in to encrypt.
 *
 * @param encrypted As the state has it; nothing where another provider keeps the key.
 */
export function dataKeyOf(encrypted: string | undefined): Buffer | undefined {
  const text = Buffer.from(encrypted ?? "", "base64").toString();
  return text.startsWith(version) ? Buffer.from(text.slice(version.length), "base64") : undefined;
}

/** Starts one on a port of its own. It encrypts nothing: what it is given is in what it gives. */
export async function startVaultTransit(): Promise<VaultTransit> {
  const token = randomBytes(16).toString("hex");
  const answer = async (request: IncomingMessage): Promise<object | undefined> => {
    const operation = /^\/v1\/transit\/(encrypt|decrypt)\/apponly$/.exec(request.url ?? "")?.[1];
    const asked = JSON.parse((await text(request)) || "{}") as TransitRequest;
    if (request.headers["x-vault-token"] !== token) {
      return undefined;
    }
    switch (operation) {
      case "encrypt":
        return { ciphertext: `${version}${asked.plaintext ?? ""}` };
      case "decrypt":
        return { plaintext: asked.ciphertext?.slice(version.length) };
      default:
        return undefined;
    }
  };
  const server = createServer((request, response) => {
    void answer(request).then((data) => {
      response.writeHead(data === undefined ? 403 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(data === undefined ? { errors: ["refused"] } : { data }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    secretsProvider: "hashivault://apponly",
    environment: { VAULT_SERVER_URL: `http://127.0.0.1:${port}`, VAULT_SERVER_TOKEN: token },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
