/**
 * The document "App-only authentication for unattended scripts", row by row: its five steps and its
 * role table, by configuration, through the real engine, on a simulated tenant. Asserts on what the
 * tenant holds, on the token it issues, and on what its workloads answer.
 * Not proven here: the portal's pages, Windows' certificate store, PowerShell itself.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readPfx } from "../../components/pkcs12/readPfx";
import { clientAssertion, jwtBearer } from "../simulator/support/assertions";
import {
  type Answer,
  claimsOf,
  consent,
  Graph,
  microsoft,
  requestToken,
  send,
} from "../simulator/support/clients";
import { makeCertificate, type MadeCertificate } from "../support/certificates";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

let journey: Journey;
let stack: JourneyStack;
let outputs: Record<string, unknown>;

beforeAll(async () => {
  journey = await startJourney();
  stack = await journey.stack("dev", exampleConfiguration);
  await stack.up();
  outputs = await stack.outputs();
});

afterAll(async () => {
  expect(journey.simulator.journal.unknownRoutes()).toEqual([]);
  await journey.close();
});

type Held = Record<string, unknown> & { id: string; appId: string };

/** The application and its service principal, as the tenant holds them. */
function registered(): { application: Held; principal: Held } {
  const { applications, servicePrincipals } = journey.tenant.state();
  const application = applications.find((one) => one.displayName === "ExO PowerShell CBA");
  const principal = servicePrincipals.find((one) => one.appId === application?.appId);
  if (application === undefined || principal === undefined) {
    throw new Error("The tenant holds no application of this stack.");
  }
  return { application: application as Held, principal: principal as Held };
}

/** What a pipeline receives: the `.pfx`, opened with its password. Opening takes a second. */
let opened: MadeCertificate | undefined;
function receivedPfx(): MadeCertificate {
  return (opened ??= readPfx(outputs.pfx as string, outputs.pfxPassword as string));
}

const scopes = {
  exchange: "https://outlook.office365.com/.default",
  compliance: "https://ps.compliance.protection.outlook.com/.default",
};
type Workload = keyof typeof scopes;

/** Asks for a token with a certificate, as the module does. */
async function askForToken(workload: Workload, certificate: MadeCertificate): Promise<Answer> {
  const { simulator, tenant } = journey;
  const clientId = registered().application.appId;
  return requestToken(journey, {
    client_id: clientId,
    scope: scopes[workload],
    client_assertion_type: jwtBearer,
    client_assertion: await clientAssertion(certificate, {
      clientId,
      audience: `${simulator.endpoints.login}/${tenant.tenantId}/oauth2/v2.0/token`,
    }),
  });
}

async function signIn(workload: Workload): Promise<string> {
  const answer = await askForToken(workload, receivedPfx());
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return answer.body.access_token as string;
}

