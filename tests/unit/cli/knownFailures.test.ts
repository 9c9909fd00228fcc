/** What the CLI, the engine and plugins say of the failures that everybody has, in one sentence each. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { findStack } from "../../../operations/project";
import { stageProject } from "../../../cli/stagedProject";
import { NoAnswer } from "../../../microsoft/http";
import { classOfFailure } from "../../../fleet/failureClass";
import { TokenRefused } from "../../../microsoft/tokens";
import { startedByNpx } from "../../support/startedByNpx";
import { asTypedHere, typedIo } from "../../../cli/typedCommands";
import { failureOf, wholeText } from "../../../cli/errors";
import { documentOf } from "../../support/documents";
import type { ExplainDocument } from "../../../cli/documents/explain";
import { explainEngineText, failureTable } from "../../../cli/knownFailures";
import { run } from "../../../cli/command";
import { recordingIo } from "../../support/recordingIo";

/** As the SDK wraps what the CLI has written. */
const wrapped = (stderr: string) =>
  new Error(`code: -2
 stdout: Previewing update (dev):
 stderr: Command failed with exit code 255: pulumi preview
${stderr}
 err?: Error: Command failed with exit code 255: /cache/pulumi preview --client=127.0.0.1:42589`);

const lookup = (text: string) =>
  `error: Unhandled exception: Error: invocation of azuread:index/getDomains:getDomains returned an error: ${text}
    at Object.callback (/x/node_modules/@pulumi/pulumi/runtime/invoke.js:1:1)
error: Unhandled exception: Error: error serializing property "outputs": error serializing property "clientId": invocation of azuread:index/getClientConfig:getClientConfig returned an error: ${text}`;

test("what the CLI says of the copy of a project's files names the person's own, alike for each stack", async () => {
  const folder = mkdtempSync(join(tmpdir(), "a project of-"));
  const files = ["Pulumi.yaml", "Pulumi.contoso.yaml"].map((name) => join(folder, name));
  files.forEach((file) => writeFileSync(file, "name: apponly\nruntime: nodejs\n"));
  const said = async (name: string, text: string) => {
    const { directory } = await stageProject(findStack("contoso", folder));
    return failureOf(wrapped(`error: ${text.replace("FILE", join(directory, name))}`)).message;
  };
  const typed =
    "could not unmarshal 'FILE': Configuration key 'apponly:directoryRoles' is not namespaced by the project and should not define a type";
  const first = await said("Pulumi.yaml", typed);
  expect(first).toBe(
    `Pulumi refuses ${files[0]}: Configuration key 'apponly:directoryRoles' is not namespaced by the project and should not define a type. Write only what it is: "apponly:directoryRoles:" and under it "value:". A type and a default are for keys of the project's own name.`,
  );
  expect(await said("Pulumi.yaml", typed)).toBe(first);
  expect(await said("Pulumi.contoso.yaml", "could not unmarshal 'FILE': config is null")).toBe(
    `Pulumi refuses ${files[1]}: config is null. Correct it.`,
  );
  // What nobody here knows, too.
  expect(await said("Pulumi.contoso.yaml", "FILE is odd")).toBe(`${files[1]} is odd`);
  rmSync(folder, { recursive: true });
});

