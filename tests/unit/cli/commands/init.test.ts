/**
 * `apponly init`: one stack by flags or questions, many by a CSV, with a tenant's public description
 * that is played. Not proven here: that the settings deploy, which journeys show of such settings.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { run } from "../../../../cli/command";
import { parseCsv } from "../../../../cli/csv";
import { embeddedFolder, folderToName } from "../../../../cli/embeddedFolder";
import { chooseStacks, tagsOf } from "../../../../operations/chooseStacks";
import { documentOf } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";

const before = process.cwd();
const environment = { ...process.env };
const root = mkdtempSync(join(tmpdir(), "apponly-init-"));
const idOf = (domain: string) =>
  `00000000-0000-4000-8000-${Buffer.from(domain).toString("hex").slice(0, 12).padEnd(12, "0")}`;
let server: Server;
let asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const [, tenant = ""] = (request.url ?? "").split("/");
    asked.push(tenant);
    const known = tenant.endsWith(".onmicrosoft.com") && !tenant.startsWith("missing");
    response.writeHead(known ? 200 : 400, { "content-type": "application/json" });
    response.end(
      JSON.stringify(
        known
          ? {
              issuer: `https://login.microsoftonline.com/${idOf(tenant)}/v2.0`,
              cloud_instance_name: tenant.startsWith("army")
                ? "microsoftonline.us"
                : "microsoftonline.com",
            }
          : { error: "invalid_tenant" },
      ),
    );
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const name of ["APPONLY_AUTHORITY", "APPONLY_EXCHANGE", "APPONLY_COMPLIANCE"]) {
    process.env[name] = address;
  }
  process.env.ARM_USE_CLI = "false";
});

let folder: string;
let count = 0;
beforeEach(() => {
  folder = join(root, String((count += 1)));
  mkdirSync(folder);
  process.chdir(folder);
  asked = [];
});

afterAll(() => {
  process.chdir(before);
  process.env = environment;
  server.close();
  rmSync(root, { recursive: true });
});

const init = async (
  line: string,
  answers?: Readonly<Record<string, string>>,
  more: readonly string[] = [],
) => {
  const ask = answers && ((question: string) => Promise.resolve(answers[question.trim()] ?? ""));
  const io = recordingIo(ask === undefined ? {} : { ask });
  const code = await run(["init", ...line.split(" ").filter(Boolean), ...more], io);
  return { code, out: io.written(), err: io.said() };
};
const settings = (stack: string) =>
  (parse(readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8")) as { config: unknown }).config;

test.each([
  [
    ["--role", "Global Readr"],
    'Did you mean "Global Reader"? Use one of: Compliance Administrator,',
  ],
  [["--workload", "exchnge"], 'Did you mean "exchange"? Allowed choices are exchange, compliance.'],
])("the near name of %j is told, and nothing is written", async (more, message) => {
  const line = "--stack contoso --tenant contoso.onmicrosoft.com";
  const { code, out, err } = await init(line, undefined, more);
  expect([code, out, asked, readdirSync(folder)]).toEqual([2, "", [], []]);
  expect(err).toContain(message);
});

test("with an environment of Pulumi ESC what all share stands there, and a stack imports it", async () => {
  const line = "--stack contoso --tenant contoso.onmicrosoft.com --environment access/shared";
  const { code, out, err } = await init(line, undefined, ["--role", "global reader"]);
  expect(code).toBe(0);
  expect(out).toContain(join(folder, "environments/access/shared.yaml\n"));
  expect(parse(readFileSync(join(folder, "environments/access/shared.yaml"), "utf8"))).toEqual({
    values: {
      pulumiConfig: expect.objectContaining({
        "apponly:directoryRoles": ["Global Reader"],
        "apponly:workloads": ["exchange"],
      }) as unknown,
    },
  });
  expect(parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8"))).not.toHaveProperty("config");
  expect(parse(readFileSync(join(folder, "Pulumi.contoso.yaml"), "utf8"))).toEqual({
    environment: ["access/shared"],
    config: {
      "azuread:tenantId": idOf("contoso.onmicrosoft.com"),
      "apponly:organization": "contoso.onmicrosoft.com",
    },
  });
  expect(err).toContain(
    "  pulumi login\n  pulumi env init access/shared --file environments/access/shared.yaml\n  apponly review --stack contoso\n",
  );
});

test("in a project that is there stacks only import their environments, in order, by a CSV too", async () => {
  writeFileSync(join(folder, "Pulumi.yaml"), "name: x\nruntime: nodejs\n");
  writeFileSync(
    join(folder, "tenants.csv"),
    "stack,tenant\na,a.onmicrosoft.com\nb,b.onmicrosoft.com\n",
  );
  const line = "--from tenants.csv --environment access/shared --environment access/eu";
  const { code, err } = await init(line);
  expect([code, readdirSync(folder).sort()]).toEqual([
    0,
    ["Pulumi.a.yaml", "Pulumi.b.yaml", "Pulumi.yaml", "tenants.csv"],
  ]);
  for (const stack of ["a", "b"]) {
    const text = readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8");
    expect(parse(text)).toHaveProperty("environment", ["access/shared", "access/eu"]);
  }
  expect(err).not.toContain("pulumi env init");
});

test.each(["shared", "org/access/shared", "../x", "access/", "access/sha red", "access/shared@1"])(
  'the environment "%s" is refused before anything is asked or written',
  async (name) => {
    const { code, err } = await init("--stack a --tenant a.onmicrosoft.com", undefined, [
      "--environment",
      name,
    ]);
    expect([code, asked, readdirSync(folder)]).toEqual([2, [], []]);
    expect(err).toContain("Write it as PROJECT/NAME");
  },
);

test("a stack has only what differs, and a project is made where there is none", async () => {
  const line = "--stack contoso --tenant contoso.onmicrosoft.com --tag ring=canary";
  const { code, out, err } = await init(line, undefined, ["--role", "global reader"]);
  expect(code).toBe(0);
  expect(
    out
      .trim()
      .split("\n")
      .map((file) => file.slice(folder.length + 1)),
  ).toEqual([
    ".github/workflows/drift.yml",
    ".github/workflows/review.yml",
    ".github/workflows/up.yml",
    ".gitignore",
    "Pulumi.yaml",
    "README.md",
    "index.js",
    "package.json",
    "Pulumi.contoso.yaml",
  ]);
  expect(settings("contoso")).toEqual({
    "azuread:tenantId": idOf("contoso.onmicrosoft.com"),
    "apponly:organization": "contoso.onmicrosoft.com",
    "apponly:tags": { ring: "canary" },
  });
  const project = parse(readFileSync("Pulumi.yaml", "utf8")) as object;
  expect(project).toMatchObject({
    name: "tenants",
    config: { "apponly:directoryRoles": { value: ["Global Reader"] } },
  });
  // That is for pulumi new, which asks.
  expect(project).not.toHaveProperty("template");
  expect(readFileSync("README.md", "utf8")).not.toMatch(/\$\{(PROJECT|DESCRIPTION)\}/);
  expect(tagsOf(chooseStacks({ stack: ["contoso"] })[0]!)).toEqual({ ring: "canary" });
  // The tenant is there; who deploys is not set up yet, which is said and stops nothing.
  expect(err).toContain("The deployer of contoso cannot sign in yet:");
  expect(err).toContain("Next:\n  npm install\n  npm test\n");
  expect(err).toContain("\n  apponly review --stack contoso\n  apponly up --stack contoso\n");
});

test("what is not said is asked for on a terminal, and named elsewhere", async () => {
  const { code } = await init("", {
    "Which tenant (initial domain)?": "fabrikam.onmicrosoft.com",
    "What is the stack's name?": "fabrikam",
  });
  expect([code, existsSync("Pulumi.fabrikam.yaml")]).toEqual([0, true]);
  const refused = await init("--stack x");
  expect(refused.code).toBe(2);
  expect(refused.err).toContain("Say it with --tenant.");
});

test("hundreds come from a CSV, and all that is wrong is said before anything is written", async () => {
  writeFileSync("Pulumi.yaml", "name: tenants\nruntime: nodejs\n");
  const lines = Array.from({ length: 100 }, (_, at) => `t${at},t${at}.onmicrosoft.com,,"C, ${at}"`);
  writeFileSync("tenants.csv", `stack,tenant,cloud,tag:alias\n${lines.join("\n")}\n`);
  expect((await init("--from tenants.csv")).code).toBe(0);
  expect(readdirSync(".").filter((name) => name.startsWith("Pulumi.t"))).toHaveLength(100);
  expect(settings("t7")).toMatchObject({ "apponly:tags": { alias: "C, 7" } });
  writeFileSync(
    "more.csv",
    "stack,tenant,cloud\nt7,t7.onmicrosoft.com,\nnew,missing.onmicrosoft.com,\narmy,army.onmicrosoft.com,\nfine,fine.onmicrosoft.com,\n",
  );
  const { code, err } = await init("--from more.csv");
  expect(code).toBe(2);
  expect(err).toMatch(/Pulumi\.t7\.yaml is there already/);
  expect(err).toMatch(/knows no tenant "missing\.onmicrosoft\.com"/);
  expect(err).toMatch(/"army\.onmicrosoft\.com" is in another cloud: --cloud usgovernment/);
  expect(err).toContain("Nothing was written.");
  expect(existsSync("Pulumi.fine.yaml")).toBe(false);
});

test.each([
  ["stack,tenant\n", "has no stacks"],
  ["name,tenant\na,b.onmicrosoft.com\n", "line 2, has no stack or no tenant"],
  ["stack,tenant,cloud\na,b.onmicrosoft.com,mars\n", 'cloud "mars" is not a cloud'],
  ["stack,tenant\na,b.onmicrosoft.com\na,c.onmicrosoft.com\n", 'has the stack "a" twice'],
  ["stack,tenant\na,b.onmicrosoft.com\n\nA,c.onmicrosoft.com\n", "in the lines 2 and 4"],
  ["stack,tenant,tag:name\na,b.onmicrosoft.com,Contoso, Ltd\n", "line 2 has more values than"],
  ['stack,tenant\na,b.onmicrosoft.com\n"c,d.onmicrosoft.com\n', "line 3: a quote is opened"],
  [
    "stack,tenant,clod\na,b.onmicrosoft.com,china\n",
    '"clod" is not known: there are stack, tenant, cloud and tag:KEY. Did you mean "cloud"?',
  ],
  ["stack,tenant,tag\na,b.onmicrosoft.com,x\n", 'the column "tag" is not known'],
  ["stack,tenant,stack\na,b.onmicrosoft.com,x\n", 'the column "stack" is there twice'],
  [
    Buffer.from("stack,tenant,tag:n\na,b.onmicrosoft.com,M\u00fcller\n", "latin1"),
    'Save it as "CSV UTF-8".',
  ],
  ["stack,tenant,cloud\n=1,b.onmicrosoft.com,\n", '"=1" is not a name of 1 to 100 letters'],
])("a CSV that is not right is refused: %j", async (text: string | Buffer, message) => {
  writeFileSync("tenants.csv", text);
  const { code, err } = await init("--from tenants.csv");
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(readdirSync(".")).toEqual(["tenants.csv"]);
});

test("all that is wrong with the lines of a CSV is said at once, and nothing is written", async () => {
  writeFileSync(
    "tenants.csv",
    "stack,tenant,cloud\na,b.onmicrosoft.com,mars\nc,,\nd,e.onmicrosoft.com,China\n",
  );
  const { code, err } = await init("--from tenants.csv");
  expect(code).toBe(2);
  expect(err).toMatch(/line 2: cloud "mars"[^]*line 3, has no stack[^]*\nNothing was written\./);
  // A spreadsheet begins a word with a capital.
  expect(err).not.toContain('China"');
  const bad = Array.from({ length: 30 }, (_, at) => `t${at},,`);
  writeFileSync("tenants.csv", `stack,tenant,cloud\n${bad.join("\n")}\n`);
  expect((await init("--from tenants.csv")).err).toContain("And 10 more like these.");
  expect(readdirSync(".")).toEqual(["tenants.csv"]);
});

test("in an empty folder the embedded tenant is kept where the new project will look for it", () => {
  expect(() => embeddedFolder(undefined)).toThrow("has a Pulumi.yaml");
  const kept = embeddedFolder(undefined, true);
  expect([kept, folderToName(kept)]).toEqual([join(process.cwd(), ".apponly"), ""]);
  writeFileSync("Pulumi.yaml", "name: x\nruntime: nodejs\n");
  expect([embeddedFolder(undefined), folderToName(kept)]).toEqual([kept, ""]);
  expect(folderToName(join(folder, "other"))).toBe(join(folder, "other"));
});

test("without a look at the tenant only its id can be written", async () => {
  const { code, err } = await init("--stack a --tenant contoso.onmicrosoft.com --no-check");
  expect([code, readdirSync(".")]).toEqual([2, []]);
  expect(err).toContain('"contoso.onmicrosoft.com" is not the id of a tenant. Give its id');
});

test("a name that is not one, and a tenant that is not a domain, ask nobody", async () => {
  expect((await init("--stack a/b --tenant a.onmicrosoft.com --no-check")).code).toBe(2);
  expect((await init("--stack a --tenant http://evil")).code).toBe(2);
  expect(asked).toEqual([]);
});

test("what all tenants have in common is said once, with its remedy", async () => {
  const rows = Array.from({ length: 12 }, (_, at) => `t${at},t${at}.onmicrosoft.com`);
  writeFileSync(join(folder, "tenants.csv"), ["stack,tenant", ...rows].join("\n"));
  const { APPONLY_AUTHORITY } = process.env;
  process.env.APPONLY_AUTHORITY = "http://127.0.0.1:9";
  const unreachable = await init("--from tenants.csv");
  process.env.APPONLY_AUTHORITY = APPONLY_AUTHORITY;
  expect([unreachable.code, unreachable.out]).toEqual([1, ""]);
  expect(unreachable.err.match(/cannot be reached/g)).toHaveLength(1);
  expect(unreachable.err).toMatch(
    /127\.0\.0\.1:9 cannot be reached \(ECONNREFUSED\)\. The embedded tenant is not running\. .*\nNothing was written\./,
  );
  const { code, err } = await init("--from tenants.csv");
  expect(code).toBe(0);
  expect(err.match(/cannot sign in yet/g)).toHaveLength(1);
  expect(err).toMatch(/^The deployer of t\d+(, t\d+){9} and 2 more cannot sign in yet: /m);
  expect(err).toContain(
    "\n  apponly review --all\n  apponly up --all --yes\nThe update makes what the backend lacks. ",
  );
});

test("CSV is read as spreadsheets write it", () => {
  const read = (text: string) => parseCsv(text).rows.map(({ line, values }) => [line, values]);
  expect(read('\uFEFFA;b\r\n"x;""y""";2\r\n;\r\n')).toEqual([[2, { a: 'x;"y"', b: "2" }]]);
  expect(read("a,b\n1\n")).toEqual([[2, { a: "1", b: "" }]]);
  expect(read("sep=;\r\na;b\r\n1;2\r\n")).toEqual([[3, { a: "1", b: "2" }]]);
  expect(read('a\tb\n\n"1\n,"\t2\n3\t4\n')).toEqual([
    [3, { a: "1\n,", b: "2" }],
    [5, { a: "3", b: "4" }],
  ]);
});

test("as JSON the files and the tenants are one document, and the rest is said beside it", async () => {
  const { code, out, err } = await init("--stack contoso --tenant contoso.onmicrosoft.com --json");
  expect([code, err.includes("Next:\n")]).toEqual([0, true]);
  expect(documentOf("init", out)).toMatchObject({
    files: expect.arrayContaining([join(folder, "Pulumi.contoso.yaml")]),
    stacks: [{ stack: "contoso", tenantId: idOf("contoso.onmicrosoft.com") }],
  });
});
