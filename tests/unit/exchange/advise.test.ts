/**
 * What a script is seen to use, and the advice of each grade on it.
 *
 * Does not prove that a real tenant's roles hold what the snapshot here holds.
 */
import { expect, test } from "@jest/globals";
import {
  adviseByEstimate,
  adviseFromSnapshot,
  adviseSignedIn,
} from "../../../exchange/advice/advise";
import { type RoleSnapshot, takeSnapshot } from "../../../exchange/advice/snapshot";
import { findCmdlet } from "../../../exchange/catalog/cmdlets";
import { CallRecorder, readRecording } from "../../../exchange/scripts/recording";
import { readScript } from "../../../exchange/scripts/readScript";

const seen = async (script: string) => {
  const { uses, blindSpots } = await readScript("s.ps1", script);
  return [
    ...uses.map(({ line, cmdlet, parameters, grade }) =>
      [
        line,
        cmdlet,
        ...parameters.map((one) => `-${one}`),
        ...(grade === "certain" ? [] : ["?"]),
      ].join(" "),
    ),
    ...blindSpots.map(({ line, what }) => `${line} blind: ${what}`),
  ];
};

test("every cmdlet of the catalogue has a workload, and there are as many as Microsoft's pages", () => {
  expect(findCmdlet("get-mailbox")).toMatchObject({ name: "Get-Mailbox", workloads: ["exchange"] });
  expect(findCmdlet("Get-Label")?.workloads).toEqual(["compliance"]);
  expect(findCmdlet("Get-RoleGroup")?.workloads).toEqual(["exchange", "compliance"]);
});

test.each<[string, string, string[]]>([
  [
    "a call with its parameters",
    "Get-Mailbox -ResultSize Unlimited",
    ["1 Get-Mailbox -ResultSize"],
  ],
  ["any case, and abbreviated parameters", "get-mailbox -ResultS 1", ["1 Get-Mailbox -ResultSize"]],
  [
    "values by position",
    "Set-Mailbox ann -CustomAttribute1 x",
    ["1 Set-Mailbox -CustomAttribute1 -Identity"],
  ],
  [
    "a value behind a switch is one by position",
    "Get-Mailbox -Archive ann",
    ["1 Get-Mailbox -Archive -Identity"],
  ],
  ["the module before the name", "ExchangeOnlineManagement\\Get-Mailbox", ["1 Get-Mailbox"]],
  ["lines that go on", "Get-Mailbox `\n  -Identity ann", ["1 Get-Mailbox -Identity"]],
  [
    "pipelines and blocks",
    "Get-Mailbox | ForEach-Object { Set-Mailbox -Identity $_ -HiddenFromAddressListsEnabled $true }",
    ["1 Get-Mailbox", "1 Set-Mailbox -HiddenFromAddressListsEnabled -Identity"],
  ],
  [
    "a prefix of the connection",
    "Connect-ExchangeOnline -Prefix Exo\nGet-ExoMailbox -Identity a",
    ["1 Connect-ExchangeOnline -Prefix", "2 Get-Mailbox -Identity"],
  ],
  ["a call by its name in quotes", "& 'Get-Mailbox' -Identity a", ["1 Get-Mailbox -Identity"]],
  [
    "a splat whose table is written down",
    "$p = @{ Identity = 'a'; ResultSize = 1 }\nGet-Mailbox @p",
    ["2 Get-Mailbox -Identity -ResultSize"],
  ],
  ["a splat that is made elsewhere", "Get-Mailbox @p", ["1 Get-Mailbox ?"]],
  [
    "a splat that is changed",
    "$p = @{ Identity = 'a' }\n$p += $more\nGet-Mailbox @p",
    ["3 Get-Mailbox ?"],
  ],
  ["a name in a text", "Invoke-Wrapper -Name 'Get-TransportRule'", ["1 Get-TransportRule ?"]],
  [
    "text that is run",
    'Invoke-Expression "Get-Mail" + "box"',
    ["1 blind: Invoke-Expression runs text"],
  ],
  [
    "a command in a variable",
    "& $cmd -Identity a",
    ["1 blind: the command is in a variable: & $cmd -Identity a"],
  ],
  ["another script", ". ./lib.ps1", ["1 blind: another script runs, ./lib.ps1: give it too"]],
  ["a function of its own", "function Get-Mailbox { 1 }\nGet-Mailbox", []],
  ["commands of others", "Get-ChildItem; Write-Host 'x'", []],
  [
    "a list of words without quotes, which is one value",
    "Get-Mailbox -RecipientTypeDetails UserMailbox,SharedMailbox, RoomMailbox",
    ["1 Get-Mailbox -RecipientTypeDetails"],
  ],
  [
    "a list that goes on after its comma",
    "Get-Mailbox a | Select-Object Name,\r\n  Alias\nGet-User",
    ["1 Get-Mailbox -Identity", "3 Get-User"],
  ],
  [
    "lists in texts, attributes and comments as they are",
    'param([Parameter(Mandatory, Position=0)][string]$a, $b) # a,b\nGet-Mailbox -Filter "a,b \'c,d" -ResultSize 1',
    ["2 Get-Mailbox -Filter -ResultSize"],
  ],
  [
    "several names in a list of words",
    "Connect-ExchangeOnline -CommandName Get-Mailbox,Get-User",
    ["1 Connect-ExchangeOnline -CommandName", "1 Get-Mailbox ?", "1 Get-User ?"],
  ],
  [
    "sizes, and quotes of a word processor",
    "if ($size -lt 1KB) { Get-Mailbox }\n$n = \u201cAll people\u201d\nGet-User -Identity \u2018ann\u2019",
    ["1 Get-Mailbox", "3 Get-User -Identity"],
  ],
  ["what is only a comment", "# Get-Mailbox\n<# Set-Mailbox #>", []],
])("reads %s", async (_what, script, expected) => {
  expect(await seen(script)).toEqual(expected);
});

