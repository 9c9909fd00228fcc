/**
 * Clients that know only Microsoft's host names reach the simulator through its proxy, or by its
 * https port where something else leads them there.
 *
 * Does not prove that each client takes a proxy and a certificate authority from its environment:
 * `npm run clients` tries that.
 */
import { connect } from "node:tls";
import { afterEach, describe, expect, it } from "@jest/globals";
import { ProxyAgent, request } from "undici";
import { simulated } from "./support/simulated";

const context = simulated();
const agents: ProxyAgent[] = [];
afterEach(() => Promise.all(agents.splice(0).map((agent) => agent.close())));

/** Sends a request to Microsoft's address through the proxy. */
async function ask(url: string, options: { token?: string; form?: URLSearchParams } = {}) {
  const { endpoints, caCertificatePem: ca } = context.simulator;
  const dispatcher = new ProxyAgent({ uri: endpoints.proxy, requestTls: { ca } });
  agents.push(dispatcher);
  const { statusCode, headers, body } = await request(url, {
    dispatcher,
    method: options.form === undefined ? "GET" : "POST",
    headers: {
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(options.form === undefined
        ? {}
        : { "content-type": "application/x-www-form-urlencoded" }),
    },
    ...(options.form === undefined ? {} : { body: options.form.toString() }),
  });
  const text = await body.text();
  return {
    status: statusCode,
    location: headers.location,
    body: text.startsWith("{") ? JSON.parse(text) : text,
  };
}

async function token(resource: string): Promise<string> {
  const { tenantId, deployer } = context.tenant;
  const { body } = await ask(`https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`, {
    form: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: deployer.clientId,
      client_secret: deployer.issueSecret(),
      scope: `${resource}/.default`,
    }),
  });
  return body.access_token as string;
}

describe("the forward proxy", () => {
  it("answers as Entra and Graph under their own names, in every address too", async () => {
    const discovery = await ask(
      "https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration",
    );
    expect(discovery.body.issuer).toBe("https://login.microsoftonline.com/{tenantid}/v2.0");
    const list = await ask("https://graph.microsoft.com/v1.0/servicePrincipals?$top=1", {
      token: await token("https://graph.microsoft.com"),
    });
    expect(list.body["@odata.nextLink"]).toMatch(
      /^https:\/\/graph\.microsoft\.com\/v1\.0\/servicePrincipals\?/,
    );
  });

  it("names Microsoft's own addresses to who asks Azure Resource Manager by its name", async () => {
    const path = "/metadata/endpoints?api-version=2022-09-01";
    expect((await ask(`https://management.chinacloudapi.cn${path}`)).body).toMatchObject({
      resourceManager: "https://management.chinacloudapi.cn",
      microsoftGraphResourceId: "https://microsoftgraph.chinacloudapi.cn",
      authentication: { loginEndpoint: "https://login.chinacloudapi.cn" },
    });
  });

  it("serves the admin API at Exchange's host and leads compliance to a host of its own", async () => {
    const path = `/adminapi/beta/${context.tenant.tenantId}/EXOModuleFile?Version=3.9.0`;
    // The deployer may not manage Exchange: what matters is who answers.
    const refused = await ask(`https://outlook.office365.com${path}`, {
      token: await token("https://outlook.office365.com"),
    });
    expect(refused.status).toBe(401);
    const redirect = await ask(`https://ps.compliance.protection.outlook.com${path}`);
    expect([redirect.status, redirect.location]).toEqual([
      302,
      `https://nam10b.ps.compliance.protection.outlook.com${path}`,
    ]);
    expect((await ask(redirect.location as string)).status).toBe(401);
  });

  it("serves the hosts of every cloud", async () => {
    for (const host of ["login.microsoftonline.us", "login.partner.microsoftonline.cn"]) {
      const url = `https://${host}/common/v2.0/.well-known/openid-configuration`;
      expect((await ask(url)).body.issuer).toBe(`https://${host}/{tenantid}/v2.0`);
    }
  });

  it.each(["https://aka.ms/x", "https://graph.microsoft.com.example/x", "http://example.com/"])(
    "opens no way to %s",
    async (url) => {
      await expect(
        ask(url).then(({ status }) => {
          throw new Error(`status ${status}`);
        }),
      ).rejects.toThrow(/403/);
    },
  );
});

it("has a certificate for Microsoft's names at the https port, and its own for localhost", async () => {
  const { endpoints, caCertificatePem: ca } = context.simulator;
  const namesFor = (servername: string) =>
    new Promise((resolve, reject) => {
      const port = Number(new URL(endpoints.loginTls).port);
      const socket = connect({ host: "127.0.0.1", port, servername, ca }, () => {
        resolve(socket.getPeerCertificate().subjectaltname);
        socket.destroy();
      }).on("error", reject);
    });
  expect(await namesFor("graph.microsoft.com")).toContain("DNS:*.ps.compliance.protection");
  expect(await namesFor("localhost")).toBe(
    "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1",
  );
});
