/**
 * The policies' rules on previews: the same rules as in the policy pack, gated and shown. What each
 * rule says is shown in policy/tests; that the engine with the pack says the same as the review, in
 * tests/journeys/policy.test.ts.
 */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPolicies } from "../../../cli/policyConfiguration";
import { gate } from "../../../review/gate";
import { readEvents } from "../../../review/input/engineEvents";
import { readPolicyConfiguration } from "../../../review/policies/configuration";
import { readPreviewDocument } from "../../../review/input/previewDocument";
import { renderHtml } from "../../../review/render/html";
import { renderMarkdown } from "../../../review/render/markdown";
import { renderTerminal } from "../../../review/render/terminal";
import { review } from "../../../review/review";
import { risks } from "../../../review/model";
import { rules } from "../../../policy/rules/rules";
import {
  access,
  application,
  applicationId,
  azuread,
  eventOf,
  maskedSecret,
  previewOf,
  principalObjectId,
  type ResourceOf,
  stackUrn,
  summaryEvent,
  unknownText,
  urnOf,
} from "./previews";
import { makeCertificate } from "../../support/certificates";
import { changeWith, reviewWith, violationWith } from "./reviews";

const now = new Date("2026-11-25T12:00:00Z");
const exchange = access(
  "00000002-0000-0ff1-ce00-000000000000",
  "dc50a0fb-09a3-484d-be87-e023b12c6440",
);
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";

/** A stack in order, as engine events show it, unchanged. */
const sound: readonly ResourceOf[] = [
  application({
    old: undefined,
    new: {
      id: applicationId,
      inputs: { displayName: "ExO", requiredResourceAccesses: [exchange] },
      outputs: { objectId: applicationId.split("/").at(-1), clientId: "client" },
    },
  }),
  {
    op: "same",
    type: azuread("ServicePrincipal"),
    name: "principal",
    new: { inputs: { clientId: "client" }, outputs: { objectId: principalObjectId } },
  },
  {
    op: "same",
    type: azuread("AppRoleAssignment"),
    name: "consent",
    new: {
      inputs: {
        appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
        principalObjectId,
        resourceObjectId: "44444444-4444-4444-8444-444444444444",
      },
    },
  },
  {
    op: "same",
    type: azuread("ApplicationCertificate"),
    name: "credential",
    new: {
      inputs: {
        applicationId,
        value: maskedSecret,
        startDate: "2026-06-01T00:00:00Z",
        endDate: "2027-06-01T00:00:00Z",
      },
    },
  },
];

const roleOf = (parent?: string): ResourceOf => ({
  op: "create",
  type: azuread("DirectoryRoleAssignment"),
  name: "role",
  ...(parent === undefined ? {} : { parent }),
  new: { inputs: { roleId: globalAdministrator, principalObjectId } },
});

const reviewOf = (...resources: readonly ResourceOf[]) => review(previewOf(...resources), { now });

const messages = ({ violations }: Pick<ReturnType<typeof reviewOf>, "violations">) =>
  violations.map(({ policy, message }) => `${policy}: ${message}`);

test("a stack in order violates nothing, also where its certificate is masked", () => {
  const found = reviewOf(...sound);
  expect(found.violations).toEqual([]);
  expect(found.warnings).toEqual([
    "Policy entra-certificate-require-strong-key-and-short-life, credential: Not judged: The provider marks the certificate secret, so its key is not in the preview; the policy pack can judge it.",
  ]);
});

test("a masked certificate whose key is in a vault is judged by the public part that its component tells", () => {
  const component = (keyBits: number): ResourceOf => ({
    op: "same",
    type: "apponly:index:CertificateCredential",
    name: "access-certificate-2026-11",
    new: {
      outputs: {
        cer: makeCertificate({
          commonName: "contoso.org",
          keyBits,
          notBefore: new Date("2026-06-01T00:00:00Z"),
          notAfter: new Date("2027-06-01T00:00:00Z"),
        }).certificatePem.replace(/-----[^-]+-----|\s/g, ""),
      },
    },
  });
  const parent = urnOf("apponly:index:CertificateCredential", "access-certificate-2026-11");
  const registered = (keyBits: number) => [
    ...sound.slice(0, -1),
    component(keyBits),
    { ...sound.at(-1)!, parent },
  ];
  const strong = reviewOf(...registered(2048));
  expect([strong.violations, strong.warnings]).toEqual([[], []]);
  expect(messages(reviewOf(...registered(1024)))).toEqual([
    "entra-certificate-require-strong-key-and-short-life: The key has 1024 bits, fewer than 2048.",
  ]);
});

test("a violated policy has its severity, its level, its remedy and its page", () => {
  const [violation, ...others] = reviewOf(...sound, roleOf()).violations;
  const rule = rules.find(({ name }) => name.includes("directory-role"));
  expect(others).toEqual([]);
  expect(violation).toEqual({
    policy: "entra-directory-role-disallow-privileged-without-exception",
    displayName: rule?.displayName,
    severity: "critical",
    enforcementLevel: "mandatory",
    resource: urnOf(azuread("DirectoryRoleAssignment"), "role"),
    message: "The directory role Global Administrator is privileged, and no exception covers it.",
    remediation: rule?.remediationSteps,
    source: rule?.url,
  });
});

