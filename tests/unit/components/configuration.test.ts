/**
 * The configuration of a stack: every rule, and that all faults are listed at once.
 * Not proven here: that Pulumi hands the values over as assumed; the journeys show that.
 */
import fc from "fast-check";
import { directoryRoles, roleNamesFor } from "../../../components/catalog/directoryRoles";
import { parseConfiguration, rawConfiguration } from "../../../components/configuration/parse";
import { faultsFor, now, parse, sound, values } from "../../support/configuration";
import { anyText } from "../../support/anyText";

test("a name that is a day, which YAML has read as a point in time, is that day", () => {
  const [certificate] = sound.certificates;
  const point = "2026-11-01 00:00:00 +0000 UTC";
  const certificates = ["2025-11-01", point].map((name) => ({ ...certificate, name }));
  expect(parse({ certificates, activeCertificate: point }).access).toMatchObject({
    activeCertificate: "2026-11-01",
    certificates: [{ name: "2025-11-01" }, { name: "2026-11-01" }],
  });
});

test("the document's own example is sound", () => {
  expect(parse()).toEqual({
    cloud: expect.objectContaining({ name: "global" }),
    access: sound,
  });
});

test("empty texts, as Pulumi.yaml declares them, are not values", () => {
  expect(parse({ notes: "", redirectUri: "", organization: "", activeCertificate: "" })).toEqual(
    parse(),
  );
});

test("all faults are listed at once, each with key, value, rule and remedy", () => {
  expect(
    faultsFor({
      displayNme: "typing mistake",
      workloads: ["exchange", "teams"],
      directoryRoles: ["Exchange Admin"],
      cloud: "mars",
      certificates: [{ name: "2026 11", subject: "contoso.org" }],
      owners: ["megan@contoso.org"],
    }),
  ).toEqual([
    ' - apponly:displayNme is not a key that apponly knows. Did you mean "displayName"? Known here: displayName, workloads, directoryRoles, exchangeRoles, complianceRoleGroups, cloud, organization, redirectUri, owners, notes, carried, certificates, activeCertificate, federatedCredentials, exceptions, tags, exports.',
    ' - apponly:cloud "mars" is not a cloud. Use one of: global, usgovernment, dod, china.',
    ' - apponly:owners[0] "megan@contoso.org" is not an object id. Use the object id of a user or a service principal, not a name or an address.',
    ' - apponly:workloads[1] "teams" is not a workload. Use exchange, compliance, or both.',
    ' - apponly:directoryRoles[0] "Exchange Admin" is not a directory role that app-only access supports. Did you mean "Exchange Administrator"? Use one of: Compliance Administrator, Exchange Administrator, Exchange Recipient Administrator, Global Administrator, Global Reader, Helpdesk Administrator, Security Administrator, Security Reader.',
    ' - apponly:certificates[0].name "2026 11" is not a name of 1 to 32 letters, digits, dots, dashes and underscores. Name a generation after its month, for example 2026-11.',
  ]);
});

test("Exchange Administrator does not serve Security & Compliance: the roles that do are named", () => {
  expect(faultsFor({ workloads: ["compliance"] })).toEqual([
    ' - apponly:directoryRoles[0] "Exchange Administrator" does not serve Security & Compliance PowerShell. Roles that do: Compliance Administrator, Global Administrator, Global Reader, Security Administrator, Security Reader.',
  ]);
  expect(faultsFor({ workloads: ["exchange", "compliance"] })).toEqual([
    ' - apponly:directoryRoles "Exchange Administrator" has no role that serves Security & Compliance PowerShell. Add one of: Compliance Administrator, Global Administrator, Global Reader, Security Administrator, Security Reader. Or give it roles of its own in complianceRoleGroups.',
  ]);
});