/** Runs a read-only cmdlet as the module does; answers the status and the reason of a refusal. */
async function runCmdlet(workload: Workload): Promise<{ status: number; reason: string }> {
  const cmdlet = { exchange: "Get-OrganizationConfig", compliance: "Get-Label" }[workload];
  const { simulator, tenant } = journey;
  const base = {
    exchange: simulator.endpoints.exchange,
    compliance: `${simulator.endpoints.compliance}/nam10b`,
  }[workload];
  const answer = await send(`${base}/adminapi/beta/${tenant.tenantId}/InvokeCommand`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await signIn(workload)}`,
      "content-type": "application/json",
      "X-CmdletName": cmdlet,
    },
    body: JSON.stringify({ CmdletInput: { CmdletName: cmdlet, Parameters: {} } }),
  });
  const reason: unknown = answer.body?.error?.innererror?.internalexception?.message;
  return { status: answer.status, reason: typeof reason === "string" ? reason : "" };
}

describe("Step 1: Register the application in Azure AD", () => {
  test("Name: ExO PowerShell CBA, which is its service principal's name too", () => {
    const { principal } = registered();
    expect(principal).toMatchObject({
      displayName: "ExO PowerShell CBA",
      servicePrincipalType: "Application",
      accountEnabled: true,
    });
  });

  test("Supported account types: this organizational directory only", () => {
    expect(registered().application.signInAudience).toBe("AzureADMyOrg");
  });

  test("Redirect URI (optional): none unless configured, then of the platform Web", async () => {
    const web = () => (registered().application.web as { redirectUris: string[] }).redirectUris;
    expect(web()).toEqual([]);
    await stack.configure({ ...exampleConfiguration, redirectUri: "https://contoso.org/signin" });
    await stack.up();
    expect(web()).toEqual(["https://contoso.org/signin"]);
    await stack.configure(exampleConfiguration);
    await stack.up();
    expect(web()).toEqual([]);
  });

  test("the deployer owns both the application and its service principal", () => {
    const { application, principal } = registered();
    const { servicePrincipalObjectId } = journey.tenant.deployer;
    const { owners } = journey.tenant.state();
    expect([owners.applications[application.id], owners.servicePrincipals[principal.id]]).toEqual([
      [servicePrincipalObjectId],
      [servicePrincipalObjectId],
    ]);
  });
});

describe("Step 2: Assign API permissions to the application", () => {
  test("Manifest: requiredResourceAccess is the document's, and User.Read is not in it", () => {
    expect(registered().application.requiredResourceAccess).toEqual([
      {
        resourceAppId: "00000002-0000-0ff1-ce00-000000000000",
        resourceAccess: [{ id: "dc50a0fb-09a3-484d-be87-e023b12c6440", type: "Role" }],
      },
    ]);
  });

  test("Status: Exchange.ManageAsApp of Office 365 Exchange Online is granted, and nothing else", async () => {
    const { principal } = registered();
    const { servicePrincipals, appRoleAssignments } = journey.tenant.state();
    const exchange = servicePrincipals.find((one) => one.appId === microsoft.exchange);
    expect(appRoleAssignments.filter((one) => one.principalId === principal.id)).toEqual([
      expect.objectContaining({ resourceId: exchange?.id, appRoleId: microsoft.manageAsApp }),
    ]);
    expect(claimsOf(await signIn("exchange")).roles).toEqual(["Exchange.ManageAsApp"]);
  });
});

describe("Step 3: Generate a self-signed certificate", () => {
  test("self-signed for the DNS name contoso.org, valid one year, for key exchange", () => {
    const { certificatePem, privateKeyPem } = receivedPfx();
    const certificate = new X509Certificate(certificatePem);
    expect(certificate).toMatchObject({
      subject: "CN=contoso.org",
      issuer: "CN=contoso.org",
      subjectAltName: "DNS:contoso.org",
    });
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey).toMatchObject({
      asymmetricKeyType: "rsa",
      asymmetricKeyDetails: { modulusLength: 2048 },
    });
    const days = (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / 864e5;
    expect(Math.round(days)).toBe(365);
    expect(Math.abs(Date.now() - certificate.validFromDate.getTime())).toBeLessThan(120_000);
    expect(certificate.checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
  });

  test("exported as .pfx with a password and as .cer", () => {
    const { pfx, pfxPassword, certificates } = outputs;
    expect((pfxPassword as string).length).toBeGreaterThanOrEqual(20);
    expect(() => readPfx(pfx as string, "P@ssw0Rd1234")).toThrow();
    const [{ cer } = { cer: "" }] = certificates as { cer: string }[];
    const { raw } = new X509Certificate(receivedPfx().certificatePem);
    expect(Buffer.from(cer, "base64").equals(raw)).toBe(true);
  });
});

describe("Step 4: Attach the certificate to the Azure AD application", () => {
  test("the certificate is among the application's, by its thumbprint", () => {
    const [output] = outputs.certificates as {
      thumbprint: string;
      notBefore: string;
      notAfter: string;
    }[];
    const { keyCredentials } = registered().application;
    expect(keyCredentials).toEqual([
      expect.objectContaining({
        type: "AsymmetricX509Cert",
        usage: "Verify",
        customKeyIdentifier: output?.thumbprint,
        startDateTime: output?.notBefore,
        endDateTime: output?.notAfter,
      }),
    ]);
    const certificate = new X509Certificate(receivedPfx().certificatePem);
    expect(certificate.fingerprint.replace(/:/g, "")).toBe(output?.thumbprint);
  });

  test("with its private key an app-only token is issued, with another key none", async () => {
    const { application } = registered();
    expect(claimsOf(await signIn("exchange"))).toMatchObject({
      appid: application.appId,
      idtyp: "app",
      tid: journey.tenant.tenantId,
    });
    expect(application.passwordCredentials).toEqual([]);
    const other = await askForToken("exchange", makeCertificate({ commonName: "contoso.org" }));
    expect([other.status, other.body]).toEqual([
      401,
      expect.objectContaining({ error_description: expect.stringContaining("AADSTS700027") }),
    ]);
  });
});

describe("Step 5: Assign Azure AD roles to the application", () => {
  test("Exchange Administrator in the whole tenant, and Exchange Online answers", async () => {
    const { principal } = registered();
    expect(
      journey.tenant
        .state()
        .directoryRoleAssignments.filter((one) => one.principalId === principal.id),
    ).toEqual([
      expect.objectContaining({
        roleDefinitionId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
        directoryScopeId: "/",
      }),
    ]);
    expect(await runCmdlet("exchange")).toEqual({ status: 200, reason: "" });
  });
});

/** The rows of the table, and whether a cell has a tick: Exchange Online, Security & Compliance. */
const table: [role: string, exchange: boolean, compliance: boolean, templateId: string][] = [
  ["Compliance Administrator", true, true, "17315797-102d-40b4-93e0-432062caca18"],
  ["Exchange Administrator", true, false, "29232cdf-9323-42fd-ade2-1d097af3e4de"],
  // Not in the document of 2021; in Microsoft's table since.
  ["Exchange Recipient Administrator", true, false, "31392ffb-586c-42d1-9346-e59415a2cc4e"],
  ["Global Administrator", true, true, "62e90394-69f5-4237-9190-012177145e10"],
  ["Global Reader", true, true, "f2ef992c-3afb-46b9-b7cf-a126ee74c451"],
  ["Helpdesk Administrator", true, false, "729827e3-9c14-49f7-bb1b-9608f156bbb8"],
  ["Security Administrator", true, true, "194ae4cb-b126-40b2-bd5b-6091b380977d"],
  ["Security Reader", true, true, "5d6b6bb7-de71-4623-b4af-96380a352509"],
];
const needException = ["Global Administrator", "Helpdesk Administrator", "Security Administrator"];

describe("Step 5, the table of supported roles", () => {
  test.each(table)(
    "%s | Exchange Online PowerShell: %s | Security & Compliance PowerShell: %s",
    async (role, exchange, compliance, templateId) => {
      const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
      await stack.configure({
        ...exampleConfiguration,
        workloads: compliance ? ["exchange", "compliance"] : ["exchange"],
        directoryRoles: [role],
        ...(needException.includes(role)
          ? { exceptions: [{ role, reason: "shown by the table's test", until }] }
          : {}),
      });
      await stack.up();
      const { principal } = registered();
      expect(
        journey.tenant
          .state()
          .directoryRoleAssignments.filter((one) => one.principalId === principal.id)
          .map((one) => one.roleDefinitionId),
      ).toEqual([templateId]);
      expect(claimsOf(await signIn("exchange")).wids).toContain(templateId);
      expect([await runCmdlet("exchange"), exchange]).toEqual([{ status: 200, reason: "" }, true]);
      if (compliance) {
        expect(await runCmdlet("compliance")).toEqual({ status: 200, reason: "" });
        return;
      }
      // The permission by itself does not help a role whose cell is empty.
      const graph = await Graph.connect(journey);
      const granted = await consent(
        graph,
        principal.id,
        microsoft.protection,
        microsoft.manageAsAppOnProtection,
      );
      expect(await runCmdlet("compliance")).toEqual({
        status: 403,
        reason: expect.stringContaining("isn't supported in this scenario"),
      });
      await graph.must(
        "DELETE",
        `/servicePrincipals/${granted.resourceId}/appRoleAssignedTo/${granted.id}`,
      );
    },
  );

  test("an empty cell cannot be configured: the error names the roles that serve", async () => {
    await stack.configure({
      ...exampleConfiguration,
      workloads: ["exchange", "compliance"],
      directoryRoles: table.filter(([, , compliance]) => !compliance).map(([role]) => role),
    });
    const shown = await stack.previewFailure();
    for (const role of ["Compliance Administrator", "Global Reader", "Security Reader"]) {
      expect(shown).toContain(role);
    }
    expect(shown).toContain("Security & Compliance PowerShell");
  });
});
