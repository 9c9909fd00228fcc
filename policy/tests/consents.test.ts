/** Consents and manifests, both ways: what is granted is asked for, and what is asked for is granted. */
import { consentInManifest } from "../rules/consentInManifest";
import { manifestConsented } from "../rules/manifestConsented";
import { types } from "../rules/types";
import { type Declared, judge, unknown } from "./support/judge";
import {
  access,
  application,
  consent,
  exchangeOnline,
  firstPreview,
  graph,
  manageAsApp,
  readMail,
  servicePrincipal,
  withOne,
} from "./support/stacks";

const consentEnd = async (stack: readonly Declared[]) =>
  (await judge(consentInManifest, stack)).end;
const manifestEnd = async (stack: readonly Declared[]) =>
  (await judge(manifestConsented, stack)).end;

const mail = { ...consent({ appRoleId: readMail }), name: "mail" };

test("a consent that the manifest asks for passes, before and after the first update", async () => {
  expect(await consentEnd(firstPreview())).toEqual([]);
  expect(await manifestEnd(firstPreview())).toEqual([]);
  const objectId = "33333333-3333-4333-8333-333333333333";
  const clientId = "44444444-4444-4444-8444-444444444444";
  const later = [
    { ...application(), outputs: { objectId: "55555555-5555-4555-8555-555555555555", clientId } },
    { ...servicePrincipal({ clientId }), outputs: { objectId }, on: {} },
    { ...consent({ principalObjectId: objectId }), on: {} },
  ];
  expect(await consentEnd(later)).toEqual([]);
  expect(await manifestEnd(later)).toEqual([]);
});

test("a consent that the manifest does not ask for is a violation", async () => {
  expect(await consentEnd([...firstPreview(), mail])).toEqual([
    `mail: ExO is granted the app role ${readMail} and does not ask for it.`,
  ]);
  const delegated = withOne(
    application({ requiredResourceAccesses: [access(exchangeOnline, manageAsApp, "Scope")] }),
  );
  expect(await consentEnd(delegated)).toHaveLength(1);
});

test("an entry of the manifest that is not granted is a violation", async () => {
  const asks = [access(exchangeOnline, manageAsApp), access(graph, readMail)];
  const stack = withOne(application({ requiredResourceAccesses: asks }));
  expect(await manifestEnd(stack)).toEqual([
    `app: ExO asks for the app role ${readMail}, and the stack does not grant it.`,
  ]);
  expect(await manifestEnd([...stack, mail])).toEqual([]);
});

test("ApplicationApiAccess is part of the manifest", async () => {
  const part: Declared = {
    type: types.applicationApiAccess,
    name: "access",
    inputs: { applicationId: unknown.text, apiClientId: graph, roleIds: [readMail] },
    on: { applicationId: ["app"] },
  };
  expect(await consentEnd([...firstPreview(), part, mail])).toEqual([]);
  expect(await manifestEnd([...firstPreview(), part])).toEqual([
    `app: ExO asks for the app role ${readMail}, and the stack does not grant it.`,
  ]);
});

test("a consent counts only for its own application", async () => {
  const second: Declared[] = [
    { ...application({ displayName: "Second" }), name: "second" },
    { ...servicePrincipal(), name: "second-principal", on: { clientId: ["second"] } },
  ];
  expect(await manifestEnd([...firstPreview(), ...second])).toEqual([
    `second: Second asks for the app role ${manageAsApp}, and the stack does not grant it.`,
  ]);
});

test("a managed identity, or an application of another stack, has no manifest here", async () => {
  const identity: Declared[] = [
    { type: "azure-native:automation:AutomationAccount", name: "account" },
    { ...consent(), on: { principalObjectId: ["account"] } },
  ];
  expect(await consentEnd(identity)).toEqual([]);
  const foreign = {
    ...consent({ principalObjectId: "66666666-6666-4666-8666-666666666666" }),
    on: {},
  };
  expect(await consentEnd([foreign])).toEqual([]);
});

test("who is granted a permission, unknown, is a violation, not a warning", async () => {
  const stack = withOne({ ...consent(), on: {} });
  expect(await consentEnd(stack)).toEqual([
    `consent: Who is granted the app role ${manageAsApp}, only the update decides. It cannot be seen at preview, so it does not pass.`,
  ]);
  // It counts for nobody, so what is asked for is not granted either.
  expect(await manifestEnd(stack)).toHaveLength(1);
});

test("a manifest that is unknown is a violation, not a warning", async () => {
  const stack = withOne(application({ requiredResourceAccesses: unknown.list }));
  expect(await consentEnd(stack)).toEqual([
    `consent: Whether ExO asks for the app role ${manageAsApp}, only the update decides. It cannot be seen at preview, so it does not pass.`,
  ]);
  expect(await manifestEnd(stack)).toEqual([
    "app: Which app roles ExO asks for, only the update decides. It cannot be seen at preview, so it does not pass.",
  ]);
});

test("both can be told to let a resource pass for a time", async () => {
  const exemptions = (resource: string) => ({
    exemptions: [{ resource, reason: "moves to its own stack", until: "2026-12-31" }],
  });
  const granted = [...firstPreview(), mail];
  expect(await judge(consentInManifest, granted, exemptions("mail"))).toEqual({
    before: [],
    end: [],
  });
  const asked = firstPreview().filter(({ name }) => name !== "consent");
  expect(await judge(manifestConsented, asked, exemptions("app"))).toEqual({ before: [], end: [] });
});