test("roles of Exchange's own stand in for directory roles, and each rule about them is told", () => {
  const own = { workloads: ["exchange"], directoryRoles: [] };
  expect(faultsFor({ ...own, exchangeRoles: [{ role: "mail recipients" }] })).toEqual([]);
  expect(
    faultsFor({
      ...own,
      exchangeRoles: [
        { role: "Mail Recipient" },
        { role: "View-Only Recipients", cmdlets: [], recipientFilter: "Sales" },
        {
          role: "Application Mail.Read",
          cmdlets: [{ name: "Get-Mailbox" }, { name: "get-mailbox" }],
        },
        { role: "View-Only Recipients", recipientFilter: "Sales" },
      ],
      complianceRoleGroups: [
        { name: "X", roles: ["Hold", "Hold it"] },
        { name: "x", roles: [] },
      ],
    }).map((fault) => fault.replace(/ Use one of: .*/, "")),
  ).toEqual([
    " - apponly:complianceRoleGroups is given, and workloads does not list compliance. Add compliance to workloads, or remove complianceRoleGroups.",
    ' - apponly:exchangeRoles[0].role "Mail Recipient" is not a built-in management role of Exchange Online. Did you mean "Mail Recipients"?',
    " - apponly:exchangeRoles[1].cmdlets is empty: a role without cmdlets allows nothing. Name those that stay, or remove cmdlets to keep all.",
    ` - apponly:exchangeRoles[1].recipientFilter "Sales" is not a filter. Write it in OPATH with the value in single quotes, for example Department -eq 'Sales'.`,
    ' - apponly:exchangeRoles[2].cmdlets "get-mailbox" is listed twice. List its parameters in one.',
    ' - apponly:exchangeRoles[2].cmdlets "Application Mail.Read" has no cmdlets: it is about data over Microsoft Graph and EWS. Remove cmdlets.',
    ' - apponly:exchangeRoles[3] "View-Only Recipients" is listed twice for the same recipients. List the cmdlets of both in one.',
    ` - apponly:exchangeRoles[3].recipientFilter "Sales" is not a filter. Write it in OPATH with the value in single quotes, for example Department -eq 'Sales'.`,
    ' - apponly:complianceRoleGroups[0].roles[1] "Hold it" is not a role of Security & Compliance.',
    ' - apponly:complianceRoleGroups[1].name "x" is listed twice. Remove one of them.',
    " - apponly:complianceRoleGroups[1].roles is empty: a group without roles allows nothing. Name its roles, or remove roles to join a group that is there already.",
  ]);
});

test("no role at all is a fault of each workload", () => {
  expect(faultsFor({ workloads: ["exchange", "compliance"], directoryRoles: [] })).toEqual([
    ` - apponly:directoryRoles is empty: Exchange Online PowerShell needs a role. Add one of: ${roleNamesFor("exchange").join(", ")}. Or give it roles of its own in exchangeRoles.`,
    ` - apponly:directoryRoles is empty: Security & Compliance PowerShell needs a role. Add one of: ${roleNamesFor("compliance").join(", ")}. Or give it roles of its own in complianceRoleGroups.`,
  ]);
});

describe("every row of the role table", () => {
  const exceptionFor = (role: string) => [
    { role, reason: "agreed with the security team", until: "2026-12-31" },
  ];
  const table: [role: string, exchange: boolean, compliance: boolean, exception: boolean][] = [
    ["Compliance Administrator", true, true, false],
    ["Exchange Administrator", true, false, false],
    ["Exchange Recipient Administrator", true, false, false],
    ["Global Administrator", true, true, true],
    ["Global Reader", true, true, false],
    ["Helpdesk Administrator", true, false, true],
    ["Security Administrator", true, true, true],
    ["Security Reader", true, true, false],
  ];

  test("the table is the catalog's", () => {
    expect(directoryRoles.map((role) => role.name)).toEqual(table.map(([name]) => name));
  });

  test.each(table)("%s", (role, exchange, compliance, exception) => {
    const exceptions = exception ? exceptionFor(role) : undefined;
    const with_ = (workloads: string[]) =>
      faultsFor({ directoryRoles: [role], workloads, exceptions });
    expect(with_(["exchange"]).length === 0).toBe(exchange);
    expect(with_(["compliance"]).length === 0).toBe(compliance);
    expect(with_(["exchange", "compliance"]).length === 0).toBe(exchange && compliance);
    if (exception) {
      expect(faultsFor({ directoryRoles: [role] })).toEqual([
        ` - apponly:directoryRoles "${role}" is a privileged role that can write, and no exception covers it. Choose a lesser role, or add { role: ${role}, reason: ..., until: YYYY-MM-DD } to exceptions.`,
      ]);
    }
  });
});

