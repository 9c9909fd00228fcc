/**
 * Runs clients of other people, as their registries have them, against the simulated tenant: they ask
 * Microsoft's own addresses, which lead to the simulator by its forward proxy. Prints one line for
 * each step, and ends with 1 where a step failed or asked for a route that the simulator lacks.
 *
 * `--client NAME`, as often as given, takes only these; `--figures FILE` writes the page of results.
 * Installing them all takes minutes and gigabytes; they stay in the cache.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { exportJWK, SignJWT } from "jose";
import { createPublicKey, createPrivateKey, randomUUID } from "node:crypto";
import { graphAppRoles } from "../../../simulator/seed/graphPermissions";
import { type Simulator, startSimulator } from "../../../simulator/simulator";
import { makeCertificate, type MadeCertificate } from "../certificates";
import { type Client, clients } from "./clients";

/** What became of one step. */
interface Line {
  readonly client: string;
  readonly step: string;
  /** Undefined: it went well. */
  readonly problem?: string;
}

const issuer = "https://token.actions.githubusercontent.com";
const subject = "repo:contoso/access:ref:refs/heads/main";

/** A tenant with an application that may everything in Graph and reads Exchange's settings. */
async function startTenant(certificate: MadeCertificate): Promise<{
  simulator: Simulator;
  environment: Record<string, string>;
}> {
  const simulator = await startSimulator();
  const tenant = simulator.addTenant({
    initialDomain: "contoso.onmicrosoft.com",
    displayName: "Contoso",
    deployer: { permissions: graphAppRoles.map(({ value }) => value) },
    users: [{ userPrincipalName: "ada@contoso.onmicrosoft.com", displayName: "Ada" }],
  });
  const { clientId } = tenant.deployer;
  const secret = tenant.deployer.issueSecret();
  const graph = await graphOf(simulator, tenant.tenantId, clientId, secret);
  const application = `/applications(appId='${clientId}')`;
  const key = Buffer.from(certificate.certificatePem).toString("base64");
  await graph("PATCH", application, {
    keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key }],
  });
  await graph("POST", `${application}/federatedIdentityCredentials`, {
    name: "pipeline",
    issuer,
    subject,
    audiences: ["api://AzureADTokenExchange"],
  });
  simulator.journal.clear();
  return {
    simulator,
    environment: { TENANT_ID: tenant.tenantId, CLIENT_ID: clientId, CLIENT_SECRET: secret },
  };
}

async function graphOf(simulator: Simulator, tenantId: string, id: string, secret: string) {
  const { login, graph } = simulator.endpoints;
  const answer = await fetch(`${login}/${tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: id,
      client_secret: secret,
      scope: "https://graph.microsoft.com/.default",
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return async (method: string, path: string, body: object) => {
    const { ok, status } = await fetch(`${graph}/v1.0${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!ok) {
      throw new Error(`${method} ${path}: ${status}`);
    }
  };
}

/** A token as a job of GitHub Actions has it; the simulator knows the key. */
async function jobToken(simulator: Simulator, { privateKeyPem }: MadeCertificate) {
  const privateKey = createPrivateKey(privateKeyPem);
  const jwk = { ...(await exportJWK(createPublicKey(privateKey))), kid: "job", alg: "RS256" };
  simulator.issuers.trust(issuer, { keys: [jwk] });
  return new SignJWT({})
    .setProtectedHeader({ alg: "RS256", kid: "job" })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience("api://AzureADTokenExchange")
    .setIssuedAt()
    .setExpirationTime("2h")
    .setJti(randomUUID())
    .sign(privateKey);
}

/** The key in PKCS #8, as `apponly export --format pem` writes it and libraries for Java read it. */
function keyAsExported({ privateKeyPem }: MadeCertificate): string {
  return createPrivateKey(privateKeyPem).export({ type: "pkcs8", format: "pem" }).toString();
}

/** What installing and running have in common; the newest Node that is here is the one that runs this. */
const tools = {
  PATH: dirname(process.execPath) + delimiter + (process.env.PATH ?? ""),
  PROGRAMS: join(__dirname, "programs"),
  GOCACHE: process.env.GOCACHE ?? join(cache(), "go-build"),
  GOFLAGS: "-mod=mod",
};

/** Folder of an installed client; one that another version was installed in is another folder. */
function folderOf({ name, packages }: Client): string {
  const versions = packages
    .join("_")
    .replace(/[^\w.-]+/g, "-")
    .slice(0, 100);
  return join(cache(), `${name.replace(/\W+/g, "-")}-${versions}`);
}

function cache(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "apponly", "clients");
}

