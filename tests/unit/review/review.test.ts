/** The review as a whole: order, counts, tenant, what is incomplete; the gate; the table of risks. */
import * as fc from "fast-check";
import { compareRisk, type Risk, risks, worseRisk } from "../../../review/model";
import { gate } from "../../../review/gate";
import { review } from "../../../review/review";
import { riskTable } from "../../support/documentedRules";
import { builtInRoles } from "../../../policy/rules/data/directoryRoles";
import { permissions } from "../../../policy/rules/data/permissions";
import { riskRules } from "../../../review/risk/rules";
import {
  application,
  applicationUpdate,
  azuread,
  previewOf,
  type ResourceOf,
  summaryEvent,
} from "./previews";
import { readEvents } from "../../../review/input/engineEvents";
import { changeWith, reviewWith } from "./reviews";

const role = (roleId: string, name = roleId): ResourceOf => ({
  op: "create",
  type: azuread("DirectoryRoleAssignment"),
  name,
  new: { inputs: { roleId } },
});
const [globalAdministrator, exchangeAdministrator, reportsReader] = [
  "62e90394-69f5-4237-9190-012177145e10",
  "29232cdf-9323-42fd-ade2-1d097af3e4de",
  "4a5d8f65-41da-4de4-8968-e035b65339cf",
];

test("the worst comes first, in an order that does not depend on the engine's", () => {
  const resources = [reportsReader, globalAdministrator, exchangeAdministrator].map((id) =>
    role(id),
  );
  const forwards = review(previewOf(...resources)).changes;
  const backwards = review(previewOf(...[...resources].reverse())).changes;
  expect(forwards.map(({ risk }) => risk)).toEqual(["critical", "high", "low"]);
  expect(backwards).toEqual(forwards);
});

test("what carries no permission change is counted by operation", () => {
  const otherStep = (op: string, name: string): ResourceOf => ({
    op,
    type: "tls:index/privateKey:PrivateKey",
    name,
    old: {},
    new: {},
  });
  const preview = previewOf(
    otherStep("create", "a"),
    otherStep("create", "b"),
    application(),
    role("x"),
  );
  expect(review(preview).rest).toEqual({ create: 2, same: 1 });
  expect(review({ ...preview, showsSames: false, changeSummary: { same: 9 } }).rest.same).toBe(9);
});

test("stack, project and tenant are those of the preview, unless they are given", () => {
  const stack: ResourceOf = {
    op: "same",
    type: "pulumi:pulumi:Stack",
    name: "apponly-dev",
    old: { outputs: { organization: "contoso.onmicrosoft.com", tenantId: "t" } },
    new: {},
  };
  expect(review(previewOf(stack))).toMatchObject({
    stack: "dev",
    project: "apponly",
    tenant: "contoso.onmicrosoft.com",
  });
  const given = { stack: "s", project: "p", tenant: "t" };
  expect(review(previewOf(stack), given)).toMatchObject(given);
  const preview = { ...previewOf(), config: { "azuread:tenantId": "from configuration" } };
  expect(review(preview)).toMatchObject({ stack: "unknown", tenant: "from configuration" });
});

test("what the engine said, and what is missing, become warnings", () => {
  const warning = { diagnosticEvent: { severity: "warning", message: "soon", color: "" } };
  const found = review(readEvents([warning, warning, summaryEvent({ result: "failed" })]));
  expect(found).toMatchObject({ warnings: ["The preview failed.", "soon"], complete: false });
});

