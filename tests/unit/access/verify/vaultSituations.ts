import { X509Certificate } from "node:crypto";
import tls from "node:tls";
import type { VaultGeneration } from "../../../../access/verify/target";
import type { DiagnosisCode } from "../../../../access/verify/errorTable";
import { vaultAssertion } from "../../../../microsoft/keyVault/sign";
import { startKeyVault } from "../../../support/keyVault";
import { failure, recoverable } from "../../../support/keyVaultFailure";
import { madeVersion } from "../../../support/keyVaultKeys";
import type { KeyVault, VaultVersion } from "../../../support/keyVaultState";
import { generationOf } from "./tenantWithAccess";

/** A vault with one certificate, trusted and reached as in production until it is closed. */
export async function vaultWithCertificate() {
  const vault = await startKeyVault();
  const trustedBefore = tls.getCACertificates("default");
  tls.setDefaultCACertificates([...trustedBefore, vault.caCertificatePem]);
  process.env.HTTPS_PROXY = vault.proxyUrl;
  const version = madeVersion({ policy: { key_props: { exportable: false } } });
  vault.certificates.set("exo", [version]);
  const close = async () => {
    delete process.env.HTTPS_PROXY;
    tls.setDefaultCACertificates(trustedBefore);
    await vault.close();
  };
  return { vault, version, close };
}

/** A generation whose key is that of a version. */
export function generationInVault(
  vault: Pick<KeyVault, "token">,
  { version, der, privateKeyPem }: VaultVersion,
  about: { readonly applicationId: string; readonly tokenUrl: string },
  changes: { readonly token?: string; readonly rejects?: Error; readonly host?: string } = {},
): VaultGeneration {
  const { host = "contoso.vault.azure.net", token = vault.token, rejects } = changes;
  const certificatePem = new X509Certificate(der).toString();
  const { name, active, certificate } = generationOf({ certificatePem, privateKeyPem });
  const credential = {
    getToken: () =>
      rejects === undefined
        ? Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 })
        : Promise.reject(rejects),
  };
  const signer = { source: "key-vault", key: `https://${host}/keys/exo/${version}` } as const;
  const signedAssertion = () =>
    vaultAssertion(signer, { ...about, certificatePem: certificate.certificatePem }, credential);
  return { name, active, certificate, host, signedAssertion };
}

const errorNamed = (name: string, code?: string) =>
  Object.assign(new Error("as the SDK says it"), { name, ...(code && { code }) });
const signing = (answer: () => Response) => (vault: KeyVault) =>
  void vault.faults.add({ method: "POST", path: /sign$/, answer });

/** What has to be so that a vault does not sign, by the cause that is told then. */
export const vaultSituations: Readonly<
  Partial<
    Record<
      DiagnosisCode,
      {
        readonly arrange?: (vault: KeyVault, version: VaultVersion) => void;
        readonly changes?: Parameters<typeof generationInVault>[3];
        readonly cause: RegExp;
      }
    >
  >
> = {
  "vault-no-credential": {
    changes: { rejects: errorNamed("AggregateAuthenticationError") },
    cause: /No credential for Azure/,
  },
  "vault-sign-in-refused": {
    changes: { rejects: errorNamed("AuthenticationError") },
    cause: /did not accept the credential/,
  },
  "vault-unknown-host": {
    changes: { rejects: errorNamed("RestError", "ENOTFOUND") },
    cause: /no vault at contoso/,
  },
  "vault-unreachable": {
    changes: { host: "fabrikam.vault.azure.net" },
    cause: /fabrikam\.vault\.azure\.net could not be asked/,
  },
  "vault-token-refused": { changes: { token: "another" }, cause: /does not accept the token/ },
  "vault-firewall": {
    arrange: signing(() =>
      failure(403, "Forbidden", "Client address is not authorized and caller is not a trusted"),
    ),
    cause: /does not let this machine in/,
  },
  "vault-version-disabled": {
    arrange: (_, version) => {
      version.enabled = false;
    },
    cause: /Operation sign is not allowed on a disabled key/,
  },
  "vault-forbidden": {
    arrange: (vault) => void vault.denied.add("keys/sign"),
    cause: /refuses \(403, Caller is not authorized/,
  },
  "vault-not-found": {
    arrange: (vault) => vault.certificates.clear(),
    cause: /nothing of the name exo/,
  },
  "vault-name-deleted": {
    arrange: signing(() => recoverable("Key", "exo")),
    cause: /can still be recovered/,
  },
  "vault-refused": {
    arrange: signing(() => failure(400, "BadParameter", "Property has invalid value.")),
    cause: /did not sign \(400 BadParameter/,
  },
};