test("an exception that the program records covers the role below it", () => {
  const component = (until: string): ResourceOf => ({
    op: "same",
    type: "apponly:index:ExchangeAppOnly",
    name: "access",
    new: {
      inputs: {
        exceptions: [{ role: "Global Administrator", reason: "mailbox migration", until }],
      },
    },
  });
  const below = roleOf(urnOf("apponly:index:ExchangeAppOnly", "access"));
  expect(reviewOf(...sound, component("2026-11-25"), below).violations).toEqual([]);
  expect(messages(reviewOf(...sound, component("2026-11-24"), below))).toEqual([
    "entra-directory-role-disallow-privileged-without-exception: The directory role Global Administrator is privileged, and its exception until 2026-11-24 has ended, or gives no reason.",
  ]);
});

test("what violates a policy and does not change is found too", () => {
  const found = reviewOf(...sound, { ...roleOf(), op: "same" });
  expect(found.changes).toEqual([]);
  expect(found.violations).toHaveLength(1);
  expect(gate([found], "critical").kind).toBe("tripped");
});

test("what goes away violates nothing, except where it is Microsoft's", () => {
  const role = { ...roleOf(), op: "delete", old: roleOf().new, new: undefined } as ResourceOf;
  expect(reviewOf(...sound, role).violations).toEqual([]);
  const exchangeOnline: ResourceOf = {
    op: "delete",
    type: azuread("ServicePrincipal"),
    name: "exchange",
    old: { inputs: { clientId: "00000002-0000-0ff1-ce00-000000000000", useExisting: true } },
  };
  expect(messages(reviewOf(...sound, exchangeOnline))).toEqual([
    "entra-service-principal-disallow-microsoft-owned: Office 365 Exchange Online belongs to Microsoft, and the update would delete it.",
  ]);
});

test("an unknown or masked role is a violation", () => {
  for (const roleId of [unknownText, maskedSecret]) {
    const role = { ...roleOf(), new: { inputs: { roleId, principalObjectId } } };
    expect(messages(reviewOf(...sound, role))).toEqual([
      "entra-directory-role-disallow-privileged-without-exception: Which directory role is assigned, only the update decides. It cannot be seen at preview, so it does not pass.",
    ]);
  }
});

test("a document judges by what an input is computed from, where the events must guess", () => {
  const two = (name: string): ResourceOf[] => [
    {
      op: "create",
      type: azuread("Application"),
      name,
      new: { inputs: { displayName: name, requiredResourceAccesses: [exchange] } },
    },
    {
      op: "create",
      type: azuread("ServicePrincipal"),
      name: `${name}-principal`,
      new: { inputs: { clientId: unknownText } },
    },
  ];
  const resources = [...two("first"), ...two("second")];
  const policy = "entra-service-principal-disallow-microsoft-owned";
  const guessed = reviewOf(...resources).violations.filter((one) => one.policy === policy);
  expect(guessed).toHaveLength(2);
  const document = readPreviewDocument({
    changeSummary: { create: 4 },
    steps: resources.map(({ op, type, name, new: side }) => ({
      op,
      urn: urnOf(type, name),
      newState: {
        type,
        parent: stackUrn,
        inputs: side?.inputs,
        propertyDependencies: {
          clientId: [urnOf(azuread("Application"), name.replace("-principal", ""))],
        },
      },
    })),
  });
  expect(review(document, { now }).violations.filter((one) => one.policy === policy)).toEqual([]);
});

test("of an incomplete preview nothing follows from what is missing", () => {
  const failed = readEvents([
    eventOf(application({ op: "create", old: undefined })),
    summaryEvent({ result: "failed" }),
  ]);
  expect(review(failed, { now }).violations).toEqual([]);
  expect(gate([review(failed, { now })], "critical").kind).toBe("incomplete");
});

