import forge from "node-forge";

/** The key bag of a `.pfx`, as far as it is readable without the password. */
export interface KeyBag {
  /** EncryptedPrivateKeyInfo. */
  encryptedKey: forge.asn1.Asn1;
  /** DER of each attribute in hexadecimal, in the order of the file. */
  attributes: string[];
}

/** Finds the key bag: the last content of the authenticated safe, in the clear but for the key. */
export function keyBagOf(pfx: Buffer): KeyBag {
  const bag = child(authenticatedSafe(pfx).at(-1), 1, 0);
  const [, encryptedKey, attributes] = children(children(inside(bag))[0]);
  return {
    encryptedKey: child(encryptedKey, 0),
    attributes: children(attributes).map((attribute) => der(attribute).toString("hex")),
  };
}

/** PrivateKeyInfo, DER, decrypted by node-forge. */
export function keyInfoOf(pfx: Buffer, password: string): Buffer {
  const { encryptedKey } = keyBagOf(pfx);
  const info = forge.pki.decryptPrivateKeyInfo(encryptedKey, password) as forge.asn1.Asn1 | null;
  if (info === null) {
    throw new Error("node-forge could not decrypt the key.");
  }
  return der(info);
}

/** Every object identifier that is readable without the password, sorted. */
export function objectIdsOf(pfx: Buffer): string[] {
  const root = forge.asn1.fromDer(pfx.toString("latin1"));
  return [
    root,
    ...authenticatedSafe(pfx),
    ...children(inside(child(authenticatedSafe(pfx).at(-1), 1, 0))),
  ]
    .flatMap(collect)
    .sort();
}

function collect(node: forge.asn1.Asn1): string[] {
  if (Array.isArray(node.value)) {
    return node.value.flatMap(collect);
  }
  const isObjectId = (node.tagClass as number) === 0 && node.type === forge.asn1.Type.OID;
  return isObjectId ? [forge.asn1.derToOid(node.value)] : [];
}

function authenticatedSafe(pfx: Buffer): forge.asn1.Asn1[] {
  const root = forge.asn1.fromDer(pfx.toString("latin1"));
  return children(inside(child(root, 1, 1, 0)));
}

/** The value that an OCTET STRING holds as DER. */
function inside(octetString: forge.asn1.Asn1): forge.asn1.Asn1 {
  if (Array.isArray(octetString.value)) {
    throw new Error("An octet string is not primitive.");
  }
  return forge.asn1.fromDer(octetString.value);
}

function child(node: forge.asn1.Asn1 | undefined, ...path: number[]): forge.asn1.Asn1 {
  const found = path.reduce<forge.asn1.Asn1 | undefined>((at, index) => children(at)[index], node);
  if (found === undefined) {
    throw new Error("The .pfx lacks a part.");
  }
  return found;
}

function children(node: forge.asn1.Asn1 | undefined): forge.asn1.Asn1[] {
  if (node === undefined || !Array.isArray(node.value)) {
    throw new Error("The .pfx has a primitive value where a constructed one belongs.");
  }
  return node.value;
}

function der(node: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(node).getBytes(), "latin1");
}
