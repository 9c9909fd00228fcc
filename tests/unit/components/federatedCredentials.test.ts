/**
 * Federated credentials: what the ready forms stand for, and which subjects are caught.
 * Not proven here: that an issuer sends them so; the forms are those its documentation gives.
 */
import fc from "fast-check";
import { shortId } from "../../../components/federatedIssuers";
import { faultsFor, parse } from "../../support/configuration";

describe("federated credentials", () => {
  const parsed = (credential: Record<string, unknown>) =>
    parse({ federatedCredentials: [{ name: "job", ...credential }] }).access.federatedCredentials;
  const repository = "contoso/messaging";
  const github = "https://token.actions.githubusercontent.com";

  test.each([
    [{ branch: "main" }, "repo:contoso/messaging:ref:refs/heads/main"],
    [{ tag: "v1" }, "repo:contoso/messaging:ref:refs/tags/v1"],
    [{ environment: "production" }, "repo:contoso/messaging:environment:production"],
    [{ pullRequest: true }, "repo:contoso/messaging:pull_request"],
  ])("of GitHub Actions: %j", (context, subject) => {
    expect(parsed({ github: { repository, ...context } })).toEqual([
      { name: "job", issuer: github, subject },
    ]);
  });

  test("of GitHub Actions, in a repository whose subjects name ids", () => {
    const ids = { ownerId: 123456, repositoryId: 456789 };
    expect(parsed({ github: { repository, ...ids, branch: "main" } })).toEqual([
      {
        name: "job",
        issuer: github,
        subject: "repo:contoso@123456/messaging@456789:ref:refs/heads/main",
      },
    ]);
    expect(
      faultsFor({
        federatedCredentials: [
          { name: "job", github: { repository, ownerId: 123456, branch: "main" } },
        ],
      }),
    ).toEqual([
      " - apponly:federatedCredentials[0].github \"contoso/messaging\" must have ownerId and repositoryId together, with a repository written OWNER/NAME. Ask for both: gh api repos/OWNER/NAME --jq '.owner.id, .id'.",
    ]);
  });

  test("of an environment of GitHub with a colon in its name", () => {
    expect(parsed({ github: { repository, environment: "eu: production" } })).toMatchObject([
      { subject: "repo:contoso/messaging:environment:eu%3A production" },
    ]);
  });

  // Issuer and subject as Azure DevOps shows them for service connections that exist.
  test.each([
    [
      "66946bae-c7f1-4099-b768-6ec1ac684280",
      "23609cc8-ca30-4d7d-a018-0a285693d227",
      "b840b286-3e83-43e4-8e02-b8e8c0db0545",
      "/eid1/c/pub/t/rmuUZvHHmUC3aG7BrGhCgA/a/rISbSSETf0KqFyZ8ppdXmA/sc/23609cc8-ca30-4d7d-a018-0a285693d227/b840b286-3e83-43e4-8e02-b8e8c0db0545",
    ],
    [
      "FF882432-09b0-437b-bd22-ca13c0037ded",
      "0CA3DDD9-f0b0-4635-a98c-5866526961b6",
      "64171687-7A59-4fce-b2c8-823278dcf176",
      "/eid1/c/pub/t/MiSI_7AJe0O9IsoTwAN97Q/a/rISbSSETf0KqFyZ8ppdXmA/sc/0ca3ddd9-f0b0-4635-a98c-5866526961b6/64171687-7a59-4fce-b2c8-823278dcf176",
    ],
  ])(
    "of Azure DevOps with the issuer of Microsoft Entra ID, in tenant %s",
    (tenantId, organizationId, serviceConnectionId, subject) => {
      expect(parsed({ azureDevOps: { tenantId, organizationId, serviceConnectionId } })).toEqual([
        {
          name: "job",
          issuer: `https://login.microsoftonline.com/${tenantId.toLowerCase()}/v2.0`,
          subject,
        },
      ]);
    },
  );

  test("of Azure DevOps with parts of both issuers are caught", () => {
    const organizationId = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
    for (const parts of [{ tenantId: organizationId }, { project: "Messaging" }, {}]) {
      expect(wrong({ azureDevOps: { organizationId, ...parts } })).toEqual([
        expect.stringContaining("must have either tenantId and serviceConnectionId, for Microsoft"),
      ]);
    }
    expect(wrong({ azureDevOps: { organizationId: "contoso", project: "x" } })).toEqual([
      expect.stringContaining('azureDevOps.organizationId "contoso" is not an id.'),
    ]);
  });

  test("of Azure DevOps", () => {
    expect(
      parsed({
        azureDevOps: {
          organizationId: "aaaabbbb-0000-cccc-1111-dddd2222eeee",
          organization: "contoso",
          project: "Messaging",
          serviceConnection: "exchange",
        },
      }),
    ).toEqual([
      {
        name: "job",
        issuer: "https://vstoken.dev.azure.com/aaaabbbb-0000-cccc-1111-dddd2222eeee",
        subject: "sc://contoso/Messaging/exchange",
      },
    ]);
  });

  const wrong = (credential: Record<string, unknown>) =>
    faultsFor({ federatedCredentials: [{ name: "job", ...credential }] });

  test.each([
    ["Repo:contoso/messaging:ref:refs/heads/main", "does not start with repo: in lower case."],
    ["repo:contoso/messaging:refs/heads/main", "lacks ref: in front of the reference."],
    [
      "repo:contoso/messaging:ref:refs/heads/*",
      "contains a wildcard, and subjects are compared letter for letter.",
    ],
    ["contoso/messaging", "is not of the form that GitHub sends."],
    ["repo:contoso/messaging:main", "is not of the form that GitHub sends."],
    ["repo:contoso/messaging:environment:a:b", "is not of the form that GitHub sends."],
    [
      "repo:contoso@1/messaging:ref:refs/heads/main",
      "has an id of the owner or of the repository, and not of both.",
    ],
  ])("with the wrong subject %s are caught", (subject, rule) => {
    const [line, ...rest] = wrong({ issuer: github, subject });
    expect(rest).toEqual([]);
    expect(line).toContain(`apponly:federatedCredentials[0].subject "${subject}" ${rule}`);
  });

  const entra = "https://login.microsoftonline.com/66946bae-c7f1-4099-b768-6ec1ac684280/v2.0";
  const azureDevOps = "https://vstoken.dev.azure.com/aaaabbbb-0000-cccc-1111-dddd2222eeee";
  const connection =
    "/a/rISbSSETf0KqFyZ8ppdXmA/sc/23609cc8-ca30-4d7d-a018-0a285693d227/b840b286-3e83-43e4-8e02-b8e8c0db0545";

  test.each([
    [github, "repo:contoso@1/messaging@2:environment:production"],
    [azureDevOps, "sc://contoso/Messaging/exchange"],
    [azureDevOps, "p://contoso/Messaging/nightly"],
    [entra, `/eid1/c/pub/t/rmuUZvHHmUC3aG7BrGhCgA${connection}`],
    [entra, "11111111-1111-4111-8111-111111111111"],
    ["https://idp.contoso.org/realms/jobs", "anything: at all"],
  ])("of %s with the subject %s are right", (issuer, subject) => {
    expect(wrong({ issuer, subject })).toEqual([]);
  });

  test.each([
    [azureDevOps, "contoso/Messaging/exchange", "is not of the form that Azure DevOps sends."],
    [azureDevOps, `/eid1/c/pub/t/x${connection}`, "is one of Microsoft Entra ID's issuer"],
    [entra, "sc://contoso/Messaging/exchange", "is one of Azure DevOps' own issuer"],
    [
      entra,
      `/eid1/c/pub/t/MiSI_7AJe0O9IsoTwAN97Q${connection}`,
      "names another tenant than the issuer, whose part is rmuUZvHHmUC3aG7BrGhCgA.",
    ],
    [entra, "/eid1/pub", "is not of the form that Microsoft Entra ID sends."],
  ])("of %s with the wrong subject %s are caught", (issuer, subject, rule) => {
    const [line, ...rest] = wrong({ issuer, subject });
    expect(rest).toEqual([]);
    expect(line).toContain(rule);
  });

  test("whatever the id, its short form is 22 characters that give it back", () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const short = shortId(id);
        expect(short).toMatch(/^[A-Za-z0-9_-]{22}$/);
        const hex = Buffer.from(short, "base64url").toString("hex");
        expect(hex.slice(16)).toBe(id.replaceAll("-", "").slice(16));
        expect(shortId(id.toUpperCase())).toBe(short);
      }),
    );
  });

  test("have exactly one form", () => {
    expect(wrong({})).toEqual([
      ' - apponly:federatedCredentials[0] "job" must have exactly one of github, azureDevOps, or issuer with subject. Keep the one that fits the job.',
    ]);
    expect(wrong({ github: { repository, branch: "main", environment: "x" } })).toEqual([
      ' - apponly:federatedCredentials[0].github "contoso/messaging" must have exactly one of branch, tag, environment, or pullRequest: true. Write one credential for each.',
    ]);
    expect(wrong({ issuer: "https://idp.contoso.org" })).toEqual([
      " - apponly:federatedCredentials[0].subject is missing. Copy it from a token of the job, letter for letter.",
    ]);
  });
});