describe("the gate", () => {
  test("trips at the risk given and at worse ones", () => {
    for (const risk of risks) {
      const reviews = [reviewWith([changeWith({ risk })])];
      for (const failOn of risks) {
        expect(gate(reviews, failOn).kind).toBe(
          risks.indexOf(risk) <= risks.indexOf(failOn) ? "tripped" : "passed",
        );
      }
    }
  });

  test("does not trip without changes, and always trips for an incomplete preview", () => {
    expect(gate([reviewWith([])], "info").kind).toBe("passed");
    expect(gate([reviewWith([]), reviewWith([], { complete: false })], "critical").kind).toBe(
      "incomplete",
    );
  });

  test("risks have one order, of which the worse comes first", () => {
    const risk = fc.constantFrom<Risk>(...risks);
    fc.assert(
      fc.property(risk, risk, (a, b) => {
        expect(Math.sign(compareRisk(a, b))).toBe(-Math.sign(compareRisk(b, a)) + 0);
        expect(compareRisk(worseRisk(a, b), a)).toBeLessThanOrEqual(0);
        expect(compareRisk(worseRisk(a, b), b)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe("the table of risks", () => {
  test("names each role and each permission once, by an id of the right form", () => {
    const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
    for (const ids of [
      builtInRoles.map(({ templateId }) => templateId),
      permissions.map(({ id }) => id),
    ]) {
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((id) => !guid.test(id))).toEqual([]);
    }
    expect(new Set(builtInRoles.map(({ name }) => name)).size).toBe(builtInRoles.length);
  });

  test("a writing role that Microsoft labels privileged is at least high", () => {
    const mild = builtInRoles.filter(
      ({ privileged, risk, name }) =>
        privileged && !name.endsWith("Reader") && compareRisk(risk, "high") > 0,
    );
    expect(mild).toEqual([]);
  });

  test("each critical role says why, and each rule has a sentence and a source", () => {
    for (const { risk, reach } of builtInRoles) {
      expect(risk !== "critical" || reach !== undefined).toBe(true);
    }
    for (const { reason, source, when } of Object.values(riskRules)) {
      expect(reason).toMatch(/^[A-Z].*\.$/);
      expect(source).toMatch(/^https:\/\/(learn\.microsoft\.com|www\.pulumi\.com|github\.com)\//);
      expect(when).not.toMatch(/\.$/);
    }
  });

  test("renders as Markdown, worst first", () => {
    const table = riskTable();
    expect(table).toContain(
      "| critical | [Global Administrator](https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference) | yes | yes |",
    );
    expect(table).toContain("`RoleManagement.ReadWrite.Directory`");
    const order = [...table.matchAll(/^\| (critical|high|medium|low|info) /gm)].map(
      (match) => match[1],
    );
    expect(order).toHaveLength(
      Object.keys(riskRules).length + builtInRoles.length + permissions.length,
    );
  });
});

test("any preview, however odd, is reviewed without failing and without losing a change", () => {
  const odd = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom("[secret]", null, []));
  const inputs = fc.dictionary(
    fc.constantFrom(
      "displayName",
      "owners",
      "requiredResourceAccesses",
      "signInAudience",
      "password",
      "web",
      "roleId",
      "appRoleId",
      "principalObjectId",
      "clientId",
      "applicationId",
      "exceptions",
      "startDate",
      "endDate",
      "value",
      "issuer",
      "subject",
      "claimValues",
      "useExisting",
    ),
    odd,
    { noNullPrototype: true },
  );
  const side = fc.record({ inputs, outputs: inputs }, { noNullPrototype: true });
  const types = [
    "Application",
    "ServicePrincipal",
    "AppRoleAssignment",
    "DirectoryRoleAssignment",
    "ApplicationCertificate",
    "ApplicationPassword",
    "ApplicationFederatedIdentityCredential",
    "ServicePrincipalDelegatedPermissionGrant",
    "ApplicationOwner",
    "DirectoryRole",
    "Group",
  ];
  const resource = fc.record(
    {
      op: fc.constantFrom("create", "update", "delete", "replace", "import", "same", "later"),
      type: fc.constantFrom(...types.map(azuread), "apponly:index:ExchangeAppOnly", "x:y:Z"),
      name: fc.string(),
      old: side,
      new: side,
      diffs: fc.array(fc.string()),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(resource, { maxLength: 6 }), (resources) => {
      const preview = previewOf(...resources);
      const { changes, rest } = review(preview);
      const touched = new Set(changes.map(({ resource: urn }) => urn)).size;
      const counted = Object.values(rest).reduce((sum, count) => sum + count, 0);
      expect(touched + counted).toBe(preview.steps.length);
    }),
    { numRuns: 500 },
  );
});

test("a thousand resources are reviewed, each for itself", () => {
  const resources = Array.from({ length: 1_000 }, (_, at) =>
    role(exchangeAdministrator ?? "", `r${at}`),
  );
  const preview = previewOf(applicationUpdate({}, { notes: "x" }), ...resources);
  expect(review(preview).changes).toHaveLength(1_001);
});
