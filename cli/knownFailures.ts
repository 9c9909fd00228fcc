import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { diagnoseNoAnswer } from "../access/verify/signIn";
import { classOfFailure } from "../fleet/failureClass";
import type { FailureClass } from "../fleet/record";
import { NoAnswer } from "../microsoft/http";
import { StackMissing } from "../operations/readableStack";
import { exitCodes, Failure } from "../system/failure";
import { isLoopback } from "../system/loopback";
import { systemReason } from "../system/systemErrors";
import { remedyIn } from "./failureJson";
import { explainLock } from "./lockedStack";
import { namedAsInProject } from "./stagedProject";

/** What a text of the CLI, the engine or a plugin means, and what somebody does about it. */
interface KnownFailure {
  readonly pattern: RegExp;
  /** Such a text, as docs/troubleshooting.md has it. */
  readonly example: string;
  /** Cause, remedy and command; nothing where the text is about something else after all. */
  readonly say: (match: RegExpExecArray, stack: string) => string | undefined;
  readonly exitCode: number;
  /** Page that says more. */
  readonly source: string;
}

/** What stands for a stack whose name is not known. */
const stackNotKnown = "NAME";

const doctorCommandFor = (stack: string) =>
  stack === stackNotKnown ? "apponly doctor" : `apponly doctor --stack ${stack}`;

/**
 * What Go's client says of a lost request, and the code that Node has for the same.
 *
 * @see https://pkg.go.dev/net/http
 */
const lossesInGo: readonly (readonly [pattern: string, code: string])[] = [
  [String.raw`x509: [^\n"]+|tls: failed to verify certificate`, "CERT"],
  ['proxyconnect [^\n"]+|Proxy Authentication Required', "ERR_PROXY_TUNNEL"],
  ["first record does not look like a TLS handshake", "EPROTO"],
  ["server gave HTTP response to HTTPS client", "EPROTO"],
  [
    "TLS handshake timeout|context deadline exceeded|Client\\.Timeout exceeded|i/o timeout",
    "ETIMEDOUT",
  ],
  [
    "(?:unexpected )?EOF|connection reset by peer|broken pipe|forcibly closed|closed network connection|GOAWAY|server closed idle connection",
    "ECONNRESET",
  ],
];

/** The plugin is written in Go, and does not know what Node is told to trust. */
const trustForGo =
  "Exempt the host from inspection, or have Pulumi's plugins trust the inspecting authority: in the system's store, or with SSL_CERT_FILE.";

