/** Who can sign in as an application: certificates, client secrets, federated credentials. */
import { X509Certificate } from "node:crypto";
import { makeCertificate } from "../../support/certificates";
import { review } from "../../../review/review";
import {
  application,
  applicationId,
  azuread,
  maskedSecret,
  previewOf,
  type ResourceOf,
  type SideOf,
  unknownText,
  urnOf,
} from "./previews";

const changesOf = (...resources: ResourceOf[]) => review(previewOf(...resources)).changes;
const startDate = "2026-11-24T12:00:00Z";
const endDate = "2027-11-24T12:00:00Z";
const inputs = {
  applicationId,
  value: maskedSecret,
  startDate,
  endDate,
  type: "AsymmetricX509Cert",
};
const fresh = { ...inputs, startDate: unknownText, endDate: unknownText };
const certificate = (op: string, name: string, side: SideOf = { inputs }): ResourceOf => ({
  op,
  type: azuread("ApplicationCertificate"),
  name,
  ...(op === "create" ? {} : { old: side }),
  ...(op === "delete" ? {} : { new: side }),
});
const generation = (name: string, thumbprint: string, more: Record<string, unknown> = {}) => ({
  name,
  thumbprint,
  subject: "CN=contoso.org",
  notBefore: startDate,
  notAfter: endDate,
  active: true,
  ...more,
});
const stack = (before: unknown[], after: unknown[] = before): ResourceOf => ({
  op: "same",
  type: "pulumi:pulumi:Stack",
  name: "apponly-dev",
  old: { outputs: { certificates: before } },
  new: { outputs: { certificates: after } },
});

function madeCertificate(): { certificatePem: string; thumbprint: string } {
  const { certificatePem } = makeCertificate({ commonName: "contoso.org" });
  const { fingerprint } = new X509Certificate(certificatePem);
  return { certificatePem, thumbprint: fingerprint.replaceAll(":", "") };
}

describe("a certificate that is removed", () => {
  test.each([
    ["another stays", [certificate("same", "b")], "low"],
    ["none stays", [], "high"],
    ["another comes at the same time", [certificate("create", "b", { inputs: fresh })], "high"],
    ["another is replaced at the same time", [certificate("replace", "b")], "high"],
  ])("while %s", (_, others, risk) => {
    const removed = changesOf(application(), certificate("delete", "a"), ...others).find(
      ({ action }) => action === "remove",
    );
    expect(removed).toMatchObject({ kind: "certificate", risk });
  });

  test("of one application, while another application keeps its own", () => {
    const elsewhere = { inputs: { ...inputs, applicationId: "/applications/other" } };
    const changes = changesOf(
      application(),
      certificate("delete", "a"),
      certificate("same", "b", elsewhere),
    );
    expect(changes).toMatchObject([
      { risk: "high", reason: expect.stringContaining("No certificate stays") },
    ]);
  });

  test("with its application, is part of that", () => {
    const gone = application({ op: "delete" });
    expect(changesOf(gone, certificate("delete", "a"))).toMatchObject([
      { kind: "application", risk: "high" },
      { kind: "certificate", risk: "low" },
    ]);
  });

  test("in a document, which hides what stays, by the stack's outputs or not at all", () => {
    const two = [generation("a", "AA"), generation("b", "BB")];
    const hidden = (...resources: ResourceOf[]) =>
      review({ ...previewOf(...resources), showsSames: false }).changes[0];
    expect(hidden(stack(two), certificate("delete", "a"))?.risk).toBe("low");
    expect(hidden(stack(two.slice(0, 1)), certificate("delete", "a"))?.risk).toBe("high");
    expect(hidden(certificate("delete", "a"))).toMatchObject({
      risk: "high",
      reason: expect.stringContaining("does not show whether"),
    });
  });
});