describe("exceptions", () => {
  const administrator = (exception: Record<string, string>) =>
    faultsFor({ directoryRoles: ["Global Administrator"], exceptions: [exception] });
  const reason = "migration of all mailboxes";

  test("hold on their last day and not on the next", () => {
    expect(administrator({ role: "Global Administrator", reason, until: "2026-11-24" })).toEqual(
      [],
    );
    expect(administrator({ role: "Global Administrator", reason, until: "2026-11-23" })).toEqual([
      ' - apponly:exceptions[0].until "2026-11-23" has passed: the exception for Global Administrator is no longer live. Remove the role, or agree on a new date with a reviewer.',
    ]);
  });

  test("may have a date that YAML has read as a point in time", () => {
    const until = "2026-12-31 00:00:00 +0000 UTC";
    expect(administrator({ role: "Global Administrator", reason, until })).toEqual([]);
  });

  test("need a reason and a date", () => {
    expect(
      administrator({ role: "Global Administrator", reason: "ask", until: "2026-02-30" }),
    ).toEqual([
      ' - apponly:exceptions[0].reason "ask" is shorter than 10 characters. Say why the role is needed, so that a reviewer can judge it.',
      ' - apponly:exceptions[0].until "2026-02-30" is not a date. Write it as YYYY-MM-DD.',
    ]);
  });

  test("are refused where they excuse nothing", () => {
    expect(
      faultsFor({ exceptions: [{ role: "Exchange Administrator", reason, until: "2026-12-01" }] }),
    ).toEqual([
      ' - apponly:exceptions[0].role "Exchange Administrator" needs no exception. Remove the exception.',
    ]);
    expect(
      faultsFor({ exceptions: [{ role: "Global Administrator", reason, until: "2026-12-01" }] }),
    ).toEqual([
      ' - apponly:exceptions[0].role "Global Administrator" is not among directoryRoles. Remove the exception, or add the role.',
    ]);
  });
});

describe("clouds", () => {
  test.each([
    ["global", "contoso.onmicrosoft.com", "public"],
    ["usgovernment", "contoso.onmicrosoft.us", "usgovernment"],
    ["dod", "contoso.onmicrosoft.us", "usgovernmentl5"],
    ["china", "contoso.partner.onmschina.cn", "china"],
  ])("%s accepts %s and the environment %s", (cloud, organization, environment) => {
    expect(faultsFor({ cloud, organization }, environment)).toEqual([]);
    expect(parse({ cloud, organization }, environment).organization).toBe(organization);
  });

  test("an own domain is not an initial domain", () => {
    expect(faultsFor({ organization: "contoso.org" })).toEqual([
      ' - apponly:organization "contoso.org" is not an initial domain of Microsoft 365 and Microsoft 365 GCC, which ends in .onmicrosoft.com. Correct it, or remove it: the tenant is then asked for its initial domain.',
    ]);
  });

  test("the provider must point at the same cloud", () => {
    expect(faultsFor({ cloud: "china" }, "public")).toEqual([
      ' - apponly:cloud "china" does not match azuread:environment, which is public. Run: pulumi config set azuread:environment china',
    ]);
    expect(faultsFor({ cloud: "dod" }, "dod")).toEqual([]);
  });
});