/** What is known of texts of the CLI, the engine and plugins; the first that fits. */
export const failureTable: readonly KnownFailure[] = [
  {
    pattern: /the stack is currently locked by/,
    example:
      "the stack is currently locked by 1 lock(s). … /locks/organization/access/contoso/1.json: created by ci@runner (pid 4711) at 2026-11-02T08:00:00Z",
    say: ({ input }) => explainLock(input),
    exitCode: exitCodes.failed,
    source: "https://www.pulumi.com/docs/iac/cli/commands/pulumi_cancel/",
  },
  {
    pattern:
      /(?:(?:write|open|mkdir|create|rename) (\/[^\n:]+): )?(?:no space left on device|disk quota exceeded|not enough space on the disk)(?:, \w+ '([^'\n]+)')?/i,
    example: "write /state/.pulumi/stacks/access/contoso.json: no space left on device",
    say: ([, ...paths]) =>
      `No space is left on the disk${positionInText(paths.find((path) => path !== undefined))}. Free some, and run the same command again: it goes on from here.`,
    exitCode: exitCodes.failed,
    source: "https://www.pulumi.com/docs/iac/concepts/state-and-backends/",
  },
  {
    pattern:
      /PULUMI_ACCESS_TOKEN must be set|invalid access token|problem logging in|no credentials found|no Pulumi access token/i,
    example: "PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
    say: () =>
      "Nobody is logged in to the backend that keeps Pulumi's state. Log in: `pulumi login`. In a pipeline set PULUMI_ACCESS_TOKEN, or PULUMI_BACKEND_URL with the credentials of that backend.",
    exitCode: exitCodes.usage,
    source: "https://www.pulumi.com/docs/iac/cli/commands/pulumi_login/",
  },
  {
    pattern: /backend \S+ does not support environments/i,
    example: "backend vm does not support environments",
    say: (_, stack) =>
      `The settings of the stack ${stack} import an environment of Pulumi ESC, which only Pulumi Cloud opens. Log in to it: \`pulumi login\`. Or take "environment" out of the settings, and write what it holds into the project's file.`,
    exitCode: exitCodes.usage,
    source: "https://www.pulumi.com/docs/esc/",
  },
  {
    pattern: /no stack named '(?:[^'\n]*\/)?([^'\n/]+)' found/,
    example: "no stack named 'contoso' found",
    say: ([, stack = ""]) => new StackMissing(stack).message,
    exitCode: exitCodes.usage,
    source: "https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_select/",
  },
  {
    pattern: /incorrect passphrase/i,
    example: "get stack secrets manager: incorrect passphrase",
    say: (_, stack) =>
      `The passphrase does not open the secrets of the stack ${stack}. Set the one it was made with in PULUMI_CONFIG_PASSPHRASE, or name its file in PULUMI_CONFIG_PASSPHRASE_FILE; stacks that have other ones take a run of their own.`,
    exitCode: exitCodes.usage,
    source: "https://www.pulumi.com/docs/iac/concepts/secrets/",
  },
  {
    pattern: /passphrase must be set|PULUMI_CONFIG_PASSPHRASE/,
    example:
      "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
    say: (_, stack) =>
      `The secrets of the stack ${stack} need their passphrase. Set PULUMI_CONFIG_PASSPHRASE, or name its file in PULUMI_CONFIG_PASSPHRASE_FILE.`,
    exitCode: exitCodes.usage,
    source: "https://www.pulumi.com/docs/iac/concepts/secrets/",
  },
  {
    // https://github.com/pulumi/pulumi/blob/master/sdk/go/common/workspace/config.go
    pattern:
      /could not unmarshal '([^'\n]+)': (Configuration key '([^'\n]+)' is not namespaced[^\n]*)/,
    example:
      "could not unmarshal 'Pulumi.yaml': Configuration key 'azuread:tenantId' is not namespaced by the project and should not define a type",
    say: ([, file, text, key]) =>
      `Pulumi refuses ${file}: ${text}. Write only what it is: "${key}:" and under it "value:". A type and a default are for keys of the project's own name.`,
    exitCode: exitCodes.usage,
    source: "https://www.pulumi.com/docs/iac/concepts/projects/project-file/",
  },
  {
    pattern: /could not (?:unmarshal|parse) '([^'\n]+)': (?!yaml:|invalid YAML)([^\n]*)/,
    example: "could not unmarshal 'Pulumi.yaml': project is missing a 'runtime' attribute",
    say: ([, file, text]) => `Pulumi refuses ${file}: ${text}. Correct it.`,
    exitCode: exitCodes.usage,
    source: "https://www.pulumi.com/docs/iac/concepts/projects/project-file/",
  },
  {
    pattern:
      /(?:invalid YAML file|could not (?:parse|unmarshal)|yaml: (?:line|unmarshal))[^\n]*(?:\n\s*line \d+: [^\n]*)?/i,
    example: "invalid YAML file: yaml: line 5: found character that cannot start any token",
    say: ([text = ""], stack) =>
      `The settings of the stack ${stack} are not valid YAML: ${text.replace(/\s*\n\s*/, " ")}. Correct the line; blanks and not tabs indent YAML.`,
    exitCode: exitCodes.usage,
    source: "https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/",
  },
  {
    pattern: /(AADSTS\d+: [^"\\\n]*?[.!])(?=\s|"|\\|$)/,
    example: "AADSTS7000222: The provided client secret keys for app '…' are expired.",
    say: ([, text = ""], stack) =>
      restartedSimulator(text) ??
      `The deployer cannot sign in: ${text} ${signInRemedy(text, stack)}`,
    exitCode: exitCodes.verification,
    source: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
  },
  {
    pattern: /(\S+) gave no answer \((\w+)\): ([^\n]*)/,
    example: "graph.microsoft.com gave no answer (ECONNRESET): read ECONNRESET",
    say: ([, host = "", code = "", text = ""]) => {
      const { cause, remedy } = diagnoseNoAnswer(new NoAnswer(code, host, text));
      return `${cause} ${remedy}`;
    },
    exitCode: exitCodes.failed,
    source: "https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges",
  },
  {
    // https://learn.microsoft.com/graph/resolve-auth-errors
    pattern:
      /(?:(Could not [^\n:]{1,200}): [^\n]*)?(?:\bAuthorization_RequestDenied\b|Insufficient privileges to complete the operation)/,
    example:
      "Could not create application: Authorization_RequestDenied: Insufficient privileges to complete the operation.",
    say: ([, what = ""], stack) =>
      `The tenant refuses this to the deployer${what === "" ? "" : ` (${what})`}: it lacks a permission, or the consent to it (Authorization_RequestDenied). See which, and grant it: ${doctorCommandFor(stack)}`,
    exitCode: exitCodes.verification,
    source: "https://learn.microsoft.com/graph/resolve-auth-errors",
  },
  {
    pattern:
      /(?:dial tcp|connect|getaddrinfo)\S* (?:\[?([\w.:-]+?)\]?:\d+: connect: connection refused|(?:ECONNREFUSED|ENOTFOUND|ETIMEDOUT) ([\w.-]+)|.*lookup ([\w.-]+)[^\n]*no such host|([\w.-]+):\d+: i\/o timeout)/,
    example: "dial tcp: lookup graph.microsoft.com on 10.0.0.1:53: no such host",
    say: ([, ...hosts]) =>
      unreachableHostText(hosts.find((host) => host !== undefined) ?? "the tenant"),
    exitCode: exitCodes.failed,
    source: "https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges",
  },
  {
    // Where further authorities are read, the stopped simulator's is the first that is missed.
    pattern: /\bopen '?[^'\n]*simulator-trust\.pem/,
    example: "ENOENT: no such file or directory, open '/project/.apponly/simulator-trust.pem'",
    say: () => unreachableHostText("127.0.0.1"),
    exitCode: exitCodes.failed,
    source: "https://github.com/apponly/apponly/blob/main/docs/how-to/try.md",
  },
  {
    // How Go's client, which the azuread plugin uses, tells of a request without an answer.
    pattern: new RegExp(
      String.raw`\b(?:Get|Head|Post|Put|Patch|Delete) "https?://([^/"\s]+)[^"\s]*": [^\n]*?(${lossesInGo.map(([loss]) => loss).join("|")})`,
    ),
    example:
      'Get "https://graph.microsoft.com/v1.0/applications": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    say: ([, host = "", loss = ""]) => {
      const [, code = "ECONNRESET"] =
        lossesInGo.find(([pattern]) => new RegExp(pattern).test(loss)) ?? [];
      const { cause, remedy } = diagnoseNoAnswer(new NoAnswer(code, host, loss));
      return `${cause.replace(code, loss)} ${code === "CERT" ? trustForGo : remedy}`;
    },
    exitCode: exitCodes.failed,
    source: "https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges",
  },
  {
    pattern:
      /unable to build authorizer|could not configure \S+ authorizer|no authorizer could be configured|No way to sign in is configured|Please run 'az login'/i,
    example:
      "unable to build authorizer for Microsoft Graph API: could not configure AzureCli Authorizer",
    say: (_, stack) =>
      `Nothing says how the deployer signs in. Run \`az login --allow-no-subscriptions\`, or set ARM_CLIENT_ID, ARM_TENANT_ID and ARM_CLIENT_SECRET or ARM_USE_OIDC=true, and see: ${doctorCommandFor(stack)}`,
    exitCode: exitCodes.verification,
    source: "https://www.pulumi.com/registry/packages/azuread/installation-configuration/",
  },
  {
    // https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/schema/resource.go
    pattern: /\bdoesn't support update\b/,
    example: "updating failed error: doesn't support update",
    say: (_, stack) =>
      `What an earlier run has made is in the stack's state, and that run did not see its end; its provider cannot update it. Have it read again: apponly up --refresh --stack ${stack}`,
    exitCode: exitCodes.failed,
    source: "https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/schema/resource.go",
  },
  {
    pattern:
      /(?:no resource plugin|failed to load (?:resource )?plugin|could not load plugin)[^\n]*/i,
    example: "no resource plugin 'pulumi-resource-azuread' found in the workspace",
    say: ([text]) =>
      `A plugin of Pulumi cannot be started: ${text}. Get the tools ready: apponly toolchain`,
    exitCode: exitCodes.failed,
    source: "https://www.pulumi.com/docs/iac/cli/commands/pulumi_plugin_install/",
  },
];

