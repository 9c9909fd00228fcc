import type { FederatedCredentialArgs } from "../args";
import { isWithoutUser } from "./texts";
import { type Fault, faultAt, faultUnless, type MakeFault } from "../faults";
import { githubIssuer, shortId, tenantOfIssuer } from "../federatedIssuers";

/**
 * Faults of `federatedCredentials`.
 *
 * @see https://learn.microsoft.com/graph/api/resources/federatedidentitycredential
 */
export function federatedFaults(credentials: readonly FederatedCredentialArgs[]): Fault[] {
  return [
    ...credentials.flatMap((credential, index) => [
      ...federatedNameFaults(credential, index, credentials),
      ...issuerFaults(credential, index),
      ...subjectFaults(credential, index),
    ]),
    ...faultUnless(credentials.length <= 20, ["federatedCredentials", String(credentials.length)])(
      "exceeds the 20 that an application can hold.",
      "Remove some, or use a second stack.",
    ),
  ];
}

function federatedNameFaults(
  { name, issuer, subject }: FederatedCredentialArgs,
  index: number,
  all: readonly FederatedCredentialArgs[],
): Fault[] {
  const path = `federatedCredentials[${index}]`;
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(name)) {
    return faultAt(`${path}.name`, name)(
      "is not a name of 3 to 120 letters, digits, dashes and underscores.",
      "Name it after the job that uses it, for example github-main.",
    );
  }
  const twin = all.findIndex((o) => o.name.toLowerCase() === name.toLowerCase());
  if (twin < index) {
    return faultAt(`${path}.name`, name)(
      `is already the name of federatedCredentials[${twin}].`,
      "Give each a name of its own.",
    );
  }
  const same = all.findIndex((o) => o.issuer === issuer && o.subject === subject);
  return same < index
    ? faultAt(`${path}.subject`, subject)(
        `with this issuer is already federatedCredentials[${same}].`,
        "Remove one: the pair of issuer and subject must be unique in an application.",
      )
    : [];
}

function issuerFaults({ issuer }: FederatedCredentialArgs, index: number): Fault[] {
  const path = `federatedCredentials[${index}].issuer`;
  const fault = faultAt(path, issuer);
  const form = /^https:\/\/[^\s*]+$/.test(issuer) && issuer.length <= 600;
  if (!form || !URL.canParse(issuer) || !isWithoutUser(new URL(issuer))) {
    return fault(
      "is not an https URL without user and password.",
      "Copy the iss claim of the token, letter for letter.",
    );
  }
  const [, described] = /^(.*?\/?)\.well-known\/openid-configuration$/.exec(issuer) ?? [];
  if (described !== undefined) {
    return fault(
      "is where an issuer describes itself, and not its name.",
      "Write what that page has as issuer.",
    );
  }
  return withoutSlash.test(issuer)
    ? fault("ends in a slash that its tokens do not have.", "Remove the slash.")
    : withSlash.test(issuer)
      ? fault("lacks the slash that its tokens end in.", "Add a slash.")
      : [];
}

/** Issuers that are known to have no slash at their end, written with one. */
const withoutSlash =
  /^https:\/\/(?:token\.actions\.githubusercontent\.com|gitlab\.com|app\.terraform\.io|api\.bitbucket\.org|oidc\.circleci\.com|vstoken\.dev\.azure\.com|accounts\.google\.com|login\.microsoftonline\.(?:com|us))(?:\/.*)?\/$/i;

/** Microsoft Entra ID's issuer of tokens of version 1.0, without its slash. */
const withSlash = /^https:\/\/sts\.(?:windows\.net|chinacloudapi\.cn)\/[^/]+$/i;

function subjectFaults({ issuer, subject }: FederatedCredentialArgs, index: number): Fault[] {
  const path = `federatedCredentials[${index}].subject`;
  const fault = faultAt(path, subject);
  if (subject.trim() === "" || subject !== subject.trim() || subject.length > 600) {
    return fault(
      "is not 1 to 600 characters without space at the ends.",
      "Copy the sub claim of the token, letter for letter.",
    );
  }
  if (/[*?]/.test(subject)) {
    return fault(
      "contains a wildcard, and subjects are compared letter for letter.",
      "Write one credential per branch, tag or environment.",
    );
  }
  if (issuer === githubIssuer || issuer.startsWith(`${githubIssuer}/`)) {
    return githubSubjectFault(subject, fault);
  }
  if (issuer.startsWith("https://vstoken.dev.azure.com/")) {
    return azureDevOpsSubjectFault(subject, fault);
  }
  const tenantId = tenantOfIssuer(issuer);
  return tenantId === undefined ? [] : entraSubjectFault(subject, tenantId, fault);
}