describe("certificates", () => {
  const faultsOfOne = (generation: Record<string, unknown>) =>
    faultsFor({ certificates: [generation] });

  test("need a subject, a sound lifetime, key size and encryption", () => {
    expect(
      faultsOfOne({ name: "a", validityDays: 731, keyBits: 1024, pfxEncryption: "rc2" }),
    ).toEqual([
      " - apponly:certificates[0].subject is missing: a generated certificate needs a subject. Give a DNS name such as contoso.org.",
      ' - apponly:certificates[0].validityDays "731" is not a whole number of days from 1 to 730. Use 365 or fewer.',
      ' - apponly:certificates[0].keyBits "1024" is not an RSA key size that Exchange and Microsoft Entra are known to accept. Use 2048, 3072, 4096.',
      ' - apponly:certificates[0].pfxEncryption "rc2" is not an encryption of a .pfx. Use modern, or legacy for Windows Server 2016 and older.',
    ]);
  });

  test("have unique names, and one of several is active", () => {
    const certificates = [
      { name: "2026-11", subject: "contoso.org" },
      { name: "2026-11", subject: "contoso.org" },
    ];
    expect(faultsFor({ certificates })).toEqual([
      ' - apponly:certificates[1].name "2026-11" is already the name of certificates[0]. Give each generation a name of its own.',
      " - apponly:activeCertificate is missing: with several generations one must be the one that pipelines receive. Set it to one of: 2026-11, 2026-11.",
    ]);
    expect(faultsFor({ activeCertificate: "2027-11" })).toEqual([
      ' - apponly:activeCertificate "2027-11" is not the name of a generation. Use one of: 2026-11.',
    ]);
  });

  test("or a federated credential must be there", () => {
    expect(faultsFor({ certificates: [] })).toEqual([
      " - apponly:certificates is empty, and so is federatedCredentials: nothing could sign in. Add a certificate, for example { name: 2026-11, subject: contoso.org }, or a federated credential.",
    ]);
  });

  test("tell the known keys when one is mistyped", () => {
    expect(faultsOfOne({ name: "a", subject: "contoso.org", validityDay: 3 })).toEqual([
      ' - apponly:certificates[0].validityDay is not a key that apponly knows. Did you mean "validityDays"? Known here: name, source, subject, validityDays, keyBits, pfxEncryption, vault, certificate, validityMonths, exportable, version, cer, retireAfter.',
    ]);
  });
});

test("a value that is not a list is named with the way to set it", () => {
  expect(faultsFor({ workloads: "exchange" })).toEqual([
    ` - apponly:workloads "exchange" is not a list. Write it as a YAML list, or set its parts with: pulumi config set --path 'apponly:workloads[0]' VALUE`,
  ]);
});