/**
 * Says where the deployer got no token because the simulator was started anew: it has another secret
 * than the shells that read its settings before.
 *
 * @param text Entra's own, with its number.
 */
export function restartedSimulator(text: string): string | undefined {
  return process.env.APPONLY_EMBEDDED === "true" && /AADSTS(7000215|700016|90002)\b/.test(text)
    ? "The embedded tenant was started anew since this shell read its settings, and has another secret now. Read them again: . .apponly/simulator.env, or run the command with --embedded."
    : undefined;
}

/** What lets the deployer sign in; where the tenant is to blame, that is not its credentials. */
function signInRemedy(text: string, stack: string): string {
  switch (classOfFailure(text, exitCodes.verification)) {
    case "throttled":
      return "Run the same command again in a few minutes.";
    case "tenant-gone":
      return `Correct azuread:tenantId in the settings of the stack ${stack}; where the tenant was given up, remove the stack.`;
    default:
      return `Correct its credentials, and see: ${doctorCommandFor(stack)}`;
  }
}

/** Where a disk is full; a write of which nothing is told may be one of temporary files. */
function positionInText(path: string | undefined): string {
  return path === undefined
    ? `, that of the project or that of temporary files, ${tmpdir()}`
    : ` that has ${dirname(path)}`;
}

/** Why a host cannot be reached, and what to do. */
export function unreachableHostText(host: string): string {
  return isLoopback(host)
    ? "The embedded tenant that this shell is pointed at is not running. Start it with `apponly simulator` and read its settings again, or run the command with --embedded."
    : `${host} cannot be reached. Allow outgoing https to it, or set HTTPS_PROXY, and run the same command again.`;
}