async function install(client: Client): Promise<string> {
  const folder = folderOf(client);
  const done = join(folder, ".installed");
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const { code, output } = await shell(client.install(client.packages), folder, tools);
    if (code !== 0) {
      throw new Error(`${client.name} could not be installed:\n${output.slice(-1_500)}`);
    }
    writeFileSync(done, "");
  }
  return folder;
}

/** Runs a script of the shell; what it prints, on both streams. */
async function shell(
  script: string,
  cwd: string,
  environment: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const child = spawn("/bin/sh", ["-eu", "-c", script], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const limit = setTimeout(() => child.kill("SIGKILL"), 20 * 60_000);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearTimeout(limit);
  return { code, output };
}

async function* tryClient(
  client: Client,
  simulator: Simulator,
  environment: Record<string, string>,
): AsyncGenerator<Line> {
  const folder = await install(client);
  for (const { name: step, script, prints } of client.steps) {
    simulator.journal.clear();
    const { code, output } = await shell(script, folder, environment);
    const unknown = simulator.journal
      .unknownRoutes()
      .map(({ method, path }) => `no route for ${method} ${path}`);
    const problems = [
      ...unknown,
      ...(code === 0 ? [] : [`ended with ${code}`]),
      ...(prints.test(output) ? [] : [`does not print ${String(prints)}`]),
    ];
    yield {
      client: client.name,
      step,
      ...(problems.length === 0
        ? {}
        : { problem: `${problems.join("; ")}: ${output.slice(-600)}` }),
    };
  }
}

function figuresPage(lines: readonly Line[]): string {
  const rows = clients
    .filter(({ name }) => lines.some((line) => line.client === name))
    .map(({ name, packages }) => {
      const own = lines.filter((line) => line.client === name);
      const names = own.map(({ step, problem }) =>
        problem === undefined ? step : `**${step} fails**`,
      );
      return `| ${name} | ${packages.map((one) => `\`${one}\``).join("<br>")} | ${names.join("; ")} |`;
    });
  const failed = lines.filter(({ problem }) => problem !== undefined).length;
  return [
    "# Clients of other people",
    "",
    "Unmodified clients from their registries, each against the simulated tenant. They ask Microsoft's own addresses; the simulator's forward proxy leads them to it ([how](../docs/how-to/other-clients.md)). A step fails if the client does, if it does not print what it should, or if it asks for a route that the simulator lacks.",
    "",
    "| Client | Packages | Steps |",
    "| --- | --- | --- |",
    ...rows,
    "",
    `${lines.length} steps, ${failed} failed. Node ${process.versions.node}, ${process.platform}.`,
    "",
    "Run them: `npm run clients`.",
    "",
  ].join("\n");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { client: { type: "string", multiple: true }, figures: { type: "string" } },
  });
  const certificate = makeCertificate({ commonName: "clients of other people" });
  const { simulator, environment: signIn } = await startTenant(certificate);
  const own = mkdtempSync(join(tmpdir(), "apponly-clients-"));
  const file = (name: string, content: string) => {
    writeFileSync(join(own, name), content, { mode: 0o600 });
    return join(own, name);
  };
  const authority = file("authority.pem", simulator.caCertificatePem);
  const environment = {
    ...signIn,
    METADATA_HOST: simulator.endpoints.metadataHost,
    CLIENT_PEM: file("client.pem", keyAsExported(certificate) + certificate.certificatePem),
    CLIENT_ASSERTION_FILE: file("assertion.jwt", await jobToken(simulator, certificate)),
    ...tools,
    // Proxies are named in either case; libraries differ in which one they read.
    HTTPS_PROXY: simulator.endpoints.proxy,
    https_proxy: simulator.endpoints.proxy,
    NO_PROXY: "",
    no_proxy: "",
    SSL_CERT_FILE: authority,
    REQUESTS_CA_BUNDLE: authority,
    NODE_EXTRA_CA_CERTS: authority,
    HOME: own,
    AZURE_CONFIG_DIR: join(own, "azure"),
    AZURE_CORE_COLLECT_TELEMETRY: "false",
    AZURE_CORE_ONLY_SHOW_ERRORS: "true",
    CLIMICROSOFT365_DISABLETELEMETRY: "1",
  };
  const lines: Line[] = [];
  for (const client of clients) {
    if (values.client?.includes(client.name) === false) {
      continue;
    }
    for await (const line of tryClient(client, simulator, environment)) {
      lines.push(line);
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
  }
  if (values.figures !== undefined) {
    writeFileSync(values.figures, figuresPage(lines));
  }
  await simulator.close();
  rmSync(own, { recursive: true, force: true });
  process.exit(lines.every(({ problem }) => problem === undefined) ? 0 : 1);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? ""}\n`);
  process.exit(1);
});
