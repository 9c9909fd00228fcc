/**
 * Certificates that an application rolls itself: `addKey` and `removeKey`, with a proof that it holds
 * the key of a certificate that is valid.
 *
 * @see https://learn.microsoft.com/graph/application-rollkey-prooftoken
 */
import { createPrivateKey } from "node:crypto";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { SignJWT } from "jose";
import { type MadeCertificate, makeCertificate } from "../support/certificates";
import { keyCredential } from "./support/assertions";
import { Graph, makeApp, requestToken } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({ deployer: { permissions: ["Application.ReadWrite.All"] } });
const [held, next, foreign] = ["held", "next", "foreign"].map((commonName) =>
  makeCertificate({ commonName }),
) as [MadeCertificate, MadeCertificate, MadeCertificate];
let deployer: Graph;
let own: Graph;
let app: Awaited<ReturnType<typeof makeApp>>;
beforeEach(async () => {
  deployer = await Graph.connect(context);
  app = await makeApp(deployer);
  for (const path of [`/applications/${app.id}`, `/servicePrincipals/${app.servicePrincipalId}`]) {
    await deployer.must("PATCH", path, { keyCredentials: [keyCredential(held)] });
  }
  const { secretText } = await deployer.must("POST", `/applications/${app.id}/addPassword`);
  const { body } = await requestToken(context, { client_id: app.appId, client_secret: secretText });
  own = Graph.with(context, body.access_token as string);
});

const proof = (
  by: MadeCertificate,
  id: string,
  { audience = "00000002-0000-0000-c000-000000000000", minutes = 10 } = {},
) => {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: "RS256", typ: "JWT" })
    .setAudience(audience)
    .setIssuer(id)
    .setNotBefore(now)
    .setExpirationTime(now + minutes * 60)
    .sign(createPrivateKey(by.privateKeyPem));
};
const sent = async (by: MadeCertificate, id: string, options = {}) => ({
  keyCredential: keyCredential(next),
  passwordCredential: null,
  proof: await proof(by, id, options),
});

describe.each(["applications", "servicePrincipals"])("a key of %s", (set) => {
  const target = () => (set === "applications" ? app.id : app.servicePrincipalId);

  it("is added by its holder without any permission, and removed with the new one's proof", async () => {
    const path = `/${set}/${target()}`;
    const added = await own.must("POST", `${path}/addKey`, await sent(held, target()));
    expect(added).toMatchObject({ displayName: "CN=next", key: null });
    const list = async () =>
      (await deployer.must("GET", path)).keyCredentials as { keyId: string }[];
    const [old] = await list();
    expect(await list()).toHaveLength(2);
    const removal = { keyId: old!.keyId, proof: await proof(next, target()) };
    expect((await own.call("POST", `${path}/microsoft.graph.removeKey`, removal)).status).toBe(204);
    expect(await list()).toMatchObject([{ keyId: added.keyId }]);
    expect((await own.call("POST", `${path}/removeKey`, removal)).status).toBe(400);
  });

  it.each([
    ["by another key", () => sent(foreign, target())],
    ["of another object", () => sent(held, app.appId)],
    [
      "for Microsoft Graph",
      () => sent(held, target(), { audience: "00000003-0000-0000-c000-000000000000" }),
    ],
    ["that holds an hour", () => sent(held, target(), { minutes: 60 })],
    ["that is none", async () => ({ ...(await sent(held, target())), proof: "none" })],
  ])("is refused with a proof %s", async (_, body) => {
    const answer = await own.call("POST", `/${set}/${target()}/addKey`, await body());
    expect([answer.status, answer.body.error.code]).toEqual([
      401,
      "Authentication_MissingOrMalformed",
    ]);
  });

  it("of another application takes the permission to write it", async () => {
    const other = await makeApp(deployer);
    const id = set === "applications" ? other.id : other.servicePrincipalId;
    const answer = await own.call("POST", `/${set}/${id}/addKey`, await sent(held, id));
    expect(answer.status).toBe(403);
    expect(
      (await deployer.call("POST", `/${set}/${target()}/addKey`, await sent(held, target())))
        .status,
    ).toBe(200);
  });
});
