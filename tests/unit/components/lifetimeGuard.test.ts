/**
 * The guard of a certificate's lifetime: each certificate is judged as the generation that it is,
 * whatever generations and resources are called, and a guard that guards nothing is an error.
 * Not proven here: that the engine calls the hooks, which the journey certificatePolicy shows.
 */
import * as pulumi from "@pulumi/pulumi";
import * as azuread from "@pulumi/azuread";
import type { CertificateGenerationArgs } from "../../../components/args";
import { CertificateCredential } from "../../../components/certificateCredential";
import { ExchangeAppOnly } from "../../../components/exchangeAppOnly";
import type { CertificateLimit } from "../../../components/catalog/certificateLimit";
import { LifetimeGuard } from "../../../components/lifetimeGuard";
import { childNames, generationInName } from "../../../components/names";
import { makeCertificate } from "../../support/certificates";
import { mockEngine } from "../../support/mocks";

const certificate = makeCertificate({ commonName: "contoso.org" });

beforeEach(async () => {
  const nothing = () => ({});
  await mockEngine({
    "tls:index/privateKey:PrivateKey": () => ({ privateKeyPem: certificate.privateKeyPem }),
    "tls:index/selfSignedCert:SelfSignedCert": () => ({ certPem: certificate.certificatePem }),
    "azuread:index/application:Application": () => ({ clientId: "client-id", objectId: "id" }),
    "azuread:index/servicePrincipal:ServicePrincipal": () => ({ objectId: "principal-id" }),
    "azuread:index/applicationCertificate:ApplicationCertificate": nothing,
    "azuread:index/appRoleAssignment:AppRoleAssignment": nothing,
    "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment": nothing,
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await pulumi.runtime.disconnect();
});

const halfAYear: CertificateLimit = {
  known: true,
  limit: { maxLifetime: "P180D", policy: "the tenant's app management policy" },
};

/** Keeps the hooks that a guard attaches, by the name of the resource: mocks do not call them. */
class Hooks {
  private readonly hooks = new Map<string, pulumi.ResourceHook>();

  readonly transformation: pulumi.ResourceTransformation = ({ name, opts }) => {
    for (const hook of opts.hooks?.beforeCreate ?? []) {
      this.hooks.set(name, hook as pulumi.ResourceHook);
    }
    return undefined;
  };

  /** What each hook says when the engine calls it before the resource is made. */
  async run(applicationId?: string): Promise<Record<string, string>> {
    const said: Record<string, string> = {};
    for (const [name, { callback }] of this.hooks) {
      const newInputs = { applicationId };
      const args = { name, urn: "", id: "", type: "", newInputs } as pulumi.ResourceHookArgs;
      said[name] = await Promise.resolve(callback(args)).then(
        () => "may be registered",
        (error: Error) => error.message,
      );
    }
    return said;
  }
}

function access(certificates: CertificateGenerationArgs[], guard: LifetimeGuard, hooks: Hooks) {
  return new ExchangeAppOnly(
    "access",
    {
      displayName: "ExO PowerShell CBA",
      workloads: ["exchange"],
      directoryRoles: ["Exchange Administrator"],
      certificates,
      activeCertificate: certificates[0]!.name,
    },
    { transformations: [guard.transformation, hooks.transformation] },
  );
}

const tooLong = (path: string) =>
  `apponly:${path}.validityDays "365" is longer than the tenant's app management policy lets a certificate live: 180 days (asymmetricKeyLifetime P180D). Set it to 180 or fewer.`;

test.each([
  ["11", "2026-11"],
  ["2026-11", "11"],
  ["a", "b-a"],
  ["b-a", "a"],
  ["a", "a-a"],
  ["x-certificate-y", "y"],
  ["credential", "x-credential"],
  ["key", "key-credential"],
])("%s of a year is refused beside %s of 90 days, and the other is not", async (long, short) => {
  const hooks = new Hooks();
  const guard = new LifetimeGuard(() => Promise.resolve(halfAYear), "apponly:");
  const two = [
    { name: long, subject: "contoso.org", validityDays: 365 },
    { name: short, subject: "contoso.org", validityDays: 90 },
  ];
  const { generations } = access(two, guard, hooks);
  guard.requireGuarded(Object.values(generations));
  expect(await hooks.run()).toEqual({
    [`access-certificate-${long}-credential`]: tooLong("certificates[0]"),
    [`access-certificate-${short}-credential`]: "may be registered",
  });
});

test("what the resources are called does not matter", async () => {
  jest
    .spyOn(childNames as { credential: (name: string) => string }, "credential")
    .mockImplementation((name) => `registered-${name}`);
  const hooks = new Hooks();
  const guard = new LifetimeGuard(() => Promise.resolve(halfAYear), "apponly:");
  access([{ name: "2026-11", subject: "contoso.org" }], guard, hooks);
  expect(await hooks.run()).toEqual({
    "registered-access-certificate-2026-11": tooLong("certificates[0]"),
  });
});

test("a CertificateCredential that is used by itself is guarded, generated or supplied", async () => {
  const hooks = new Hooks();
  const guard = new LifetimeGuard(() => Promise.resolve(halfAYear));
  const transformations = [guard.transformation, hooks.transformation];
  const source = makeCertificate({
    commonName: "contoso.org",
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 199 * 86_400_000),
  }).certificatePem;
  const made = { name: "2026-11", subject: "contoso.org" };
  for (const generation of [made, { name: "own", source }]) {
    const args = { applicationId: "application-id", generation };
    const one = new CertificateCredential(`my-${generation.name}`, args, { transformations });
    guard.requireGuarded([one]);
  }
  const said = await hooks.run();
  expect(said["my-2026-11-credential"]).toContain('generation.validityDays "365" is longer');
  expect(said["my-own-credential"]).toMatch(
    /^generation\.source "lifetime of 200 days" is longer .* Supply a certificate that is valid for 180 days or fewer\.$/,
  );
});

test("a certificate of which nothing is known is an error", () => {
  const { transformation } = new LifetimeGuard(() => Promise.resolve(halfAYear));
  const register = () =>
    new azuread.ApplicationCertificate(
      "loose-certificate-2026-11-credential",
      { applicationId: "application-id", value: certificate.certificatePem },
      { transformations: [transformation] },
    );
  expect(register).toThrow(
    'Nothing is known of the certificate that "loose-certificate-2026-11-credential" registers, so whether the tenant lets it live that long cannot be checked. Register it with CertificateCredential.',
  );
});

test("a guard that guards nothing is an error", () => {
  const generation = { name: "2026-11", subject: "contoso.org" };
  const one = new CertificateCredential("one", { applicationId: "application-id", generation });
  const guard = new LifetimeGuard(() => Promise.resolve(halfAYear));
  expect(() => guard.requireGuarded([one])).toThrow(
    /^The lifetime of the generations "2026-11" would not be checked\./,
  );
});

test("the tenant is asked once for each application, and what it does not tell is a warning", async () => {
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  const asked: (string | undefined)[] = [];
  const guard = new LifetimeGuard((applicationObjectId) => {
    asked.push(applicationObjectId);
    return Promise.reject(new Error("the network is down"));
  });
  const hooks = new Hooks();
  const generations = ["a", "b"].map((name) => ({ name, subject: "contoso.org" }));
  access(generations, guard, hooks);
  const id = "11111111-aaaa-4bbb-8ccc-222222222222";
  expect(Object.values(await hooks.run())).toEqual(["may be registered", "may be registered"]);
  await hooks.run(`/applications/${id}`);
  expect(asked).toEqual([undefined, id]);
  expect(warn.mock.calls.map(([text]) => text)).toEqual([
    expect.stringMatching(
      /could not be read, .*refused only during the update: the network is down/,
    ),
  ]);
});

test.each([
  ["access", "2026-11"],
  ["access-certificate-a", "b"],
  ["a", "certificate-b-certificate-c"],
])("the generation in a name that was made of %s and %s is found again", (name, generation) => {
  expect(generationInName(childNames.certificate(name, generation), name)).toBe(generation);
});

test("a name that was not made of the access names no generation", () => {
  for (const name of ["other-certificate-a", "access-certificate-", "access-certificate", "a"]) {
    expect(generationInName(name, "access")).toBeUndefined();
  }
});
