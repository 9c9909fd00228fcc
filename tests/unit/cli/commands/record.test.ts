/**
 * What `apponly record` is given, what it passes on and writes down, and how the run ends.
 *
 * Not proven here: that the module ExchangeOnlineManagement connects to an address without TLS.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../../cli/command";
import { documentOf, documentOfFailure } from "../../../support/documents";
import { runApponly } from "../../../support/command";
import { exchangeTenant } from "../../../support/exchangeTenant";
import { recordingIo } from "../../../support/recordingIo";
import { giveRole, requestToken } from "../../../simulator/support/clients";
import { simulated } from "../../../simulator/support/simulated";

const context = simulated({
  users: [{ userPrincipalName: "ann@contoso.onmicrosoft.com", displayName: "Ann", mailbox: {} }],
});

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "apponly-record-"))));
afterEach(() => rmSync(folder, { recursive: true }));

async function recorded(...args: string[]) {
  const io = recordingIo();
  const code = await run(["record", "--output", join(folder, "r.json"), ...args], io);
  return { code, out: io.written(), err: io.said() };
}

test("without a command it is a usage error that shows one", async () => {
  const { code, err } = await recorded();
  expect(code).toBe(2);
  expect(err).toContain("apponly record -- pwsh ./script.ps1");
});

test("a program that is not there is a usage error", async () => {
  const { code, err } = await recorded("--", join(folder, "none"));
  expect([code, err.includes("cannot be started")]).toEqual([2, true]);
});

test("another cloud is a usage error", async () => {
  expect((await recorded("--cloud", "mars", "--", "true")).err).toContain("Allowed choices are");
});

test("the run is told addresses on this machine, and one that calls nothing is a failure", async () => {
  const script = `const at = ["EXCHANGE", "COMPLIANCE"].map((name) => process.env["APPONLY_RECORD_" + name]);
    process.exit(at.every((one) => /^http:\\/\\/127\\.0\\.0\\.1:\\d+$/.test(one)) ? 0 : 9);`;
  const { code, out, err } = await recorded("--", process.execPath, "-e", script);
  expect(code).toBe(1);
  expect(err).toContain("No cmdlet went through.");
  expect(out).toContain("holds 0 different calls.");
  expect(JSON.parse(readFileSync(join(folder, "r.json"), "utf8"))).toMatchObject({ calls: [] });
});

test("as JSON its document tells the file, and with which code the run ended", async () => {
  const { code, out, err } = await recorded(
    "--json",
    "--",
    process.execPath,
    "-e",
    "process.exit(7)",
  );
  expect(documentOf("record", out)).toEqual({
    version: 1,
    output: join(folder, "r.json"),
    calls: 0,
    programExitCode: 7,
  });
  expect(code).toBe(1);
  expect(documentOfFailure(err)).toMatchObject({ error: { exitCode: 1, code: "other" } });
});

test("how the run ended is told, after what it called was written", async () => {
  const { code, err } = await recorded("--", process.execPath, "-e", "process.exit(7)");
  expect([code, err.includes("ended with 7.")]).toEqual([1, true]);
  expect(readFileSync(join(folder, "r.json"), "utf8")).toContain("calls");
});

/** A client of the admin API of both workloads, as the module is known to send. */
const client = `
const { TENANT, APPONLY_RECORD_EXCHANGE: exchange, APPONLY_RECORD_COMPLIANCE: compliance } = process.env;
const urlAt = (server, path) => new URL(server).origin + "/adminapi/beta/" + TENANT + path;
const headers = (token) => ({ authorization: "Bearer " + token, "content-type": "application/json" });
const run = async (server, token, CmdletName, Parameters = {}) => {
  const answer = await fetch(urlAt(server, "/InvokeCommand"), {
    method: "POST", headers: headers(token), body: JSON.stringify({ CmdletInput: { CmdletName, Parameters } }),
  });
  console.log(CmdletName, answer.status, (await answer.text()).length);
};
(async () => {
  const own = await fetch(urlAt(exchange, "/EXOModuleFile"), { headers: headers(process.env.EXCHANGE) });
  console.log("module", own.status, (await own.json()).value[0].exportedCmdlets.length > 0);
  await run(exchange, process.env.EXCHANGE, "Get-Mailbox", { ResultSize: "Unlimited" });
  for (const Identity of ["ann@contoso.onmicrosoft.com", "bob@contoso.onmicrosoft.com"]) {
    await run(exchange, process.env.EXCHANGE, "Set-Mailbox", { Identity, CustomAttribute1: "told-to-nobody" });
  }
  const moved = await fetch(urlAt(compliance, "/EXOModuleFile"), { redirect: "manual", headers: headers(process.env.COMPLIANCE) });
  console.log("moved", moved.status, new URL(moved.headers.get("location")).hostname);
  await run(moved.headers.get("location"), process.env.COMPLIANCE, "Get-Label");
})();
`;

test("a run against both workloads is passed on, shown, and written down without a value", async () => {
  const { graph, app } = await exchangeTenant(context);
  const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";
  await giveRole(graph, app.servicePrincipalId, globalAdministrator);
  const tokenFor = async (resource: string) =>
    (
      await requestToken(context, {
        client_id: app.appId,
        client_secret: app.secret,
        scope: `${resource}/.default`,
      })
    ).body.access_token as string;
  const { login, exchange, compliance } = context.simulator.endpoints;
  const caFile = join(folder, "ca.pem");
  writeFileSync(caFile, context.simulator.caCertificatePem);
  writeFileSync(join(folder, "client.js"), client);
  const added = {
    APPONLY_AUTHORITY: login,
    APPONLY_EXCHANGE: exchange,
    APPONLY_COMPLIANCE: compliance,
    SSL_CERT_FILE: caFile,
    TENANT: context.tenant.tenantId,
    EXCHANGE: await tokenFor("https://outlook.office365.com"),
    COMPLIANCE: await tokenFor("https://ps.compliance.protection.outlook.com"),
  };
  // In a process of its own, as in a terminal.
  const file = join(folder, "r.json");
  const args = ["record", "--output", file, "--", process.execPath, join(folder, "client.js")];
  const ended = await runApponly(args, folder, added);
  expect(ended).toMatchObject({ code: 0, stdout: `${file} holds 3 different calls.\n` });
  expect(ended.stderr.replace(/ \d+$/gm, " N")).toContain(
    [
      "module 200 true",
      "Get-Mailbox 200 N",
      "Set-Mailbox 200 N",
      "Set-Mailbox 404 N",
      "moved 302 127.0.0.1",
      "Get-Label 200 N",
    ].join("\n"),
  );
  const text = readFileSync(file, "utf8");
  expect(JSON.parse(text)).toEqual({
    recordingVersion: 1,
    calls: [
      { workload: "exchange", cmdlet: "Get-Mailbox", parameters: ["ResultSize"], count: 1 },
      {
        workload: "exchange",
        cmdlet: "Set-Mailbox",
        parameters: ["CustomAttribute1", "Identity"],
        count: 2,
      },
      { workload: "compliance", cmdlet: "Get-Label", parameters: [], count: 1 },
    ],
  });
  expect(text).not.toMatch(/told-to-nobody|contoso|Bearer|eyJ/);
  const io = recordingIo();
  expect(await run(["advise", "--recording", file], io)).toBe(0);
  expect(io.written()).toContain("Set-Mailbox");
});
