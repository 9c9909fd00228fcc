import { type AddressInfo } from "node:net";
import tls from "node:tls";
import { type PfxContent, type PfxReader, RefusedError, spki, untold } from "./contract";

/** Node's TLS: a server that has the `.pfx` proves its key to a client in a handshake. */
export const nodeTlsReader: PfxReader = {
  async read({ bytes, password }) {
    let secureContext: tls.SecureContext;
    try {
      secureContext = tls.createSecureContext({ pfx: bytes, passphrase: password });
    } catch (error) {
      throw new RefusedError(error instanceof Error ? error.message : "refused");
    }
    return handshake(secureContext);
  },
};

function handshake(secureContext: tls.SecureContext): Promise<PfxContent> {
  return new Promise((resolve, reject) => {
    const server = tls.createServer({ SNICallback: (_name, done) => done(null, secureContext) });
    server.on("tlsClientError", reject).on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      // The certificate is trusted by nobody; that its key was used is what counts here.
      const client = tls.connect({
        port,
        host: "127.0.0.1",
        servername: "pfx.test",
        rejectUnauthorized: false,
      });
      client.on("error", reject);
      client.on("secureConnect", () => {
        const peer = client.getPeerX509Certificate();
        client.destroy();
        server.close();
        if (peer === undefined) {
          reject(new Error("The server showed no certificate."));
          return;
        }
        resolve({
          key: { proven: spki(peer.publicKey) },
          certificate: peer.raw,
          others: untold,
          friendlyName: untold,
        });
      });
    });
  });
}
