/**
 * Subjects of generated certificates: DNS names and distinguished names as RFC 4514 writes them, and
 * the reason why each other text is refused.
 */
import fc from "fast-check";
import { isPlainLine } from "../../../system/visibleText";
import { parseSubject } from "../../../components/subject";
import { faultsFor } from "../../support/configuration";

test.each<[string, object]>([
  ["contoso.org", { commonName: "contoso.org" }],
  ["CN=contoso.org", { commonName: "contoso.org" }],
  ["cn = contoso.org , o = Contoso", { commonName: "contoso.org", organization: "Contoso" }],
  ['CN=contoso.org, O="Contoso, Ltd."', { organization: "Contoso, Ltd." }],
  ["CN=contoso.org, O=Contoso\\, Ltd.", { organization: "Contoso, Ltd." }],
  ['CN=exo,O="a \\"b\\" c"', { organization: 'a "b" c' }],
  ['CN="exo" , O=Contoso', { commonName: "exo", organization: "Contoso" }],
  ['CN=" exo "', { commonName: " exo " }],
  ["CN=\\ exo", { commonName: " exo" }],
  ["CN=\u00a0exo\u3000 ,O=x", { commonName: "\u00a0exo\u3000" }],
  ["CN=exo\\ ", { commonName: "exo " }],
  ["CN=exo job  ,O=x", { commonName: "exo job" }],
  ["CN=exo\\+OU\\=IT", { commonName: "exo+OU=IT" }],
  ["CN=a\\;b\\\\c\\#d\\<e\\>", { commonName: "a;b\\c#d<e>" }],
  ["CN=M\\C3\\BCnchen", { commonName: "München" }],
  ["CN=München, C=DE, ST=Bayern, L=München", { province: "Bayern", country: "DE" }],
  ["CN=exo,S=Bayern", { province: "Bayern" }],
  ["commonName=exo, organizationalUnitName=IT", { organizationalUnit: "IT" }],
  ["CN=exo 🚀", { commonName: "exo 🚀" }],
  ["CN=a=b", { commonName: "a=b" }],
  [`CN=${"x".repeat(64)}`, { commonName: "x".repeat(64) }],
  [`CN=x,L=${"y".repeat(128)}`, { locality: "y".repeat(128) }],
  ["O=Contoso, CN=exo", { commonName: "exo", organization: "Contoso" }],
])("%s is read", (text, wanted) => {
  expect(parseSubject(text)).toMatchObject(wanted);
});

test.each([
  [`CN=${"x".repeat(65)}`, "has 65 characters for CN, which has at most 64."],
  [
    `${"a".repeat(30)}.${"b".repeat(30)}.contoso.org`,
    "has 73 characters for CN, which has at most 64.",
  ],
  ["CN=exo+OU=IT, O=Contoso", "joins two parts by +"],
  ["CN=exo; O=Contoso", "has a semicolon, which separates nothing."],
  ["CN=exo, OU=a, OU=b", "has OU twice. Keep one OU."],
  ["CN=exo, cn=b", "has CN twice."],
  ["CN=exo, C=Germany", "has a country that is not two letters."],
  ["CN=exo, C=D1", "has a country that is not two letters."],
  ["CN=exo O=Contoso", "has O= within a value."],
  ["CN=exo|OU=IT", "has OU= within a value."],
  [
    "CN=exo, O=Contoso, Ltd.",
    "has a part without a type. Write a comma that belongs to a value as \\,.",
  ],
  ["CN=exo, emailAddress=a@contoso.org", "has emailAddress, which a generated certificate"],
  ["CN=exo, O=", "has O without a value."],
  ["CN=, O=Contoso", "has CN without a value."],
  ["CN=exo,", "has a part that is empty."],
  ["CN=exo,,O=Contoso", "has a part that is empty."],
  ["O=Contoso", "has no CN."],
  ["CN=exo, DC=contoso, DC=org", "has DC, which a generated certificate does not hold."],
  ["E=megan@contoso.org, CN=exo", "has E, which a generated certificate does not hold."],
  ["2.5.4.3=exo", "has 2.5.4.3, which a generated certificate does not hold."],
  ["CN=#0C036578", "has a value in hexadecimal."],
  ['CN="exo', "has quotes that are not closed."],
  ['CN="exo" job', "has text behind the quotes of a value."],
  ['CN=the "exo" job', "has quotes within a value."],
  ["CN=C:\\exo", "has a backslash that escapes nothing."],
  ["CN=exo\\0Ajob", "has a character that nobody sees in CN."],
  ["CN=exo, O=Contoso\\00", "has a character that nobody sees in O."],
  ["CN=a\\E2\\80\\AEb", "has a character that nobody sees in CN."],
  ["CN=“exo”", "has quotes around CN that would become part of it."],
  ["CN='exo', O=Contoso", "has quotes around CN that would become part of it."],
  [
    "subject=CN = exo, O = Contoso",
    "has the label of a tool's output in front of it. Write CN = exo, O = Contoso.",
  ],
  ["Subject: CN=exo", "has the label of a tool's output in front of it. Write CN=exo."],
  ["CN=\\ff", "has escaped bytes that are not UTF-8."],
  [
    "/CN=contoso.org/O=Contoso",
    "has the form of OpenSSL's -subj, with slashes. Write CN=contoso.org, O=Contoso.",
  ],
  [
    "bücher.example",
    "is a DNS name with other letters than a to z. Write it as xn--bcher-kva.example",
  ],
  [
    "*.contoso.org",
    "has a wildcard, which the subject of an application has no use for. Write contoso.org.",
  ],
  ["https://contoso.org/app", "is a URL. Write contoso.org."],
  ["contoso.org.", "ends in a full stop. Write contoso.org."],
  [
    "Contoso Automation",
    "is neither a DNS name nor a distinguished name with a CN. Write CN=Contoso Automation",
  ],
  ["megan@contoso.org", "is neither a DNS name nor a distinguished name with a CN."],
])("%s is refused with the reason", (subject, wanted) => {
  const [fault, ...more] = faultsFor({ certificates: [{ name: "g1", subject }] });
  expect(more).toEqual([]);
  expect(fault).toContain(" - apponly:certificates[0].subject ");
  expect(fault).toContain(wanted);
});

test("whatever value is escaped as RFC 4514 says is read back, and nothing else of the name changes", () => {
  const value = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
    .filter((text) => isPlainLine(text) && !/^['“„‘‚«]/.test(text) && [...text].length <= 64);
  const escaped = (text: string) =>
    text.replace(/[",+;<>\\=]/g, "\\$&").replace(/^[ #]|(?<!^) $/g, "\\$&");
  fc.assert(
    fc.property(value, value, (commonName, organization) => {
      expect(parseSubject(`CN=${escaped(commonName)},O=${escaped(organization)}`)).toEqual({
        commonName,
        organization,
      });
    }),
  );
});
