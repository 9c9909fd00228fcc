import { type Attribute, attributesIn, DistinguishedNameError } from "./distinguishedName";
import { isPlainLine } from "../system/visibleText";
import type { Refusal } from "./material/textKinds";

/** The parts of a certificate's subject, named as `@pulumi/tls` names them. */
export interface Subject {
  commonName: string;
  organization?: string;
  organizationalUnit?: string;
  locality?: string;
  province?: string;
  country?: string;
}

/** Short names of what a subject may hold, and upper bounds of X.520, annex C, in characters. */
const rdnNames = {
  CN: { key: "commonName", longest: 64 },
  O: { key: "organization", longest: 64 },
  OU: { key: "organizationalUnit", longest: 64 },
  L: { key: "locality", longest: 128 },
  ST: { key: "province", longest: 128 },
  C: { key: "country", longest: 2 },
} as const satisfies Record<string, { key: keyof Subject; longest: number }>;

/** Other names of the same; `S` is that of Windows, the long ones those of RFC 4519. */
const aliases: Readonly<Record<string, keyof typeof rdnNames>> = {
  S: "ST",
  SP: "ST",
  COMMONNAME: "CN",
  ORGANIZATIONNAME: "O",
  ORGANIZATIONALUNITNAME: "OU",
  LOCALITYNAME: "L",
  STATEORPROVINCENAME: "ST",
  COUNTRYNAME: "C",
};

const domainLabel = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const dnsName = new RegExp(`^(${domainLabel}\\.)*${domainLabel}$`, "i");

/** Whether a text can be a DNS name of a certificate. */
export function isDnsName(text: string): boolean {
  return dnsName.test(text) && text.length <= rdnNames.CN.longest;
}

/**
 * Parses a DNS name or a distinguished name as RFC 4514 writes it, with quotes as older ones do.
 *
 * @returns The subject, or what is wrong with the text and what to write.
 * @example
 * parseSubject("contoso.org") // { commonName: "contoso.org" }
 * parseSubject("CN=contoso.org, O=Contoso\\, Ltd.") // { commonName: "contoso.org", organization: "Contoso, Ltd." }
 * @see https://www.rfc-editor.org/rfc/rfc4514
 */
export function parseSubject(text: string): Subject | Refusal {
  if (dnsName.test(text)) {
    return isDnsName(text) ? { commonName: text } : refuseTooLong("CN", text);
  }
  if (!text.includes("=")) {
    return refusalOfName(text.trim());
  }
  const [, name] = /^\s*(?:subject|issuer|DN)\s*[:=]\s*(\S[\s\S]*=[\s\S]*)$/i.exec(text) ?? [];
  if (name !== undefined) {
    return ["has the label of a tool's output in front of it.", `Write ${name.trim()}.`];
  }
  try {
    return subjectOf(attributesIn(text));
  } catch (error) {
    if (error instanceof DistinguishedNameError) {
      return error.refusal;
    }
    throw error;
  }
}

/** Whether a text was parsed. */
export function isSubject(parsed: Subject | Refusal): parsed is Subject {
  return !Array.isArray(parsed);
}

/** The parts of a subject by their short names, in order, and as X.500 writes them. */
export function subjectParts(subject: Subject): {
  readonly text: string;
  readonly parts: readonly (readonly [shortName: string, value: string])[];
  readonly dnsNames: readonly string[];
} {
  const parts = Object.entries(rdnNames).flatMap(([shortName, { key }]) => {
    const value = subject[key];
    return value === undefined ? [] : [[shortName, value] as const];
  });
  const quoted = (value: string) =>
    /[,+="<>#;\\]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  return {
    text: parts.map(([shortName, value]) => `${shortName}=${quoted(value)}`).join(", "),
    parts,
    dnsNames: isDnsName(subject.commonName) ? [subject.commonName] : [],
  };
}

function subjectOf(attributes: readonly Attribute[]): Subject {
  const subject: Partial<Subject> = {};
  for (const { type, value } of attributes) {
    const upper = type.toUpperCase();
    const name = aliases[upper] ?? upper;
    if (!Object.hasOwn(rdnNames, name)) {
      throw new DistinguishedNameError(
        // What is longer may be a key that was pasted.
        `has ${type.length > 30 ? "a type" : type}, which a generated certificate does not hold.`,
        "Use CN, O, OU, L, ST and C only.",
      );
    }
    const { key, longest } = rdnNames[name as keyof typeof rdnNames];
    if (subject[key] !== undefined) {
      throw new DistinguishedNameError(`has ${name} twice.`, `Keep one ${name}.`);
    }
    if (value === "") {
      throw new DistinguishedNameError(
        `has ${name} without a value.`,
        "Give it one, or leave it out.",
      );
    }
    if (!isPlainLine(value)) {
      throw new DistinguishedNameError(
        `has a character that nobody sees in ${name}.`,
        "Leave the escaped character out.",
      );
    }
    if (
      /^(?:'.*'|[\u2018\u201a\u201c\u201e\u00ab].*[\u2018\u2019\u201c\u201d\u00bb])$/.test(value)
    ) {
      throw new DistinguishedNameError(
        `has quotes around ${name} that would become part of it.`,
        'Leave them out, or use ".',
      );
    }
    if (name === "C" && !/^[a-z]{2}$/i.test(value)) {
      throw new DistinguishedNameError(
        "has a country that is not two letters.",
        "Write the code of ISO 3166, for example C=DE.",
      );
    }
    if ([...value].length > longest) {
      throw new DistinguishedNameError(...refuseTooLong(name, value, longest));
    }
    subject[key] = value;
  }
  if (subject.commonName === undefined) {
    throw new DistinguishedNameError("has no CN.", "Write CN=contoso.org, O=Contoso.");
  }
  return { ...subject, commonName: subject.commonName };
}

function refuseTooLong(
  name: string,
  value: string,
  longest: number = rdnNames.CN.longest,
): Refusal {
  return [
    `has ${[...value].length} characters for ${name}, which has at most ${longest}.`,
    "Shorten it.",
  ];
}

/** Why a text without any `=` is not a DNS name. */
function refusalOfName(text: string): Refusal {
  const [, host] = /^https?:\/\/([^/:]+)/i.exec(text) ?? [];
  if (host !== undefined) {
    return ["is a URL.", `Write ${host}.`];
  }
  const ascii =
    /[^\x20-\x7e]/.test(text) && URL.canParse(`https://${text}`)
      ? new URL(`https://${text}`).hostname
      : "";
  if (text.includes(".") && dnsName.test(ascii)) {
    return [
      "is a DNS name with other letters than a to z.",
      `Write it as ${ascii}, or CN=${text}.`,
    ];
  }
  if (text.startsWith("*.")) {
    return [
      "has a wildcard, which the subject of an application has no use for.",
      `Write ${text.slice(2)}.`,
    ];
  }
  if (dnsName.test(text.replace(/\.$/, ""))) {
    return ["ends in a full stop.", `Write ${text.replace(/\.$/, "")}.`];
  }
  return [
    "is neither a DNS name nor a distinguished name with a CN.",
    /^[\p{L}\p{N}]+( [\p{L}\p{N}._-]+)+$/u.test(text) && [...text].length <= rdnNames.CN.longest
      ? `Write CN=${text}, or a DNS name such as contoso.org.`
      : "Write contoso.org, or CN=contoso.org, O=Contoso.",
  ];
}
