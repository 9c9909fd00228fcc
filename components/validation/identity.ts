import type { FederatedCredentialArgs } from "../args";
import type { Fault } from "../faults";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Faults of what describes the app registration. Each value is checked where it is known. */
export function identityFaults(identity: {
  displayName: string;
  redirectUri?: string;
  owners: readonly string[];
  notes?: string;
}): Fault[] {
  const faults: Fault[] = [];
  const { displayName, redirectUri, owners, notes } = identity;
  if (displayName.trim() === "" || displayName.length > 120) {
    faults.push({
      path: "displayName",
      value: displayName,
      rule: "is not 1 to 120 characters long.",
      remedy: "Use a descriptive name, for example ExO PowerShell CBA.",
    });
  }
  if (redirectUri !== undefined && !isRedirectUri(redirectUri)) {
    faults.push({
      path: "redirectUri",
      value: redirectUri,
      rule: "is not an https URL (http is accepted for localhost alone).",
      remedy: "Correct it, or remove it: app-only access needs none.",
    });
  }
  if (notes !== undefined && notes.length > 1024) {
    faults.push({
      path: "notes",
      value: notes,
      rule: "is longer than 1,024 characters.",
      remedy: "Shorten it, or link to a page.",
    });
  }
  owners.forEach((owner, index) => {
    if (!uuid.test(owner)) {
      faults.push({
        path: `owners[${index}]`,
        value: owner,
        rule: "is not an object id.",
        remedy: "Use the object id of a user or a service principal, not a name or an address.",
      });
    }
  });
  return faults;
}

/** @see https://learn.microsoft.com/entra/identity-platform/reply-url */
function isRedirectUri(text: string): boolean {
  if (!URL.canParse(text) || text.length > 256) {
    return false;
  }
  const url = new URL(text);
  const plainLocal = url.protocol === "http:" && url.hostname === "localhost";
  return (url.protocol === "https:" || plainLocal) && !text.includes("*") && url.hash === "";
}

/**
 * Faults of `federatedCredentials`.
 *
 * @see https://learn.microsoft.com/graph/api/resources/federatedidentitycredential
 */
export function federatedFaults(credentials: readonly FederatedCredentialArgs[]): Fault[] {
  const each = credentials.flatMap((credential, index) => [
    ...federatedNameFaults(credential, index, credentials),
    ...issuerFaults(credential, index),
    ...subjectFaults(credential, index),
  ]);
  return credentials.length > 20
    ? [
        ...each,
        {
          path: "federatedCredentials",
          value: String(credentials.length),
          rule: "exceeds the 20 that an application can hold.",
          remedy: "Remove some, or use a second stack.",
        },
      ]
    : each;
}

function federatedNameFaults(
  { name, issuer, subject }: FederatedCredentialArgs,
  index: number,
  all: readonly FederatedCredentialArgs[],
): Fault[] {
  const path = `federatedCredentials[${index}]`;
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(name)) {
    return [
      {
        path: `${path}.name`,
        value: name,
        rule: "is not a name of 3 to 120 letters, digits, dashes and underscores.",
        remedy: "Name it after the job that uses it, for example github-main.",
      },
    ];
  }
  const twin = all.findIndex((o) => o.name.toLowerCase() === name.toLowerCase());
  if (twin < index) {
    return [
      {
        path: `${path}.name`,
        value: name,
        rule: `is already the name of federatedCredentials[${twin}].`,
        remedy: "Give each a name of its own.",
      },
    ];
  }
  const same = all.findIndex((o) => o.issuer === issuer && o.subject === subject);
  return same < index
    ? [
        {
          path: `${path}.subject`,
          value: subject,
          rule: `with this issuer is already federatedCredentials[${same}].`,
          remedy: "Remove one: the pair of issuer and subject must be unique in an application.",
        },
      ]
    : [];
}

function issuerFaults({ issuer }: FederatedCredentialArgs, index: number): Fault[] {
  const path = `federatedCredentials[${index}].issuer`;
  const fault = (rule: string, remedy: string): Fault[] => [{ path, value: issuer, rule, remedy }];
  if (!URL.canParse(issuer) || !/^https:\/\/[^\s*]+$/.test(issuer) || issuer.length > 600) {
    return fault("is not an https URL.", "Copy the iss claim of the token, letter for letter.");
  }
  return issuer === "https://token.actions.githubusercontent.com/"
    ? fault("ends in a slash that GitHub's tokens do not have.", "Remove the slash.")
    : [];
}

function subjectFaults({ issuer, subject }: FederatedCredentialArgs, index: number): Fault[] {
  const path = `federatedCredentials[${index}].subject`;
  const fault = (rule: string, remedy: string): Fault[] => [{ path, value: subject, rule, remedy }];
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
  if (/^https:\/\/token\.actions\.githubusercontent\.com(\/|$)/.test(issuer)) {
    return githubSubjectFault(subject, fault);
  }
  if (
    /^https:\/\/vstoken\.dev\.azure\.com\//.test(issuer) &&
    !/^sc:\/\/[^/]+\/[^/]+\/[^/]+$/.test(subject)
  ) {
    return fault(
      "is not of the form that Azure DevOps sends.",
      "Write sc://ORGANIZATION/PROJECT/SERVICE-CONNECTION.",
    );
  }
  return [];
}

/** @see https://docs.github.com/actions/reference/security/oidc */
function githubSubjectFault(
  subject: string,
  fault: (rule: string, remedy: string) => Fault[],
): Fault[] {
  const forms =
    "Write repo:OWNER/NAME:ref:refs/heads/BRANCH, repo:OWNER/NAME:environment:NAME or repo:OWNER/NAME:pull_request.";
  if (/^repo:/i.test(subject) && !subject.startsWith("repo:")) {
    return fault("does not start with repo: in lower case.", forms);
  }
  const match = /^repo:[\w.-]+\/[\w.-]+:(.+)$/.exec(subject);
  if (match === null) {
    return fault("is not of the form that GitHub sends.", forms);
  }
  const context = match[1] ?? "";
  if (/^refs\//.test(context)) {
    return fault("lacks ref: in front of the reference.", forms);
  }
  const known =
    /^ref:refs\/(heads|tags)\/\S+$/.test(context) ||
    /^environment:\S.*$/.test(context) ||
    context === "pull_request" ||
    /^job_workflow_ref:\S+$/.test(context);
  return known ? [] : fault("is not of the form that GitHub sends.", forms);
}
