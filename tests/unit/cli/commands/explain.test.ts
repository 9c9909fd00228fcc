/** What `apponly explain` says of codes and messages, without a stack, a project or a network. */
import { tmpdir } from "node:os";
import { run } from "../../../../cli/command";
import { documentOf } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";

const before = process.cwd();
beforeAll(() => process.chdir(tmpdir()));
afterAll(() => process.chdir(before));

async function explained(...args: string[]) {
  const io = recordingIo(args.includes("narrow") ? { columns: 60 } : {});
  const code = await run(["explain", ...args.filter((one) => one !== "narrow")], io);
  return { code, out: io.written(), err: io.said() };
}

test.each([
  ["a code of a verification", "throttled", "throttled"],
  ["an AADSTS number", "AADSTS90061", "issuer-unreachable"],
  ["the number by itself", "90061", "issuer-unreachable"],
  ["a code in capitals with blanks around it", "  THROTTLED ", "throttled"],
  [
    "a whole message",
    "AADSTS700211: No matching federated identity record found",
    "federated-subject",
  ],
])("%s is explained with cause, remedy and page", async (_, text, expected) => {
  const { code, out, err } = await explained(text);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain(`${expected}\n`);
  expect(out).toMatch(/^ {2}→ \S/m);
  expect(out).toMatch(/^ {2}https:/m);
  // Places are filled in where the cause is met.
  expect(out).not.toMatch(/\{\w+\}/);
});

test("of a number that several causes share, all are explained", async () => {
  const { code, out } = await explained("AADSTS700027");
  expect(code).toBe(0);
  expect(out).toContain("certificate-expired\n");
  expect(out.match(/^ {2}→ /gm)?.length).toBeGreaterThan(2);
  expect((await explained("AADSTS999999")).out).toContain("token-refused\n");
});

test.each([[["--json"]], [["--format", "json"]]])(
  "with %j it is one JSON document",
  async (form) => {
    const { code, out } = await explained("throttled", ...form);
    expect(code).toBe(0);
    expect(documentOf("explain", out)).toMatchObject({
      version: 1,
      explanations: [{ code: "throttled" }],
    });
  },
);

test("on a narrow terminal no line but an address is wider than it", async () => {
  const { out } = await explained("narrow", "throttled");
  expect(out.split("\n").filter((line) => line.length > 60 && !line.includes("https:"))).toEqual(
    [],
  );
});

test("of a text that nothing is known of, it is said what to give instead, with exit code 1", async () => {
  const { code, out, err } = await explained("the moon is full");
  expect([code, out]).toEqual([1, ""]);
  expect(err).toContain("Nothing is known of this text. Give the whole message");
});

test("a near code is told", async () => {
  expect((await explained("throtled")).err).toContain('Did you mean "throttled"?');
});

test("without a text it is a usage error", async () => {
  const { code, err } = await explained();
  expect(code).toBe(2);
  expect(err).toContain("missing required argument 'code or text'");
});