test.each([
  ["that have none get the salt of the state", "config: {}\n", "passphrase", "v1:c2FsdA==:v1:YQ=="],
  ["that have their own keep it", "encryptionsalt: v1:own\n", "passphrase", "v1:own"],
  ["that a service encrypts keep that", "secretsprovider: awskms://x\n", "passphrase", undefined],
  ["whose state something else encrypts get none", "config: {}\n", "cloud", undefined],
])("copied settings %s", async (_what, text, type, expected) => {
  const folder = mkdtempSync(join(tmpdir(), "salted-"));
  const stacks = join(folder, "state/.pulumi/stacks/apponly");
  mkdirSync(stacks, { recursive: true });
  const backend = `backend: { url: "file://${join(folder, "state")}" }\n`;
  writeFileSync(join(folder, "Pulumi.yaml"), `name: apponly\nruntime: nodejs\n${backend}`);
  writeFileSync(join(folder, "Pulumi.contoso.yaml"), text);
  const provider = { type, state: { salt: "v1:c2FsdA==:v1:YQ==" } };
  const state = { checkpoint: { latest: { secrets_providers: provider } } };
  writeFileSync(join(stacks, "contoso.json"), JSON.stringify(state, null, 4));
  const { directory } = await stageProject(findStack("contoso", folder));
  const copied = parse(readFileSync(join(directory, "Pulumi.contoso.yaml"), "utf8")) as object;
  expect((copied as { encryptionsalt?: string }).encryptionsalt).toBe(expected);
  // The person's own are as they were.
  expect(readFileSync(join(folder, "Pulumi.contoso.yaml"), "utf8")).toBe(text);
  rmSync(folder, { recursive: true });
});

test("a token that Entra refuses is told without what only its log has, with what heals it", () => {
  const refused = new TokenRefused(
    50196,
    "AADSTS50196: The server terminated an operation. Please contact your app vendor. Trace ID: 1 Timestamp: 2",
    400,
  );
  const { message, exitCode } = failureOf(refused, undefined, "contoso");
  expect(message).toBe(
    "The deployer cannot sign in: AADSTS50196: The server terminated an operation. Run the same command again in a few minutes.",
  );
  expect(classOfFailure(message, exitCode)).toBe("throttled");
  const lost = failureOf(new Error(new NoAnswer("ECONNRESET", "graph.microsoft.com", "x").message));
  expect(classOfFailure(lost.message, lost.exitCode)).toBe("unreachable");
});

