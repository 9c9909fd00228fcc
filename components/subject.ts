/** The parts of a certificate's subject, named as `@pulumi/tls` names them. */
export interface Subject {
  commonName: string;
  organization?: string;
  organizationalUnit?: string;
  locality?: string;
  province?: string;
  country?: string;
}

const attributes: Readonly<Record<string, keyof Subject>> = {
  CN: "commonName",
  O: "organization",
  OU: "organizationalUnit",
  L: "locality",
  ST: "province",
  S: "province",
  C: "country",
};

const dnsName =
  /^(?=.{1,64}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * Parses a DNS name or a distinguished name; `undefined` when it is neither. A comma inside a value
 * is written as `\,`.
 *
 * @example
 * parseSubject("contoso.org") // { commonName: "contoso.org" }
 * parseSubject("CN=contoso.org, O=Contoso\\, Ltd.") // { commonName: "contoso.org", organization: "Contoso, Ltd." }
 * @see https://www.rfc-editor.org/rfc/rfc4514
 */
export function parseSubject(text: string): Subject | undefined {
  if (isDnsName(text)) {
    return { commonName: text };
  }
  const subject: Partial<Subject> = {};
  for (const part of text.split(/(?<!\\),/)) {
    const match = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(part);
    const key = attributes[match?.[1]?.toUpperCase() ?? ""];
    const value = match?.[2]?.replace(/\\,/g, ",") ?? "";
    // X.520 bounds a common name to 64 characters.
    if (key === undefined || value === "" || value.length > 64 || subject[key] !== undefined) {
      return undefined;
    }
    subject[key] = value;
  }
  return subject.commonName === undefined
    ? undefined
    : { ...subject, commonName: subject.commonName };
}

/** Whether a text can be a DNS name of a certificate. */
export function isDnsName(text: string): boolean {
  return dnsName.test(text);
}
