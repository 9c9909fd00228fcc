import type { SimulatorContext } from "../http/context";
import { NotSimulated } from "../http/protocolError";
import type { JsonObject } from "../json";
import { opathOf } from "./opath";

/** A cmdlet with its parameters, which a request by REST stands for. */
export interface RestCall {
  readonly cmdlet: string;
  readonly sent: JsonObject;
  /** Name of what is answered, for `@odata.context`. */
  readonly entity: string;
  /** Whether one object is answered and not a list. */
  readonly single: boolean;
}

/** Cmdlets behind paths in lower case, without keys. */
const cmdletsBehind: Readonly<Record<string, readonly [cmdlet: string, entity: string]>> = {
  mailbox: ["Get-Mailbox", "Mailbox"],
  "mailbox/mailboxpermission": ["Get-MailboxPermission", "MailboxPermission"],
  "mailbox/exchange.getmailboxstatistics": ["Get-MailboxStatistics", "MailboxStatistics"],
  "mailbox/exchange.getmailboxfolderstatistics": [
    "Get-MailboxFolderStatistics",
    "MailboxFolderStatistics",
  ],
  casmailbox: ["Get-CASMailbox", "CasMailbox"],
  recipient: ["Get-Recipient", "Recipient"],
  "mailbox/mobiledevice": ["Get-MobileDevice", "MobileDevice"],
  "mailbox/mobiledevice/exchange.getmobiledevicestatistics": [
    "Get-MobileDeviceStatistics",
    "MobileDeviceStatistics",
  ],
  "recipient/recipientpermission": ["Get-RecipientPermission", "RecipientPermission"],
};

/** Options that mean something here, or change nothing of what is answered; others without `$` are parameters. */
const restOptions = ["$filter", "$select", "$top", "$skiptoken"];
const ignoredOptions = ["isencoded", "propertyset", "propertysets"];

/**
 * Reads a request of the `Get-EXO*` cmdlets and of scripts that ask the same: an entity, one of it by
 * any identity (in base64 with `IsEncoded`), or what hangs on that one; `$filter` in OData or OPATH, and
 * parameters of the cmdlet by their names. What is not known is 501.
 *
 * @param path What follows the tenant, for example `Mailbox('ada')/MailboxPermission`.
 * @see https://learn.microsoft.com/powershell/exchange/exchange-online-powershell-v2#cmdlets-in-the-exchange-online-powershell-module
 */
export function restCall(c: SimulatorContext, path: string): RestCall {
  const [, key] = /\('([^']*)'\)/.exec(path) ?? [];
  const plain = path
    .replace(/\('[^']*'\)|\(\)/g, "")
    .replace(/\/+$/, "")
    .toLowerCase();
  const [cmdlet, entity] = cmdletsBehind[plain] ?? [];
  const asked = [...new URL(c.req.url).searchParams];
  const unknown = asked
    .map(([name]) => name)
    .find((name) => name.startsWith("$") && !restOptions.includes(name.toLowerCase()));
  const keyed = plain.includes("/");
  if (cmdlet === undefined || entity === undefined || unknown || (keyed && key === undefined)) {
    throw new NotSimulated(c.req.method, c.req.path + (unknown ? `?${unknown}` : ""));
  }
  const encoded = /^true$/i.test(c.req.query("IsEncoded") ?? c.req.query("isEncoded") ?? "");
  const identity = encoded ? Buffer.from(key ?? "", "base64").toString() : key;
  const filter = c.req.query("$filter");
  return {
    cmdlet,
    sent: {
      ...Object.fromEntries(
        asked.filter(
          ([name]) => !name.startsWith("$") && !ignoredOptions.includes(name.toLowerCase()),
        ),
      ),
      ...(identity === undefined
        ? {}
        : { [plain.includes("/mobiledevice") ? "Mailbox" : "Identity"]: identity }),
      ...(filter === undefined ? {} : { Filter: opathOf(filter) }),
      ...(c.req.query("$top") === undefined ? {} : { ResultSize: c.req.query("$top")! }),
    },
    entity,
    single: key !== undefined && !keyed,
  };
}
