/** Text files in the encodings in which Windows writes them. */
import { decodedText } from "../../../system/decodedText";

const text = '{"name": "Gr\u00fc\u00dfe"}\n';
const little = Buffer.from(text, "utf16le");
const big = Buffer.from(little).swap16();

test.each<[string, readonly number[], Buffer]>([
  ["UTF-8", [], Buffer.from(text)],
  ["UTF-8 with its mark", [0xef, 0xbb, 0xbf], Buffer.from(text)],
  ["UTF-16 of Windows PowerShell 5.1", [0xff, 0xfe], little],
  ["UTF-16 without its mark", [], little],
  ["UTF-16, big endian", [0xfe, 0xff], big],
  ["UTF-16, big endian, without its mark", [], big],
])("%s is read without its mark", (_encoding, mark, bytes) => {
  expect(decodedText(Buffer.concat([Buffer.from(mark), bytes]))).toBe(text);
});

test.each(["", "a", "\u00fc", "{}"])("%j is read, however short", (short) => {
  expect(decodedText(Buffer.from(short))).toBe(short);
});