test("what cannot be parsed is a blind spot, and the rest is read", async () => {
  const lines = await seen("Get-Mailbox\nif ( {\n");
  expect(lines[0]).toBe("1 Get-Mailbox");
  expect(lines.some((line) => line.includes("could not be read"))).toBe(true);
});

test("a name that stands where nothing can be read is possible, and one in a comment there is not", async () => {
  const lines = await seen("$a ??= $(Get-Mailbox)\n# Get-User\nfoo ??= Get-Recipient\n");
  expect(lines.filter((line) => !line.includes("blind"))).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^1 Get-Mailbox/),
      expect.stringMatching(/^3 Get-Recipient/),
    ]),
  );
  expect(lines.join()).not.toContain("Get-User");
});

const script = `
Get-Mailbox -ResultSize Unlimited
Set-Mailbox -Identity ann -CustomAttribute1 x
New-ComplianceSearch -Name x
Get-Label
`;

test("signed in, the lines that will fail and the rights that are never used are told", async () => {
  const reading = await readScript("s.ps1", script);
  const advice = adviseSignedIn(reading, {
    exchange: [
      { name: "Get-Mailbox", parameters: ["Identity", "ResultSize"] },
      { name: "Set-Mailbox", parameters: ["Identity"] },
      { name: "Get-TransportRule" },
    ],
  });
  expect(advice.failing.map(({ need, why }) => [need.cmdlet, why])).toEqual([
    ["Get-Label", "the application does not serve compliance"],
    ["New-ComplianceSearch", "the application does not serve compliance"],
    ["Set-Mailbox", "the application may not use -CustomAttribute1"],
  ]);
  expect(advice.surplus).toEqual({ exchange: ["Get-TransportRule"] });
  expect(advice.broken.map(({ need }) => need.cmdlet)).toEqual(["New-ComplianceSearch"]);
  expect(advice.sawEverything).toBe(true);
});

const snapshot: RoleSnapshot = {
  snapshotVersion: 1,
  tenantId: "t",
  takenAt: "2026-11-25T00:00:00.000Z",
  roles: [
    {
      workload: "exchange",
      name: "View-Only Recipients",
      entries: { "Get-Mailbox": ["Identity", "ResultSize"], "Get-Recipient": [] },
    },
    { workload: "exchange", name: "User Options", entries: { "Set-Mailbox": ["Identity"] } },
    {
      workload: "exchange",
      name: "Mail Recipients",
      entries: {
        "Get-Mailbox": ["Identity", "ResultSize"],
        "Set-Mailbox": ["Identity", "CustomAttribute1"],
        "Set-CASMailbox": [],
      },
    },
  ],
  roleGroups: [
    { workload: "exchange", name: "Recipient Management", roles: ["Mail Recipients"] },
    {
      workload: "exchange",
      name: "Organization Management",
      roles: ["Mail Recipients", "View-Only Recipients"],
    },
  ],
};

