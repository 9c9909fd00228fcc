import { csvLine } from "../../../system/csv";
import { isGuid } from "../../../system/guid";
import { isLoopback } from "../../../system/loopback";
import { parseRetryAfter, retry } from "../../../system/retry";

it.each(["127.0.0.1", "127.9.8.7:443", "localhost", "LOCALHOST:80", "[::1]", "[::1]:8443", "::1"])(
  "takes %s for this machine",
  (host) => expect(isLoopback(host)).toBe(true),
);

it.each(["", "127.0.0.1.example", "localhost.example", "10.0.0.1", "evil-127.0.0.1", "[::2]"])(
  "does not take %j for this machine",
  (host) => expect(isLoopback(host)).toBe(false),
);

it("knows a GUID in either case, and nothing around it", () => {
  expect(isGuid("00000002-0000-0FF1-ce00-000000000000")).toBe(true);
  expect(isGuid("{00000002-0000-0ff1-ce00-000000000000}")).toBe(false);
  expect(isGuid("00000002-0000-0ff1-ce00-000000000000\n")).toBe(false);
});

it.each([
  ["120", 120],
  ["0", 0],
  [" 7 ", 7],
  ["Tue, 24 Nov 2026 10:01:30 GMT", 90],
  ["Tue, 24 Nov 2026 09:00:00 GMT", 0],
  ["soon", undefined],
  ["", undefined],
  [null, undefined],
])("reads Retry-After %j as %p seconds", (header, seconds) => {
  expect(parseRetryAfter(header, new Date("2026-11-24T10:00:00Z"))).toBe(seconds);
});

it("tries again after the pauses it is told, and throws the last error", async () => {
  const pauses: number[] = [];
  let tries = 0;
  const failing = () => Promise.reject(new Error(`try ${(tries += 1)}`));
  const pause = (ms: number) => Promise.resolve(pauses.push(ms));
  await expect(
    retry(failing, { attempts: 3, waitAfter: (_, attempt) => attempt, pause }),
  ).rejects.toThrow("try 3");
  expect(pauses).toEqual([1_000, 2_000]);
});

it("throws at once what would fail alike again", async () => {
  let tries = 0;
  const failing = () => Promise.reject(new Error(`try ${(tries += 1)}`));
  await expect(retry(failing, { attempts: 3, waitAfter: () => undefined })).rejects.toThrow(
    "try 1",
  );
});

it.each([
  [["plain", 1.5, ""], "plain,1.5,\r\n"],
  [['a,"b"', "two\nlines", "two\rlines"], '"a,""b""","two\nlines","two\rlines"\r\n'],
  [["=1", " +1", "-1", "@x", "\tx"], "'=1,' +1,'-1,'@x,\"'\tx\"\r\n"],
  [["\r=1"], '"\'\r=1"\r\n'],
  [["＝1", "＠x", "\u200b=1", "\ufeff+1"], "'＝1,'＠x,'\u200b=1,'\ufeff+1\r\n"],
  [["a;=1", "a\t=1"], '"a;=1","a\t=1"\r\n'],
])("writes %j as a line of comma-separated values without a formula", (cells, line) => {
  expect(csvLine(cells)).toBe(line);
});