test.each<[string, string, number, string]>([
  [
    "nobody is logged in",
    "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
    2,
    "Nobody is logged in to the backend that keeps Pulumi's state. Log in: `pulumi login`.",
  ],
  [
    "an environment of Pulumi ESC is imported without Pulumi Cloud",
    "error: backend vm does not support environments; Pulumi ESC environments require the Pulumi Cloud backend, use `pulumi login` without arguments to log into the Pulumi Cloud backend",
    2,
    'import an environment of Pulumi ESC, which only Pulumi Cloud opens. Log in to it: `pulumi login`. Or take "environment" out of the settings',
  ],
  [
    "the disk of the state is full",
    'error: failed to save snapshot: An IO error occurred while writing the new snapshot file: blob (key ".pulumi/stacks/x/dev.json") (code=Unknown): write /srv/state/.pulumi/stacks/x/dev.json.18eb.tmp: no space left on device',
    1,
    "No space is left on the disk that has /srv/state/.pulumi/stacks/x. Free some, and run the same command again",
  ],
  [
    "the disk is full, and Node does not say which",
    "ENOSPC: no space left on device, write",
    1,
    "No space is left on the disk, that of the project or that of temporary files, ",
  ],
  [
    "the disk of a folder is full",
    "ENOSPC: no space left on device, mkdtemp '/run/small/apponly-XXXXXX'",
    1,
    "No space is left on the disk that has /run/small. Free some",
  ],
  [
    "a request through another's client got no answer",
    new NoAnswer("ETIMEDOUT", "graph.microsoft.com", "no answer in time").message,
    1,
    "The connection to graph.microsoft.com broke off (ETIMEDOUT). Try again;",
  ],
  [
    "Graph says in words that a permission is missing",
    "Insufficient privileges to complete the operation.",
    4,
    "See which, and grant it: apponly doctor --stack contoso",
  ],
  [
    "Go's client lost a connection",
    'Retrieving Service Principal: Get "https://graph.microsoft.com/beta/servicePrincipals/1?%24select=samlMetadataUrl": EOF',
    1,
    "The connection to graph.microsoft.com broke off (EOF). Try again;",
  ],
  [
    "Go's client waited for nothing",
    'listing domains: Get "https://graph.microsoft.com/v1.0/domains": net/http: TLS handshake timeout',
    1,
    "The connection to graph.microsoft.com broke off (TLS handshake timeout). Try again;",
  ],
  [
    "something reset a connection of Go's client",
    'Patch "https://graph.microsoft.us/v1.0/applications/1": read tcp 10.0.0.4:5->20.1.1.1:443: read: connection reset by peer',
    1,
    "The connection to graph.microsoft.us broke off (connection reset by peer). Try again;",
  ],
  [
    "Go's client does not trust what answers",
    'could not build authorizer: Get "https://login.microsoftonline.com/x/.well-known/openid-configuration": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    1,
    "The certificate of login.microsoftonline.com is not trusted (tls: failed to verify certificate): something intercepts TLS. Exempt the host from inspection, or have Pulumi's plugins trust the inspecting authority: in the system's store, or with SSL_CERT_FILE.",
  ],
  [
    "a proxy turns Go's client away",
    'Post "https://graph.microsoft.com/v1.0/applications": Proxy Authentication Required',
    1,
    "What answered for graph.microsoft.com is not Microsoft's (Proxy Authentication Required): a proxy or a sign-in page.",
  ],
  [
    "what was made cannot be updated",
    " +  azuread:index:DirectoryRoleAssignment access-grants-role updating failed error: 1 error occurred:\n\t* doesn't support update",
    1,
    "its provider cannot update it. Have it read again: apponly up --refresh --stack contoso",
  ],
  [
    "the passphrase is wrong",
    "error: get stack secrets manager: incorrect passphrase",
    2,
    "The passphrase does not open the secrets of the stack contoso. Set the one it was made with in PULUMI_CONFIG_PASSPHRASE",
  ],
  [
    "the passphrase is missing",
    "error: constructing secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
    2,
    "The secrets of the stack contoso need their passphrase.",
  ],
  [
    "the settings are not YAML",
    "error: getting stack configuration: invalid YAML file: yaml: line 5: found character that cannot start any token",
    2,
    "The settings of the stack contoso are not valid YAML: invalid YAML file: yaml: line 5: found character that cannot start any token.",
  ],
  [
    "the settings have a key twice, which is told in a second line",
    'error: getting stack configuration: yaml: unmarshal errors:\n  line 13: mapping key "encryptionsalt" already defined at line 1',
    2,
    'are not valid YAML: yaml: unmarshal errors: line 13: mapping key "encryptionsalt" already defined at line 1. Correct the line',
  ],
  [
    "the backend does not have the stack",
    "error: no stack named 'organization/access/contoso' found",
    2,
    'The backend has no stack "contoso". Roll it out: `apponly up --stack contoso`. Or log in to the backend that has it: pulumi login',
  ],
  [
    "the deployer's secret is wrong",
    lookup(
      'clientCredentialsToken: received HTTP status 401 with response: {"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the value.","trace_id":"x"}',
    ),
    4,
    "The deployer cannot sign in: AADSTS7000215: Invalid client secret provided.",
  ],
  [
    "the tenant is not there",
    "clientCredentialsToken: AADSTS90002: Tenant 'x' not found.",
    4,
    "AADSTS90002: Tenant 'x' not found. Correct azuread:tenantId in the settings of the stack",
  ],
  [
    "the tenant limits the deployer",
    "clientCredentialsToken: AADSTS50196: The server terminated an operation because it encountered a client request loop.",
    4,
    "request loop. Run the same command again in a few minutes.",
  ],
  [
    "the deployer lacks a permission",
    "1 error occurred:\n\t* Could not create app role assignment: unexpected status 403 (403 Forbidden) with error: Authorization_RequestDenied: Insufficient privileges to complete the operation.",
    4,
    "The tenant refuses this to the deployer (Could not create app role assignment): it lacks a permission, or the consent to it (Authorization_RequestDenied). See which, and grant it: apponly doctor --stack",
  ],
  [
    "nothing signs the deployer in",
    lookup("unable to build authorizer for Microsoft Graph API: no authorizer could be configured"),
    4,
    "Nothing says how the deployer signs in. Run `az login --allow-no-subscriptions`, or set ARM_CLIENT_ID",
  ],
  [
    "the simulated tenant is gone",
    lookup(
      'Get "https://127.0.0.1:38233/metadata": dial tcp 127.0.0.1:38233: connect: connection refused',
    ),
    1,
    "The embedded tenant that this shell is pointed at is not running. Start it with `apponly simulator`",
  ],
  [
    "the simulated tenant is gone with the file of its authority",
    lookup("ENOENT: no such file or directory, open '/srv/x/.apponly/simulator-trust.pem'"),
    1,
    "The embedded tenant that this shell is pointed at is not running. Start it with `apponly simulator`",
  ],
  [
    "another program has got the simulated tenant's port",
    new NoAnswer("EPROTO", "127.0.0.1:38233", "wrong version number").message,
    1,
    "The embedded tenant is not running. Start it with `apponly simulator`",
  ],
  [
    "the tenant cannot be reached",
    lookup(
      'Get "https://graph.microsoft.com/v1.0": dial tcp: lookup graph.microsoft.com on 10.0.0.1:53: no such host',
    ),
    1,
    "graph.microsoft.com cannot be reached. Allow outgoing https to it, or set HTTPS_PROXY",
  ],
  [
    "a plugin is missing",
    "error: no resource plugin 'pulumi-resource-azuread' found in the workspace at version v6.9.1",
    1,
    "A plugin of Pulumi cannot be started: no resource plugin 'pulumi-resource-azuread' found",
  ],
])("where %s, one sentence names cause and remedy", (_, stderr, exitCode, sentence) => {
  const error = wrapped(stderr);
  const failure = failureOf(error, 1, "contoso");
  expect(failure.message).toContain(sentence);
  expect(failure.message).not.toMatch(/\n|Unhandled|invocation|err\?|--client/);
  expect(failure.exitCode).toBe(exitCode);
  if (sentence.includes("not running")) {
    expect(classOfFailure(failure.message, exitCode)).toBe("unreachable");
  }
  // The engine's own text is there for --debug.
  expect(wholeText(failure)).toContain("--client=127.0.0.1:42589");
});