describe("the thumbprint, although the provider hides the certificate", () => {
  const component: ResourceOf = {
    op: "same",
    type: "apponly:index:CertificateCredential",
    name: "access-certificate-2026-11",
  };
  const parent = urnOf(component.type, component.name);
  const outputs = { thumbprint: "AABB", subject: "CN=contoso.org", notAfter: endDate };
  const shown = "thumbprint AABB, CN=contoso.org, valid to 2027-11-24T12:00:00Z";

  test("comes from the component's outputs", () => {
    const removed = { ...certificate("delete", "credential"), parent };
    expect(changesOf(application(), { ...component, old: { outputs } }, removed)[0]).toMatchObject({
      before: { text: shown },
    });
  });

  test("is that of its own generation, whose name another one's ends with", () => {
    const access: ResourceOf = {
      op: "same",
      type: "apponly:index:ExchangeAppOnly",
      name: "access",
      old: {},
      new: {},
    };
    const shown: ResourceOf = {
      ...component,
      parent: urnOf(access.type, access.name),
      old: {},
      new: {},
    };
    const generations = [generation("11", "CCDD"), generation("2026-11", "AABB")];
    const removed = { ...certificate("delete", "credential"), parent };
    for (const around of [[], [access, shown]]) {
      expect(changesOf(stack(generations), application(), ...around, removed)[0]).toMatchObject({
        subject: "2026-11",
        before: { text: expect.stringContaining("AABB") },
      });
    }
  });

  test("comes from the stack's outputs, by the generation's name and on both sides", () => {
    const side: SideOf = { inputs };
    const replaced = { ...certificate("replace", "credential", side), parent };
    const renewed = generation("2026-11", "CCDD");
    expect(
      changesOf(
        stack([generation("2026-11", "AABB")], [renewed]),
        application(),
        component,
        replaced,
      )[0],
    ).toMatchObject({
      subject: "2026-11",
      before: { text: shown },
      after: { text: "thumbprint CCDD, CN=contoso.org, valid to 2027-11-24T12:00:00Z" },
    });
  });

  test("comes from the stack's outputs by its validity, in a program without components", () => {
    const removed = certificate("delete", "flat", {
      inputs: { ...inputs, endDate: "2027-11-24T13:00:00+01:00" },
    });
    expect(changesOf(stack([generation("x", "AABB")]), application(), removed)[0]).toMatchObject({
      before: { text: shown },
    });
  });

  test("comes from a self-signed certificate with the same validity, to the second", () => {
    const { certificatePem, thumbprint } = madeCertificate();
    const validity = {
      validityStartTime: "2026-11-24T14:00:00.987654+02:00",
      validityEndTime: "2027-11-24T14:00:00.987654+02:00",
    };
    const self: ResourceOf = {
      op: "same",
      type: "tls:index/selfSignedCert:SelfSignedCert",
      name: "self",
      old: { outputs: { certPem: certificatePem, ...validity } },
    };
    const removed = certificate("delete", "flat", {
      inputs: { ...inputs, startDate: "2026-11-24T12:00:00Z", endDate: "2027-11-24T12:00:00Z" },
    });
    expect(changesOf(application(), self, removed)[0]?.before).toMatchObject({
      text: expect.stringContaining(thumbprint),
    });
  });

  test("comes from a self-signed certificate beside it", () => {
    const { certificatePem, thumbprint } = madeCertificate();
    const self: ResourceOf = {
      op: "same",
      type: "tls:index/selfSignedCert:SelfSignedCert",
      name: "self",
      parent,
      old: { outputs: { certPem: certificatePem } },
    };
    const removed = { ...certificate("delete", "credential"), parent };
    expect(changesOf(application(), self, removed)[0]?.before).toMatchObject({
      text: expect.stringContaining(thumbprint),
    });
  });

  test("comes from the configuration, for a supplied certificate whose outputs are unknown", () => {
    const { certificatePem, thumbprint } = madeCertificate();
    const config = {
      "apponly:certificates": JSON.stringify([{ name: "2026-11", source: certificatePem }]),
    };
    const added = { ...certificate("create", "credential", { inputs: fresh }), parent };
    const preview = previewOf(application(), component, added);
    const before = review(preview).changes[0];
    expect(before?.after).toEqual({ state: "unknown" });
    expect(review({ ...preview, config }).changes[0]?.after).toMatchObject({
      text: expect.stringContaining(thumbprint),
    });
  });

  test.each([
    [false, "key in contoso.vault.azure.net"],
    [true, "key in contoso.vault.azure.net, from which it may be fetched"],
  ])("comes with the vault that has the key; fetched: %s", (exportable, place) => {
    const { certificatePem, thumbprint } = madeCertificate();
    const [cer, vault] = [
      certificatePem.replace(/-----[^-]+-----|\n/g, ""),
      "https://contoso.vault.azure.net",
    ];
    const settings = { name: "2026-11", source: "key-vault", vault, cer, exportable };
    const config = { "apponly:certificates": JSON.stringify([settings]) };
    const preview = previewOf(application(), component, {
      ...certificate("create", "credential", { inputs: fresh }),
      parent,
    });
    expect(review({ ...preview, config }).changes).toMatchObject([
      {
        risk: "medium",
        reason: "Whoever may have the vault sign signs in as the application.",
        after: { text: expect.stringMatching(new RegExp(`${thumbprint}.*, ${place}$`)) },
      },
    ]);
    const key = `${vault}/keys/exo/${"1".repeat(32)}`;
    const listed = generation("2026-11", "AABB", { vault: { key, exportable } });
    const removed = { ...certificate("delete", "credential"), parent };
    expect(changesOf(stack([listed]), application(), component, removed)[0]).toMatchObject({
      before: { text: `${shown}, ${place}` },
    });
  });

  test("is unknown for one that is yet to be made, and secret where nothing else is said", () => {
    expect(
      changesOf(application(), certificate("create", "a", { inputs: fresh }))[0]?.after,
    ).toEqual({
      state: "unknown",
    });
    const bare = { inputs: { applicationId, value: "[secret]" } };
    expect(changesOf(application(), certificate("create", "a", bare))[0]?.after).toEqual({
      state: "secret",
    });
    expect(changesOf(application(), certificate("create", "a"))[0]?.after).toMatchObject({
      text: "thumbprint not shown by the preview, valid from 2026-11-24T12:00:00Z to 2027-11-24T12:00:00Z",
    });
  });
});