test("from a snapshot, one role with the cmdlets to keep is found, a group, a directory role, and settings", async () => {
  const reading = await readScript("s.ps1", script.replace(/.*(ComplianceSearch|Label).*/g, ""));
  const advice = adviseFromSnapshot(reading, snapshot);
  expect(advice.roles.map(({ role }) => role)).toEqual(["Mail Recipients"]);
  expect([advice.roleGroup, advice.directoryRoles]).toEqual([
    "Recipient Management",
    ["Exchange Recipient Administrator"],
  ]);
  expect(advice.uncovered).toEqual([]);
  expect(advice.configuration).toBe(`apponly:exchangeRoles:
  - role: Mail Recipients
    cmdlets:
      - name: Get-Mailbox
        parameters:
          - ResultSize
      - name: Set-Mailbox
        parameters:
          - CustomAttribute1
    recipientFilter: Department -eq 'CHOOSE'
`);
});

test("a role that holds the cmdlet without a parameter does not do", async () => {
  const reading = await readScript("s.ps1", "Set-Mailbox ann -MaxSendSize 1MB");
  expect(adviseFromSnapshot(reading, snapshot)).toMatchObject({
    roles: [],
    uncovered: [{ cmdlet: "Set-Mailbox" }],
  });
});

test("without a tenant, what is not known is listed as unknown", async () => {
  const reading = await readScript(
    "s.ps1",
    "Get-Mailbox\nSet-TransportRule x\nStart-HistoricalSearch",
  );
  const { known, unknown } = adviseByEstimate(reading);
  expect(known.map(({ need, directoryRole, by }) => [need.cmdlet, directoryRole, by])).toEqual([
    ["Get-Mailbox", "Global Reader", "others"],
    ["Set-TransportRule", "Exchange Administrator", "others"],
  ]);
  expect(unknown.map(({ cmdlet }) => cmdlet)).toEqual(["Start-HistoricalSearch"]);
});

test("a snapshot holds roles and groups, nothing else of the tenant", async () => {
  const answers: Record<string, object[]> = {
    "Get-RoleGroup": [{ Name: "Help Desk", Roles: ["User Options"], Members: ["ann"] }],
    "Get-ManagementRoleEntry": [
      { Role: "User Options", Name: "Set-Mailbox", Parameters: ["Identity"] },
    ],
  };
  const taken = await takeSnapshot(
    [
      {
        workload: "exchange",
        run: (name) => Promise.resolve((answers[name] ?? []) as never),
        exported: () => Promise.resolve([]),
      },
    ],
    "t",
    new Date(0),
  );
  expect(taken.roles).toEqual([
    { workload: "exchange", name: "User Options", entries: { "Set-Mailbox": ["Identity"] } },
  ]);
  expect(JSON.stringify(taken)).not.toContain("ann");
});

test("a recording keeps names and counts, and no value", () => {
  const recorder = new CallRecorder();
  for (const Identity of ["ann", "bob"]) {
    recorder.note(
      "exchange",
      JSON.stringify({
        CmdletInput: { CmdletName: "get-mailbox", Parameters: { Identity, "x@odata.type": "y" } },
      }),
    );
  }
  recorder.note("exchange", "not JSON");
  const text = JSON.stringify(recorder.recording);
  expect(text).not.toMatch(/ann|bob/);
  expect(recorder.recording.calls).toEqual([
    { workload: "exchange", cmdlet: "get-mailbox", parameters: ["Identity"], count: 2 },
  ]);
  expect(readRecording(text, "r.json").uses).toMatchObject([
    { cmdlet: "Get-Mailbox", parameters: ["Identity"], grade: "certain" },
  ]);
  expect(() => readRecording("{}", "r.json")).toThrow("is not a recording");
});