describe("configuration", () => {
  const name = "entra-directory-role-disallow-privileged-without-exception";
  const configured = (policies: string) =>
    review(previewOf(...sound, roleOf()), { now, policies: readPolicyConfiguration(policies) });

  test("settings, levels and `all` are those of the policy pack's file", () => {
    expect(
      configured(`{ "${name}": { "acceptedRoles": ["Global Administrator"] } }`).violations,
    ).toEqual([]);
    const advisory = configured('{ "all": "advisory" }');
    expect(advisory.violations.map(({ enforcementLevel }) => enforcementLevel)).toEqual([
      "advisory",
    ]);
    const own = configured(`{ "all": "advisory", "${name}": { "enforcementLevel": "mandatory" } }`);
    expect(own.violations.map(({ enforcementLevel }) => enforcementLevel)).toEqual(["mandatory"]);
    expect(configured(`{ "${name}": "remediate" }`).violations).toEqual(own.violations);
  });

  test("a policy that is disabled is said to be", () => {
    const off = configured(`{ "${name}": "disabled" }`);
    expect(off.violations).toEqual([]);
    expect(off.warnings[0]).toBe(`Policies that are disabled: ${name}.`);
  });

  test("an exemption lets pass and is said", () => {
    const exempt = configured(
      `{ "${name}": { "exemptions": [{ "resource": "role", "reason": "until the migration ends", "until": "2026-12-31" }] } }`,
    );
    expect(exempt.violations).toEqual([]);
    expect(exempt.warnings).toContain(
      `Policy ${name}, role: Exempt until 2026-12-31: The directory role Global Administrator is privileged, and no exception covers it.`,
    );
  });

  test.each([
    ["[]", "it is not a JSON object. Write one such as"],
    ["{", "it is not a JSON object. Write one such as"],
    ['{ "all": "strict" }', 'all: "strict" is not an enforcement level. Use one of mandatory,'],
    ['{ "other": "mandatory" }', '"other" is not a policy. Use all, or one of entra-permissions-'],
    [`{ "${name}": { "roles": [] } }`, `${name}: Unrecognized key: "roles"`],
    [`{ "${name}": { "exceptions": [{ "role": "x" }] } }`, `${name}.exceptions.0.reason: Invalid`],
    [
      `{ "${name}": { "exceptions": [{ "role": "x", "reason": "short", "until": "soon" }] } }`,
      `${name}.exceptions.0.reason: Too small`,
    ],
  ])("a faulty file is refused, with what is wrong: %s", (text, message) => {
    expect(() => readPolicyConfiguration(text)).toThrow(message);
  });

  test("the command names the file and ends with 2", async () => {
    const folder = await mkdtemp(join(tmpdir(), "apponly-policies-"));
    const file = join(folder, "policies.json");
    await writeFile(file, '{ "all": "strict" }');
    await expect(readPolicies(file)).rejects.toMatchObject({
      message: `--policy-pack-config "${file}" cannot be used: all: "strict" is not an enforcement level. Use one of mandatory, advisory, disabled, remediate`,
      exitCode: 2,
    });
    await expect(readPolicies(join(folder, "none.json"))).rejects.toMatchObject({ exitCode: 2 });
    await expect(readPolicies(undefined)).resolves.toEqual({});
  });
});

describe("gate", () => {
  test("a mandatory violation trips at its severity and below, an advisory one never", () => {
    for (const [at, severity] of (["critical", "high", "medium", "low"] as const).entries()) {
      const reviews = (enforcementLevel: "mandatory" | "advisory") => [
        reviewWith([], { violations: [violationWith({ severity, enforcementLevel })] }),
      ];
      expect(
        risks.filter((failOn) => gate(reviews("mandatory"), failOn).kind === "tripped"),
      ).toEqual(risks.slice(at));
      expect(
        risks.filter((failOn) => gate(reviews("advisory"), failOn).kind === "tripped"),
      ).toEqual([]);
    }
  });
});

describe("forms", () => {
  const found = reviewWith([changeWith({ risk: "high" })], {
    violations: [violationWith(), violationWith({ severity: "low", enforcementLevel: "advisory" })],
  });

  test("Markdown has violations as rows, before changes of the same risk", () => {
    const rows = renderMarkdown([found])
      .split("\n")
      .filter(
        (line) => line.startsWith("## ") || line.startsWith("| **") || line.startsWith("| low"),
      );
    expect(rows).toEqual([
      "## Permission changes: 1 high; 2 policy violations",
      "| **high** | violates the mandatory policy Applications have no client secret | `password` |  | An application gets a client secret. Sign in with a certificate. |",
      expect.stringContaining("| **high** | adds directory role"),
      "| low | violates the advisory policy Applications have no client secret | `password` |  | An application gets a client secret. Sign in with a certificate. |",
    ]);
  });

  test("a comment that is cut keeps every critical violation", () => {
    const many = Array.from({ length: 400 }, (_, index) =>
      violationWith({ severity: "critical", message: `Message ${index}. ${"x".repeat(300)}` }),
    );
    const markdown = renderMarkdown([reviewWith([], { violations: many })]);
    expect(markdown.length).toBeLessThanOrEqual(65_536);
    for (const index of many.keys()) {
      expect(markdown).toContain(`Message ${index}.`);
    }
  });

  test("a terminal and a page show message and remedy", () => {
    expect(renderTerminal([found]).split("\n").slice(0, 4)).toEqual([
      "contoso.onmicrosoft.com (stack prod): 1 high; 2 policy violations",
      "  high     ! violates the mandatory policy Applications have no client secret: password",
      "              An application gets a client secret.",
      "              Sign in with a certificate.",
    ]);
    expect(renderHtml([found])).toContain(
      '<td>An application gets a client secret. Sign in with a certificate. <a href="https://learn.microsoft.com/',
    );
  });

  test("a stack that only violates a policy comes before one that changes less", () => {
    const violated = reviewWith([], { tenant: "violated", violations: [violationWith()] });
    const changed = reviewWith([changeWith({ risk: "medium" })], { tenant: "changed" });
    const markdown = renderMarkdown([changed, violated]);
    expect(markdown.indexOf("violated")).toBeLessThan(markdown.indexOf("changed"));
  });
});