test("what is not known is said once, without what is wrapped around it", () => {
  expect(failureOf(wrapped(lookup("Quota exceeded."))).message).toBe("Quota exceeded.");
});

describe("of the embedded tenant", () => {
  const before = process.env.APPONLY_EMBEDDED;
  beforeEach(() => (process.env.APPONLY_EMBEDDED = "true"));
  afterEach(() => {
    if (before === undefined) {
      delete process.env.APPONLY_EMBEDDED;
    } else {
      process.env.APPONLY_EMBEDDED = before;
    }
  });

  test("a secret of before it was started anew is named as the cause, with both ways on", () => {
    const said = failureOf(
      wrapped(lookup("AADSTS7000215: Invalid client secret provided. Ensure.")),
    );
    expect(said.message).toBe(
      "The embedded tenant was started anew since this shell read its settings, and has another secret now. Read them again: . .apponly/simulator.env, or run the command with --embedded.",
    );
  });

  test.each([
    ["Next: apponly up --stack dev", "Next: apponly up --stack dev --embedded"],
    [
      "apponly up --refresh --stack org/p/dev, or",
      "apponly up --refresh --stack org/p/dev --embedded, or",
    ],
    ["Run apponly verify --stack dev.", "Run apponly verify --stack dev --embedded."],
    ["apponly up\n    --refresh --stack dev", "apponly up\n    --refresh --stack dev --embedded"],
    [
      "apponly export --stack dev --embedded --format json",
      "apponly export --stack dev --embedded --format json",
    ],
    ["apponly rotate --stack a.b --now", "apponly rotate --stack a.b --embedded --now"],
    ["apponly toolchain", "apponly toolchain"],
  ])("%s is a command that works as it is typed", (text, typed) => {
    expect(asTypedHere(text)).toBe(typed);
    delete process.env.APPONLY_EMBEDDED;
    expect(asTypedHere(text)).toBe(text);
  });

  test("a tenant in a folder of its own is named with its folder", () => {
    process.env.APPONLY_EMBEDDED_DIRECTORY = "/srv/my tenant";
    expect(asTypedHere("apponly rotate --stack dev --now")).toBe(
      "apponly rotate --stack dev --embedded --directory '/srv/my tenant' --now",
    );
    process.env.APPONLY_EMBEDDED_DIRECTORY = "";
    expect(asTypedHere("apponly rotate --stack dev")).toBe("apponly rotate --stack dev --embedded");
    delete process.env.APPONLY_EMBEDDED_DIRECTORY;
  });

  test.each([
    ["Next: apponly up --stack dev", "Next: npx apponly up --stack dev --embedded"],
    ["(run `apponly export --help`)", "(run `npx apponly export --help`)"],
    ["npx apponly up --embedded", "npx apponly up --embedded"],
    ["./bin/apponly up, a key that apponly knows", "./bin/apponly up, a key that apponly knows"],
  ])("%s is told as npx starts it, where npx has started this one", (text, typed) => {
    startedByNpx("apponly", () => {
      expect(asTypedHere(text)).toBe(typed);
    });
    startedByNpx("jest", () => {
      expect(asTypedHere(text)).not.toContain("npx apponly up --stack");
    });
  });

  test("what a command prints is typed so, and what it hands over is as it is", async () => {
    const text = "apponly up --stack dev";
    const io = recordingIo();
    await typedIo(io, "rotate").out(text);
    typedIo(io, "rotate").err(text);
    await typedIo(io, "export").out(text);
    expect([io.written(), io.said()]).toEqual([`${text} --embedded${text}`, `${text} --embedded`]);
  });
});

