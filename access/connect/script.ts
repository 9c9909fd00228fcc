import type { Cloud } from "../../components/catalog/clouds";
import type { Workload } from "../../components/catalog/workloads";
import { visibleText } from "../../system/visibleText";
import { connectCommand } from "./commands";
import type { CredentialScript } from "./credentials";

/** What a script connects to. */
export interface ScriptTarget {
  readonly cloud: Cloud;
  readonly applicationId: string;
  /** Initial domain of the tenant. */
  readonly organization: string;
}

/** A cmdlet of each workload that only reads, and what of its answer is shown. */
const readOnlyCommands: Readonly<Record<Workload, string>> = {
  exchange: "Get-OrganizationConfig | Format-List -Property Name",
  compliance: 'Get-DlpCompliancePolicy | Format-Table -Property "Name", "Mode"',
};

/** One workload with its credential. */
export interface Connection {
  readonly workload: Workload;
  readonly credential: CredentialScript;
}

/** The connect command of one workload. */
export function commandFor(target: ScriptTarget, { workload, credential }: Connection): string {
  const { cloud, applicationId, organization } = target;
  // A managed identity is not an application of ours, and Connect-IPPSSession reads it from a token.
  const named =
    credential.method !== "managed-identity" &&
    !(workload === "compliance" && credential.method.startsWith("access-token"));
  return connectCommand({
    workload,
    cloud,
    credential: credential.parameters,
    organization,
    applicationId: named ? applicationId : undefined,
  });
}

/**
 * A script that makes the credential ready, connects, runs one read-only cmdlet per workload, and
 * disconnects and tidies up whatever happens.
 *
 * @param heading Comments before everything else.
 * @param setup What is run first.
 * @param own What is run once all are connected, in place of a read-only cmdlet for each.
 */
export function connectScript(
  target: ScriptTarget,
  connections: readonly Connection[],
  heading: readonly string[],
  setup: readonly string[] = [],
  own?: { readonly path: string; readonly text: string },
): string {
  const prepare = uniqueBlocks([
    ...connections.map(({ credential }) => credential.common ?? []),
    ...connections.map(({ credential }) => credential.prepare),
  ]);
  const cleanup = uniqueBlocks(connections.map(({ credential }) => credential.cleanup));
  const commands = connections.flatMap((connection) => [
    commandFor(target, connection),
    ...(own === undefined ? [readOnlyCommands[connection.workload]] : []),
  ]);
  const last = own === undefined ? 1 : 0;
  const lines = [
    ...heading,
    '$ErrorActionPreference = "Stop"',
    ...setup,
    ...(connections.some(({ workload }) => workload === "compliance") ? promptGuard : []),
    ...prepare.flat(),
    "try {",
    ...indentedLines(commands.slice(0, commands.length - last)),
    ...(own === undefined
      ? ["    # Commands of your own stand here; this one only reads."]
      : ownLines(own)),
    ...indentedLines(commands.slice(commands.length - last)),
    "}",
    "finally {",
    ...indentedLines([...cleanup.flat(), "Disconnect-ExchangeOnline -Confirm:$false"]),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

/** In a block, which may have parameters and return; not indented, as texts of several lines would change. */
function ownLines({ path, text }: { readonly path: string; readonly text: string }): string[] {
  return [`    # ${visibleText(path)}:`, "    & {", text, "    }"];
}

/**
 * Windows PowerShell has no $IsWindows, and Connect-IPPSSession then asks for a sign-in.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2#connection-examples
 */
const promptGuard = [
  'if ($PSVersionTable.PSEdition -eq "Desktop") {',
  "    # Without it Connect-IPPSSession may ask a person to sign in.",
  "    $Global:IsWindows = $true",
  "}",
];

/** Both workloads share a certificate, which is made ready once. */
function uniqueBlocks(blocks: readonly (readonly string[])[]): readonly string[][] {
  const seen = new Map(blocks.map((block) => [block.join("\n"), [...block]]));
  return [...seen.values()];
}

function indentedLines(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`);
}
