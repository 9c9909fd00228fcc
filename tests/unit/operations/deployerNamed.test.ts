/** Whose name a review gives to the deployer, and that nothing is asked for that. */
import type { DeployerSession } from "../../../microsoft/deployer/session";
import { deployerNamed } from "../../../operations/deployer";
import { types } from "../../../policy/rules/types";

const token = (claims: object) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;
const step = (type: string, op = "create") => ({
  op,
  type,
  urn: "urn",
  diffKeys: [],
  replaceKeys: [],
});

/** A session that has a token and no Microsoft Graph, and counts who asks. */
function sessionOf(claims: object) {
  let asked = 0;
  const connect = () => {
    asked += 1;
    const session = { token: () => Promise.resolve(token(claims)) };
    return Promise.resolve(session as unknown as DeployerSession);
  };
  return { connect, asked: () => asked };
}

test("it is that of its token, by the object id that becomes an owner", async () => {
  const { connect } = sessionOf({ idtyp: "app", oid: "CC5BEBF3", app_displayname: "Rollout" });
  for (const type of [types.application, types.servicePrincipal, types.applicationOwner]) {
    expect([...(await deployerNamed({ steps: [step(type)] }, connect))]).toEqual([
      ["cc5bebf3", "Rollout"],
    ]);
  }
});

test("nobody signs in where the preview makes nobody an owner", async () => {
  const { connect, asked } = sessionOf({});
  const steps = [
    step(types.application, "same"),
    step(types.application, "delete"),
    step(types.applicationCertificate),
  ];
  expect((await deployerNamed({ steps }, connect)).size).toBe(0);
  expect(asked()).toBe(0);
});

test("a token without a name, and a deployer that cannot sign in, leave the id", async () => {
  const steps = [step(types.application)];
  expect((await deployerNamed({ steps }, sessionOf({ oid: "a" }).connect)).size).toBe(0);
  const refused = () => Promise.reject(new Error("AADSTS7000215"));
  expect((await deployerNamed({ steps }, refused)).size).toBe(0);
});