describe("a certificate that is added", () => {
  test.each([
    ["for a year", endDate, "medium"],
    ["for two years", "2028-11-24T12:00:00Z", "medium"],
    ["for longer", "2028-11-26T12:00:00Z", "high"],
  ])("%s", (_, end, risk) => {
    const added = certificate("create", "a", { inputs: { ...inputs, endDate: end } });
    expect(changesOf(application(), added)).toMatchObject([{ action: "add", risk }]);
  });

  test("to an application of somebody else", () => {
    const added = certificate("create", "a", {
      inputs: { ...inputs, applicationId: "/applications/other" },
    });
    expect(changesOf(application(), added)).toMatchObject([
      { target: "other", risk: "high", reason: expect.stringContaining("does not manage") },
    ]);
  });

  test("in place of one under the same name says what breaks", () => {
    const { changes, replacements } = review(previewOf(application(), certificate("replace", "a")));
    expect(changes).toMatchObject([
      { action: "replace", risk: "high", consequence: expect.stringContaining("old key") },
    ]);
    expect(replacements[0]?.consequence).toContain("old key");
  });
});

describe("client secrets", () => {
  const password = (op: string, type = "ApplicationPassword"): ResourceOf => {
    const side = { inputs: { applicationId, displayName: "ci" }, outputs: { value: "hunter2" } };
    return {
      op,
      type: azuread(type),
      name: "secret",
      ...(op === "create" ? {} : { old: side }),
      ...(op === "delete" ? {} : { new: side }),
    };
  };

  test.each([
    ["create", "add", "high"],
    ["replace", "replace", "high"],
    ["delete", "remove", "low"],
  ])("%s: %s is %s, and the value is nowhere", (op, action, risk) => {
    const changes = changesOf(application(), password(op));
    expect(changes).toMatchObject([{ kind: "password-credential", action, risk, subject: "ci" }]);
    expect(JSON.stringify(changes)).not.toContain("hunter2");
  });

  test("a password inside the registration is a change of its own", () => {
    const withPassword = { displayName: "App", password: { displayName: "ci", value: "hunter2" } };
    const created = application({ op: "create", new: { inputs: withPassword } });
    const changes = changesOf(created);
    expect(changes[0]).toMatchObject({
      kind: "password-credential",
      action: "add",
      subject: "ci",
      risk: "high",
      after: { state: "secret" },
    });
    expect(JSON.stringify(changes)).not.toContain("hunter2");
  });
});

describe("federated credentials", () => {
  const github = "https://token.actions.githubusercontent.com";
  const federated = (
    more: Record<string, unknown>,
    type = "ApplicationFederatedIdentityCredential",
  ) =>
    changesOf(application(), {
      op: "create",
      type: azuread(type),
      name: "federated",
      new: {
        inputs: {
          applicationId,
          displayName: "gh",
          issuer: github,
          subject: "repo:contoso/scripts:ref:refs/heads/main",
          audiences: ["api://AzureADTokenExchange"],
          ...more,
        },
      },
    })[0];

  test("for one exact subject is medium and shown in full", () => {
    expect(federated({})).toMatchObject({
      risk: "medium",
      after: {
        text: `repo:contoso/scripts:ref:refs/heads/main from ${github} for api://AzureADTokenExchange`,
      },
    });
  });

  test.each([
    ["pull requests", { subject: "repo:contoso/scripts:pull_request" }],
    ["a pattern", { subject: "repo:contoso/*" }],
    ["a subject not known yet", { subject: unknownText }],
    ["an issuer not known yet", { issuer: unknownText }],
    ["a strange issuer", { issuer: "https://token.actions.githubusercontent.com.evil.example" }],
    [
      "an expression",
      { subject: undefined, claimsMatchingExpression: "claims['sub'] matches '*'" },
    ],
  ])("for %s is high", (_, more) => {
    expect(federated(more)).toMatchObject({ risk: "high" });
  });

  test("removed, says who stops", () => {
    const old = { inputs: { applicationId, displayName: "gh", issuer: github, subject: "x" } };
    const type = azuread("ApplicationFlexibleFederatedIdentityCredential");
    expect(changesOf(application(), { op: "delete", type, name: "f", old })).toMatchObject([
      { action: "remove", risk: "low", consequence: expect.stringContaining("stop") },
    ]);
  });
});
