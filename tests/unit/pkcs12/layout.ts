import forge from "node-forge";

/** A range of bytes, `end` not included. */
export interface Range {
  start: number;
  end: number;
}

/** Where the parts of a `.pfx` lie. */
export interface PfxLayout {
  /** What the MAC is computed over. */
  authenticatedSafe: Range;
  macDigest: Range;
  macSalt: Range;
  /**
   * Positions of all bytes that are in none of these, without the iteration count of the MAC: a bit
   * flipped there may ask for hours of work, which readers limit in their own ways or not at all.
   */
  framing: number[];
}

/** Finds the parts of an intact file. */
export function layoutOf(pfx: Buffer): PfxLayout {
  const root = forge.asn1.fromDer(pfx.toString("latin1"));
  const [, content, macData] = parts(root);
  const safe = octets(elementAt(elementAt(content, 1), 0));
  const digest = octets(elementAt(elementAt(macData, 0), 1));
  const salt = octets(elementAt(macData, 1));
  const iterations = octets(elementAt(macData, 2));
  const authenticatedSafe = locate(pfx, safe, 0);
  const macDigest = locate(pfx, digest, authenticatedSafe.end);
  const macSalt = locate(pfx, salt, macDigest.end);
  const covered = [authenticatedSafe, macDigest, macSalt, locate(pfx, iterations, macSalt.end)];
  const framing = [...pfx.keys()].filter(
    (position) => !covered.some(({ start, end }) => position >= start && position < end),
  );
  return { authenticatedSafe, macDigest, macSalt, framing };
}

function locate(pfx: Buffer, part: Buffer, from: number): Range {
  const start = pfx.indexOf(part, from);
  if (start < 0 || part.length === 0) {
    throw new Error("A part of the .pfx was not found in its bytes.");
  }
  return { start, end: start + part.length };
}

function parts(node: forge.asn1.Asn1 | undefined): forge.asn1.Asn1[] {
  if (node === undefined || !Array.isArray(node.value)) {
    throw new Error("The .pfx has a primitive value where a constructed one belongs.");
  }
  return node.value;
}

function elementAt(node: forge.asn1.Asn1 | undefined, index: number): forge.asn1.Asn1 {
  const found = parts(node)[index];
  if (found === undefined) {
    throw new Error("The .pfx lacks a part.");
  }
  return found;
}

function octets(node: forge.asn1.Asn1): Buffer {
  if (Array.isArray(node.value)) {
    // node-forge reads into octet strings that hold DER; their bytes are what counts here.
    const inner = node.value.map((child) => forge.asn1.toDer(child).getBytes()).join("");
    return Buffer.from(inner, "latin1");
  }
  return Buffer.from(node.value, "latin1");
}
