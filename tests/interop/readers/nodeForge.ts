import { createPrivateKey } from "node:crypto";
import { forge } from "../../support/nodeForge";
import { type PfxReader, RefusedError } from "./contract";

/** node-forge's own PKCS #12 parser, which shares with the writer nothing but the DER encoder. */
export const nodeForgeReader: PfxReader = {
  read({ bytes, password }) {
    let found: forge.pkcs12.Pkcs12Pfx;
    try {
      found = forge.pkcs12.pkcs12FromAsn1(
        forge.asn1.fromDer(bytes.toString("latin1")),
        true,
        password,
      );
    } catch (error) {
      throw new RefusedError(error instanceof Error ? error.message : "refused");
    }
    const bags = found.safeContents.flatMap(({ safeBags }) => safeBags);
    const keyBag = bags.find(({ key }) => key != null);
    const certificateBags = bags.filter(({ cert }) => cert != null);
    const id = localKeyId(keyBag);
    const own = certificateBags.find((bag) => localKeyId(bag) === id);
    if (keyBag?.key == null || own?.cert == null) {
      throw new RefusedError("no key, or no certificate with the local key id of the key");
    }
    const names = keyBag.attributes as { friendlyName?: string[] };
    return {
      key: {
        given: createPrivateKey(forge.pki.privateKeyToPem(keyBag.key)).export({
          type: "pkcs1",
          format: "der",
        }),
      },
      certificate: der(own.cert),
      others: certificateBags
        .filter((bag) => bag !== own)
        .flatMap(({ cert }) => (cert ? [der(cert)] : [])),
      friendlyName: names.friendlyName?.[0],
    };
  },
};

function localKeyId(bag: forge.pkcs12.Bag | undefined): string | undefined {
  return (bag?.attributes as { localKeyId?: string[] } | undefined)?.localKeyId?.[0];
}

function der(certificate: forge.pki.Certificate): Buffer {
  const bytes = forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes();
  return Buffer.from(bytes, "latin1");
}