/**
 * What is known of a failure that comes as a text.
 *
 * @param stack Name of the stack.
 * @returns Nothing where the text is about something else.
 */
export function knownFailure(error: unknown, stack = stackNotKnown): Failure | undefined {
  const known = findKnown(
    namedAsInProject(error instanceof Error ? error.message : String(error)),
    stack,
  );
  return known === undefined
    ? systemFailure(error)
    : new Failure(known.message, known.exitCode, { cause: error });
}

function findKnown(text: string, stack: string): (KnownFailure & { message: string }) | undefined {
  for (const row of failureTable) {
    const match = row.pattern.exec(text);
    const message = match === null ? undefined : row.say(match, stack);
    if (message !== undefined) {
      return { ...row, message };
    }
  }
  return undefined;
}

/** What a text of the CLI, the engine or a plugin means where no stack is at hand. */
export interface ExplainedFailure {
  readonly code: FailureClass;
  readonly cause: string;
  readonly remedy: string;
  readonly source: string;
}

/** The same that a command says of its failure; nothing where the text is about something else. */
export function explainEngineText(text: string): ExplainedFailure | undefined {
  const known = findKnown(text, stackNotKnown);
  if (known === undefined) {
    return undefined;
  }
  const { message, exitCode, source } = known;
  const remedy = remedyIn(message) ?? "";
  const cause = message.slice(0, message.length - remedy.length).trim();
  return { code: classOfFailure(message, exitCode), cause, remedy, source };
}

/** What the system says of a file or a folder. */
function systemFailure(error: unknown): Failure | undefined {
  const { path, syscall = "", code } = error as NodeJS.ErrnoException;
  if (syscall === "mkdtemp") {
    return new Failure(
      `The folder for temporary files, ${tmpdir()}, cannot be used: it ${systemReason(error, "written")}. Name another one in ${process.platform === "win32" ? "TEMP" : "TMPDIR"}.`,
      exitCodes.failed,
      { cause: error },
    );
  }
  if (code === "EISDIR" && path === undefined) {
    return new Failure("A folder lies where a file is to be read.", exitCodes.failed, {
      cause: error,
    });
  }
  return path === undefined || !/^(?!spawn)\w/.test(syscall)
    ? undefined
    : new Failure(`${path} ${systemReason(error, "used")}.`, exitCodes.failed, { cause: error });
}