/**
 * A service connection, or a pipeline that asks for a token without one.
 *
 * @see https://learn.microsoft.com/azure/devops/pipelines/library/connect-to-azure
 */
function azureDevOpsSubjectFault(subject: string, fault: MakeFault): Fault[] {
  if (subject.startsWith("/eid1/")) {
    return fault(
      "is one of Microsoft Entra ID's issuer, and the issuer here is that of Azure DevOps.",
      "Copy both from the service connection: the issuer ends in /TENANT-ID/v2.0.",
    );
  }
  return /^(sc|p):\/\/[^/]+\/[^/]+\/[^/]+$/.test(subject)
    ? []
    : fault(
        "is not of the form that Azure DevOps sends.",
        "Write sc://ORGANIZATION/PROJECT/SERVICE-CONNECTION.",
      );
}

/** A service connection, another service of Microsoft, or the object id of a managed identity. */
function entraSubjectFault(subject: string, tenantId: string, fault: MakeFault): Fault[] {
  if (/^(sc|p):\/\//.test(subject)) {
    return fault(
      "is one of Azure DevOps' own issuer, and the issuer here is Microsoft Entra ID.",
      "Copy both from the service connection: the subject begins with /eid1/.",
    );
  }
  const tenant = /^\/eid1\/c\/[^/]+\/t\/([^/]+)\//.exec(subject)?.[1];
  if (subject.startsWith("/eid1/") && tenant === undefined) {
    return fault(
      "is not of the form that Microsoft Entra ID sends.",
      "Copy it from the service connection, letter for letter.",
    );
  }
  return tenant === undefined || tenant === shortId(tenantId)
    ? []
    : fault(
        `names another tenant than the issuer, whose part is ${shortId(tenantId)}.`,
        "Copy issuer and subject from the same service connection.",
      );
}

/**
 * Subjects by the default template, and by one that somebody customised, which may begin with any
 * claim: those are taken as they are written.
 *
 * @see https://docs.github.com/actions/reference/security/oidc#customizing-the-subject-claims-for-an-organization-or-repository
 */
function githubSubjectFault(subject: string, fault: MakeFault): Fault[] {
  const forms =
    "Write repo:OWNER/NAME:ref:refs/heads/BRANCH, repo:OWNER/NAME:environment:NAME or repo:OWNER/NAME:pull_request; in repositories made or renamed since July 2026 repo:OWNER@ID/NAME@ID:...; where the template is customised, what the token has.";
  if (/^repo:/i.test(subject) && !subject.startsWith("repo:")) {
    return fault("does not start with repo: in lower case.", forms);
  }
  if (!subject.startsWith("repo:")) {
    return /^[a-z][a-z0-9_]*:./.test(subject)
      ? []
      : fault("is not of the form that GitHub sends.", forms);
  }
  const match = /^repo:[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?(?<!\.git)(?::(.+))?$/.exec(subject);
  if (match === null) {
    return fault("is not of the form that GitHub sends.", forms);
  }
  const [, ownerId, repositoryId, context] = match;
  if ((ownerId === undefined) !== (repositoryId === undefined)) {
    return fault("has an id of the owner or of the repository, and not of both.", forms);
  }
  if (context?.startsWith("refs/")) {
    return fault("lacks ref: in front of the reference.", forms);
  }
  return context === undefined || githubContexts.some((form) => form.test(context))
    ? []
    : fault("is not of the form that GitHub sends.", forms);
}

/** What follows the repository; behind each, a customised template may have more claims. */
const githubContexts = [
  /^pull_request(:.+)?$/,
  /^ref:refs\/(heads|tags|pull)\/[^\s:]+(:.+)?$/,
  /^environment:[^\s:][^:]*(:[a-z][a-z0-9_]*:.+)?$/,
  /^(?!ref:|environment:|pull_request)[a-z][a-z0-9_]*:.+$/,
];