describe("a text that is not what it looks like", () => {
  const hidden = [
    "a\nb",
    "a\rb",
    "a\u202eb",
    "a\u200bb",
    "\u001b[31mred",
    "a\u2028b",
    "a\u0000",
    "\ufeffa",
  ];
  const rule = "has a line break or a character that nobody sees";

  test.each(hidden)("is refused wherever a configuration holds one: %j", (text) => {
    const github = { repository: "contoso/messaging" };
    for (const [changes, path] of [
      [{ displayName: text }, "displayName"],
      [
        { exceptions: [{ role: "Global Reader", reason: text, until: "2026-12-01" }] },
        "exceptions[0].reason",
      ],
      [
        { federatedCredentials: [{ name: "abc", issuer: "https://a.example", subject: text }] },
        "federatedCredentials[0].subject",
      ],
      [
        { federatedCredentials: [{ name: "main", github: { ...github, branch: text } }] },
        "federatedCredentials[0].subject",
      ],
      [
        { federatedCredentials: [{ name: "main", github: { ...github, environment: text } }] },
        "federatedCredentials[0].subject",
      ],
      [
        {
          federatedCredentials: [
            { name: "abc", issuer: "https://a.example", subject: "b", audience: text },
          ],
        },
        "federatedCredentials[0].audience",
      ],
      [
        { federatedCredentials: [{ name: text, issuer: "https://a.example", subject: "b" }] },
        "federatedCredentials[0].name",
      ],
    ] as const) {
      const faults = faultsFor(changes);
      expect(faults.filter((line) => line.startsWith(` - apponly:${path} `))).toHaveLength(1);
      expect(faults.join("")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
    expect(faultsFor({ displayName: text })[0]).toContain(rule);
  });

  test("notes may have several lines, and nothing else of the kind", () => {
    expect(faultsFor({ notes: "one\ntwo\r\n\tthree" })).toEqual([]);
    expect(faultsFor({ notes: "one\u202e" })[0]).toContain("has a character that nobody sees");
  });

  test("a user or a password in an address is refused", () => {
    expect(faultsFor({ redirectUri: "https://user:pw@h.example/" })[0]).toContain(
      "is not an https URL without user and password",
    );
    expect(faultsFor({ redirectUri: "https://user@h.example/" })).toHaveLength(1);
    expect(faultsFor({ redirectUri: "https://h.example\\@other.example/" })).toHaveLength(1);
    expect(
      faultsFor({
        federatedCredentials: [{ name: "abc", issuer: "https://u:p@a.example", subject: "b" }],
      })[0],
    ).toContain("is not an https URL without user and password");
  });

  test.each(["__proto__", "constructor", "toString"])(
    "the key %s is one that nobody knows",
    (key) => {
      expect(() =>
        parseConfiguration(
          { values: JSON.parse(`{ "${key}": "{}" }`) as Record<string, string> },
          now,
        ),
      ).toThrow(`apponly:${key} is not a key that apponly knows.`);
      expect(() =>
        parseConfiguration(
          { values: values({ certificates: JSON.parse(`[{ "name": "a", "${key}": {} }]`) }) },
          now,
        ),
      ).toThrow(`apponly:certificates[0].${key} is not a key that apponly knows.`);
    },
  );
});

test("no error repeats a secret value", () => {
  expect(() =>
    parseConfiguration(
      { values: values({ notes: "s3cret".repeat(300) }), secretKeys: new Set(["notes"]) },
      now,
    ),
  ).toThrow(/apponly:notes "\[secret\]" is longer than 1,024 characters/);
});

test("whatever the values, the outcome is a configuration or a list of faults", () => {
  const anything = fc.dictionary(
    fc.constantFrom("workloads", "directoryRoles", "certificates", "owners", "exceptions", "cloud"),
    fc.jsonValue({ maxDepth: 3 }),
  );
  fc.assert(
    fc.property(anything, (changes) => {
      const faults = faultsFor(changes);
      expect(faults.every((line) => line.startsWith(" - apponly:"))).toBe(true);
    }),
  );
});

test("no value can break a line of the error or steer a terminal", () => {
  fc.assert(
    fc.property(anyText({ minLength: 1, maxLength: 60 }), (cloud) => {
      const [line, ...rest] = faultsFor({ cloud });
      fc.pre(line !== undefined);
      expect(rest).toEqual([]);
      expect(line).not.toMatch(
        /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/,
      );
    }),
  );
});

describe("numbers that are text, and text that is a number", () => {
  const certificates = (change: Record<string, unknown>) => ({
    certificates: [{ name: "g1", subject: "contoso.org", ...change }],
  });

  test("are taken for what is wanted where nothing is lost", () => {
    expect(parse(certificates({ name: 202611 })).access.certificates).toMatchObject([
      { name: "202611" },
    ]);
    expect(
      parse(certificates({ validityDays: "180", keyBits: "3072" })).access.certificates,
    ).toMatchObject([{ validityDays: 180, keyBits: 3072 }]);
    const github = {
      repository: "contoso/messaging",
      ownerId: "1",
      repositoryId: "2",
      branch: 2026,
    };
    expect(
      parse({ federatedCredentials: [{ name: 12345, github }] }).access.federatedCredentials,
    ).toMatchObject([{ name: "12345", subject: "repo:contoso@1/messaging@2:ref:refs/heads/2026" }]);
    const pull = { repository: "contoso/messaging", pullRequest: "true" };
    expect(
      parse({ federatedCredentials: [{ name: "job", github: pull }] }).access.federatedCredentials,
    ).toMatchObject([{ subject: "repo:contoso/messaging:pull_request" }]);
  });

  test.each([
    [{ name: 2026.1 }, "name", "2026.1"],
    [{ name: true }, "name", "true"],
    [{ subject: 1.5 }, "subject", "1.5"],
  ])("are refused with the way to write them where something is: %j", (change, key, value) => {
    expect(faultsFor(certificates(change))).toEqual([
      ` - apponly:certificates[0].${key} "${value}" is not text. Put it in quotes, or set it as text: pulumi config set --type string --path 'apponly:certificates[0].${key}' VALUE`,
    ]);
  });

  test.each([
    ["validityDays", "a year"],
    ["validityDays", "365d"],
    ["validityDays", ""],
    ["keyBits", "1e3"],
  ])("that are neither stay refused, with the value as it was written: %s %j", (key, value) => {
    expect(faultsFor(certificates({ [key]: value }))).toEqual([
      ` - apponly:certificates[0].${key} "${value}" is not a number. Write it in digits only, for example 365.`,
    ]);
  });

  test("and a list or keys in the place of one another are told how to be written", () => {
    expect(faultsFor({ owners: { a: 1 } })).toEqual([
      ` - apponly:owners "{\\"a\\":1}" is not a list. Write it as a YAML list: one line for each, which begins with a dash.`,
    ]);
    expect(faultsFor({ certificates: ["2026-11"] })).toEqual([
      ` - apponly:certificates[0] "2026-11" is not a set of keys and values. Write its keys and values one below the other, indented.`,
    ]);
  });
});

describe("a fault makes no other, untrue one", () => {
  const github = { repository: "contoso/messaging", branch: "main", environment: "production" };
  test.each<[string, Record<string, unknown>, string[]]>([
    [
      "federated credentials without a sound form, and no certificates",
      { certificates: undefined, federatedCredentials: [{ name: "job", github }] },
      ["federatedCredentials[0].github"],
    ],
    [
      "federated credentials that are misshapen, and no certificates",
      { certificates: undefined, federatedCredentials: [{ nmae: "job" }] },
      ["federatedCredentials[0].name", "federatedCredentials[0].nmae"],
    ],
    ["certificates that are not a list", { certificates: "generated" }, ["certificates"]],
    [
      "certificates that are misshapen, one of them the active one",
      { certificates: [{ name: "a", subjct: "x" }], activeCertificate: "a" },
      ["certificates[0].subjct"],
    ],
    [
      "roles that are misshapen, with an exception for one",
      {
        directoryRoles: [["Global Administrator"]],
        exceptions: [
          { role: "Global Administrator", reason: "in an emergency", until: "2026-12-31" },
        ],
      },
      ["directoryRoles[0]"],
    ],
    [
      "exceptions that are misshapen, for a role that needs one",
      { directoryRoles: ["Global Administrator"], exceptions: [{ role: "Global Administrator" }] },
      ["exceptions[0].reason", "exceptions[0].until"],
    ],
    ["workloads that are misshapen", { workloads: { exchange: true } }, ["workloads"]],
  ])("%s", (_what, changes, paths) => {
    const found = faultsFor(changes).map((line) => /apponly:([^ ]+)/.exec(line)?.[1]);
    expect(found.sort()).toEqual(paths.sort());
  });

  test("and hides no true one at another key", () => {
    expect(faultsFor({ certificates: [{ nmae: "a" }], owners: ["megan"] })).toEqual(
      expect.arrayContaining([expect.stringContaining("owners[0]")]),
    );
  });
});

describe("the tenant of the provider", () => {
  const faultsOfTenant = (tenantId: string) => {
    try {
      parseConfiguration({ values: values({}), tenantId }, now);
    } catch (error) {
      return (error as Error).message.split("\n").slice(1);
    }
    return [];
  };

  test("an id is accepted for a tenant", () => {
    expect(faultsOfTenant("aaaabbbb-0000-cccc-1111-dddd2222eeee")).toEqual([]);
  });

  test("given by its domain is refused with the way to the id", () => {
    expect(faultsOfTenant("contoso.onmicrosoft.com")).toEqual([
      ' - azuread:tenantId "contoso.onmicrosoft.com" is a domain and not the id of a tenant. Write the id that stands in the issuer at https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration (in the environment: ARM_TENANT_ID).',
    ]);
  });

  test.each([
    "{aaaabbbb-0000-cccc-1111-dddd2222eeee}",
    " aaaabbbb-0000-cccc-1111-dddd2222eeee",
    "https://login.microsoftonline.us/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0",
  ])("given within %j is refused with the id that stands there", (tenantId) => {
    expect(faultsOfTenant(tenantId)).toEqual([
      expect.stringContaining("Write aaaabbbb-0000-cccc-1111-dddd2222eeee (in the environment"),
    ]);
  });

  test.each(["common", "organizations", "contoso", "00000000-0000-0000-0000-000000000000"])(
    "given as %s is refused",
    (tenantId) => {
      expect(faultsOfTenant(tenantId)).toEqual([
        expect.stringContaining("is not the id of a tenant."),
      ]);
    },
  );

  test("is read from the settings and from the environment, and never shown where it is secret", () => {
    const raw = (all: Record<string, string>, environment = {}, secret = false) =>
      rawConfiguration(all, () => secret, environment).tenantId;
    expect(raw({ "azuread:tenantId": "a.org" }, { ARM_TENANT_ID: "b.org" })).toBe("a.org");
    expect(raw({}, { ARM_TENANT_ID: "b.org" })).toBe("b.org");
    expect(raw({ "azuread:tenantId": "a.org" }, {}, true)).toBeUndefined();
  });
});