describe.each(failureTable)("$example", ({ example, pattern, source }) => {
  const explained = async (...args: string[]) => {
    const io = recordingIo();
    const code = await run(["explain", ...args], io);
    return { code, out: io.written(), err: io.said() };
  };

  test("is explained as the commands tell it, with its page", async () => {
    const { message } = failureOf(wrapped(`error: ${example}`), 1, "NAME");
    const known = explainEngineText(example);
    expect(`${known?.cause} ${known?.remedy}`.trim()).toBe(message);
    expect([known?.cause, known?.remedy]).not.toContain("");
    // No row before this one takes its texts.
    expect(failureTable.find((row) => row.pattern.test(example))?.pattern).toBe(pattern);
    const { code, out, err } = await explained(example);
    expect([code, err]).toEqual([0, ""]);
    if (!/AADSTS/.test(example)) {
      expect(out).toBe(`${known?.code}\n  ${known?.cause}\n  → ${known?.remedy}\n  ${source}\n`);
    }
    const [explanation] = (
      documentOf("explain", (await explained(example, "--json")).out) as ExplainDocument
    ).explanations;
    expect(explanation?.remedy).not.toBe("");
  });
});

test("what commands say of the engine's texts stands on the page, but for Entra's numbers, which have tables there", () => {
  const page = readFileSync(join(__dirname, "../../../docs/troubleshooting.md"), "utf8");
  const rows = failureTable.flatMap(({ example }) => {
    const { code, cause } = explainEngineText(example) ?? {};
    return /AADSTS/.test(example) ? [] : [`| \`${example}\` | \`${code}\` | ${cause} |\n`];
  });
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});
