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
      " - apponly:federatedCredentials[0].github \"contoso/messaging\" must have ownerId and repositoryId together, with a repository written OWNER/NAME. Ask for both: gh api repos/OWNER/NAME --jq '.owner.id, .id'",
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

  test("a short form of Azure DevOps is written out", () => {
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

  test("of an enterprise's own issuer of GitHub are caught too", () => {
    const [line, ...rest] = wrong({ issuer: `${github}/contoso`, subject: "contoso/messaging" });
    expect(rest).toEqual([]);
    expect(line).toContain("is not of the form that GitHub sends.");
  });

  test.each([
    ["https://gitlab.com/", "ends in a slash that its tokens do not have. Remove the slash."],
    [`${github}/contoso/`, "ends in a slash that its tokens do not have."],
    ["https://app.terraform.io/", "ends in a slash that its tokens do not have."],
    [
      "https://sts.windows.net/66946bae-c7f1-4099-b768-6ec1ac684280",
      "lacks the slash that its tokens end in.",
    ],
    [
      "https://gitlab.contoso.org/.well-known/openid-configuration",
      "is where an issuer describes itself, and not its name. Write what that page has as issuer.",
    ],
  ])("of the issuer %s are caught", (issuer, rule) => {
    const faults = wrong({ issuer, subject: "repo:contoso/messaging:pull_request" });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`federatedCredentials[0].issuer "${issuer}" ${rule}`);
  });

  test.each([
    "https://sts.windows.net/66946bae-c7f1-4099-b768-6ec1ac684280/",
    "https://oidc.prod-aks.azure.com/66946bae-c7f1-4099-b768-6ec1ac684280/",
    "https://gitlab.contoso.org",
    "https://oidc.circleci.com/org/66946bae-c7f1-4099-b768-6ec1ac684280",
  ])("of the issuer %s are right as it is written", (issuer) => {
    expect(wrong({ issuer, subject: "anything: at all" })).toEqual([]);
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

  // Forms that GitHub documents for templates that somebody customised.
  test.each([
    "repository_owner_id:123456:repository_id:456789",
    "repository_owner:contoso:visibility:private",
    "job_workflow_ref:contoso/workflows/.github/workflows/exo.yml@refs/heads/main",
    "repo:contoso/messaging:job_workflow_ref:contoso/workflows/.github/workflows/exo.yml@refs/heads/main",
    "repo:contoso/messaging:ref:refs/heads/main:actor:megan",
    "repo:contoso/messaging:environment:production:actor_id:1234",
    "repo:contoso/messaging:pull_request:actor:megan",
    "repo:contoso/messaging:workflow:CI: nightly",
    "repo:contoso/messaging",
    "context:ref:refs/heads/main",
    "environment:production:repository_owner:contoso",
    "runner_environment:self-hosted",
    "repo:contoso/messaging:ref:refs/pull/12/merge",
  ])("with the customised subject %s are taken as they are written", (subject) => {
    expect(parsed({ issuer: github, subject })).toMatchObject([{ issuer: github, subject }]);
  });

  test.each<[Record<string, unknown>, string]>([
    [
      { branch: "refs/heads/main" },
      'github.branch "refs/heads/main" has more than the name: the form adds what belongs to it. Write main.',
    ],
    [{ branch: "ref:refs/heads/main" }, "Write main."],
    [{ branch: "heads/release/1" }, "Write release/1."],
    [{ branch: "origin/main" }, "Write main."],
    [{ branch: "remotes/origin/main" }, "Write main."],
    [{ branch: "refs/tags/v1" }, "Write tag: v1."],
    [
      { branch: "release/*" },
      'github.branch "release/*" has a wildcard, and subjects are compared letter for letter. Write one credential for each.',
    ],
    [{ branch: "" }, 'github.branch "" is not the name of a branch.'],
    [{ branch: "my branch" }, "is not the name of a branch."],
    [{ tag: "refs/tags/v1" }, "Write v1."],
    [{ tag: "refs/heads/main" }, "Write branch: main."],
    [{ environment: "environment:production" }, "Write production."],
    [{ environment: " production" }, "is not the name of an environment."],
    [
      { repository: "contoso/messaging.git", branch: "main" },
      'github.repository "contoso/messaging.git" has more than the name: the form adds what belongs to it. Write contoso/messaging.',
    ],
    [
      { repository: "https://github.com/contoso/messaging", branch: "main" },
      "Write contoso/messaging.",
    ],
    [
      { repository: "https://github.com/contoso/messaging.git/", branch: "main" },
      "Write contoso/messaging.",
    ],
    [
      { repository: "git@github.com:contoso/messaging.git", branch: "main" },
      "Write contoso/messaging.",
    ],
    [
      { repository: "ssh://git@github.com/contoso/messaging", branch: "main" },
      "Write contoso/messaging.",
    ],
    [{ repository: "github.com/contoso/messaging", branch: "main" }, "Write contoso/messaging."],
    [{ repository: "repo:contoso/messaging", branch: "main" }, "Write contoso/messaging."],
    [{ repository: "/contoso/messaging", branch: "main" }, "Write contoso/messaging."],
    [
      { repository: "messaging", branch: "main" },
      'github.repository "messaging" is not a repository written OWNER/NAME.',
    ],
    [
      { repository: "contoso/messaging/tree/main", branch: "main" },
      "is not a repository written OWNER/NAME.",
    ],
  ])("of GitHub Actions with what the form adds itself are refused: %j", (context, message) => {
    const [line, ...more] = wrong({ github: { repository, ...context } });
    expect(more).toEqual([]);
    expect(line).toContain(message);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ organization: "https://dev.azure.com/contoso/" }, "Write contoso."],
    [{ organization: "https://contoso.visualstudio.com" }, "Write contoso."],
    [{ project: "/Messaging/" }, "Write Messaging."],
    [{ serviceConnection: "sc://contoso/Messaging/exchange" }, "Write exchange."],
    [{ project: "Messaging/Team" }, "is not the name of a project."],
  ])("of Azure DevOps with what the form adds itself are refused: %j", (part, message) => {
    const form = { organization: "contoso", project: "Messaging", serviceConnection: "exchange" };
    const organizationId = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
    const [line, ...more] = wrong({ azureDevOps: { organizationId, ...form, ...part } });
    expect(more).toEqual([]);
    expect(line).toContain(message);
  });

  describe.each([
    ["usgovernment", "contoso.onmicrosoft.us", "api://AzureADTokenExchangeUSGov"],
    ["dod", "contoso.onmicrosoft.us", "api://AzureADTokenExchangeUSGov"],
    ["china", "contoso.partner.onmschina.cn", "api://AzureADTokenExchangeChina"],
  ])("in the cloud %s", (cloud, organization, audience) => {
    const place = { cloud, organization };
    const credentials = (credential: Record<string, unknown>) => ({
      ...place,
      federatedCredentials: [{ name: "job", ...credential }],
    });

    test("have the audience of that cloud, unless another is given", () => {
      const form = { github: { repository, branch: "main" } };
      expect(parse(credentials(form)).access.federatedCredentials).toMatchObject([{ audience }]);
      const other = { ...form, audience: "api://other" };
      expect(parse(credentials(other)).access.federatedCredentials).toMatchObject([
        { audience: "api://other" },
      ]);
    });

    test("of a service connection of Microsoft Entra ID are copied instead of composed", () => {
      const id = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
      const azureDevOps = { organizationId: id, tenantId: id, serviceConnectionId: id };
      expect(faultsFor(credentials({ azureDevOps }))).toEqual([
        expect.stringMatching(
          /azureDevOps is known for the global cloud only, not for .* Copy issuer and subject from the service connection/,
        ),
      ]);
    });
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
