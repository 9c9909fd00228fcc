import type { z } from "zod";
import type { FederatedCredentialArgs } from "../args";
import { isPlainLine } from "../../system/visibleText";
import { isGuid } from "../../system/guid";
import { type Cloud } from "../catalog/clouds";
import type { Fault } from "../faults";
import { entraIssuer, githubIssuer, serviceConnectionSubject } from "../federatedIssuers";
import type { federatedCredential } from "./shape";

/** A federated credential as it is configured: a ready form, or issuer and subject as they are. */
export type ConfiguredFederatedCredential = z.infer<typeof federatedCredential>;

type Form<Name extends "github" | "azureDevOps"> = NonNullable<ConfiguredFederatedCredential[Name]>;

/** What a ready form stands for. */
interface Trusted {
  readonly issuer: string;
  readonly subject: string;
}

/**
 * Turns the ready forms into issuer and subject.
 *
 * @example
 * expandFederated([{ name: "main", github: { repository: "contoso/messaging", branch: "main" } }], [], clouds.global)
 * // [{ name: "main", issuer: githubIssuer, subject: "repo:contoso/messaging:ref:refs/heads/main" }]
 * @see https://docs.github.com/actions/reference/security/oidc
 * @see https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity
 */
export function expandFederated(
  configured: readonly ConfiguredFederatedCredential[],
  faults: Fault[],
  cloud: Cloud | undefined,
): FederatedCredentialArgs[] {
  return configured.flatMap((credential, index): FederatedCredentialArgs[] => {
    const path = `federatedCredentials[${index}]`;
    const { name, audience, issuer, subject, github, azureDevOps } = credential;
    const forms = [github, azureDevOps, issuer ?? subject].filter((form) => form !== undefined);
    if (forms.length !== 1) {
      const rule = "must have exactly one of github, azureDevOps, or issuer with subject.";
      faults.push({ path, value: name, rule, remedy: "Keep the one that fits the job." });
      return [];
    }
    const found =
      github !== undefined
        ? trustOfGitHub(github, `${path}.github`)
        : azureDevOps !== undefined
          ? trustOfAzureDevOps(azureDevOps, `${path}.azureDevOps`, cloud)
          : asWritten(issuer, subject, path);
    if ("rule" in found) {
      faults.push(found);
      return [];
    }
    const usual = cloud?.name === "global" ? undefined : cloud?.exchangeAudience;
    return [{ name, audience: audience ?? usual, ...found }];
  });
}

function asWritten(
  issuer: string | undefined,
  subject: string | undefined,
  path: string,
): Trusted | Fault {
  return issuer === undefined || subject === undefined
    ? {
        path: `${path}.${issuer === undefined ? "issuer" : "subject"}`,
        rule: "is missing.",
        remedy: "Copy it from a token of the job, letter for letter.",
      }
    : { issuer, subject };
}

/**
 * Repositories made or renamed since July 2026 name owner and repository with their ids, so that
 * nobody can take over a name.
 *
 * @see https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
 */
function trustOfGitHub(form: Form<"github">, path: string): Trusted | Fault {
  const { repository, ownerId, repositoryId, branch, tag, environment } = form;
  const misread = misreadPart({ repository, branch, tag, environment }, path, githubPrefixes);
  if (misread !== undefined) {
    return misread;
  }
  const context = githubContext(form);
  if (context === undefined) {
    return {
      path,
      value: repository,
      rule: "must have exactly one of branch, tag, environment, or pullRequest: true.",
      remedy: "Write one credential for each.",
    };
  }
  if (ownerId === undefined && repositoryId === undefined) {
    return { issuer: githubIssuer, subject: `repo:${repository}:${context}` };
  }
  const [owner = "", name, ...rest] = repository.split("/");
  if (ownerId === undefined || repositoryId === undefined || name === undefined || rest.length) {
    return {
      path,
      value: repository,
      rule: "must have ownerId and repositoryId together, with a repository written OWNER/NAME.",
      remedy: `Ask for both: gh api repos/OWNER/NAME --jq '.owner.id, .id'`,
    };
  }
  return {
    issuer: githubIssuer,
    subject: `repo:${owner}@${ownerId}/${name}@${repositoryId}:${context}`,
  };
}

/** What people write in front of or behind a part, though the form adds it. */
type Prefixes = Readonly<
  Record<string, readonly [superfluous: RegExp, form: RegExp, what: string]>
>;

const githubPrefixes: Prefixes = {
  repository: [
    /^(?:repo:|(?:(?:https?|ssh|git):\/\/)?(?:[\w-]+@)?(?:www\.)?github\.com[/:])?\/?(.*?)(?:\.git)?\/?$/i,
    /^[\w.-]+(?:@\d+)?\/[\w.-]+(?:@\d+)?$/,
    "a repository written OWNER/NAME",
  ],
  branch: [
    /^(?:ref:)?(?:refs\/)?(?:heads\/|(?:remotes\/)?origin\/)?(.*)$/,
    /^[^\s~^:\\]+$/,
    "the name of a branch",
  ],
  tag: [/^(?:ref:)?(?:refs\/)?(?:tags\/)?(.*)$/, /^[^\s~^:\\]+$/, "the name of a tag"],
  environment: [/^(?:environment:)?(.*)$/, /^\S(?:.*\S)?$/, "the name of an environment"],
};

const azureDevOpsPrefixes: Prefixes = {
  organization: [
    /^(?:https?:\/\/)?(?:dev\.azure\.com\/)?(.*?)(?:\.visualstudio\.com)?\/?$/i,
    /^[^\s/]+$/,
    "the name of an organization",
  ],
  project: [/^\/?(.*?)\/?$/, /^[^/]+$/, "the name of a project"],
  serviceConnection: [
    /^(?:sc:\/\/[^/]+\/[^/]+\/)?(.*)$/,
    /^[^/]+$/,
    "the name of a service connection",
  ],
};

/** The first part that has what the form itself adds, or is not such a part. */
function misreadPart(
  parts: Readonly<Record<string, string | undefined>>,
  path: string,
  prefixes: Prefixes,
): Fault | undefined {
  for (const [key, value] of Object.entries(parts)) {
    const [superfluous, form, what] = prefixes[key] ?? [];
    // Characters that nobody sees are a fault of the text, wherever it stands.
    if (value === undefined || !isPlainLine(value) || superfluous === undefined) {
      continue;
    }
    if (/[*?]/.test(value)) {
      return {
        path: `${path}.${key}`,
        value,
        rule: "has a wildcard, and subjects are compared letter for letter.",
        remedy: "Write one credential for each.",
      };
    }
    const bare = superfluous.exec(value)?.[1] ?? "";
    const sound = form?.test(bare) === true;
    if (bare === value && sound) {
      continue;
    }
    const [, kind = "", name = ""] = /^(?:ref:)?refs\/(head|tag)s\/(.+)/.exec(value) ?? [];
    const other = { head: "branch", tag: "tag" }[kind];
    return {
      path: `${path}.${key}`,
      value,
      rule: sound ? "has more than the name: the form adds what belongs to it." : `is not ${what}.`,
      remedy:
        other !== undefined && other !== key
          ? `Write ${other}: ${name}.`
          : sound
            ? `Write ${bare}. What is really named so is written as issuer and subject.`
            : "Write it without anything in front of it or behind it.",
    };
  }
  return undefined;
}

function githubContext({
  branch,
  tag,
  environment,
  pullRequest,
}: Form<"github">): string | undefined {
  const contexts = [
    branch !== undefined && `ref:refs/heads/${branch}`,
    tag !== undefined && `ref:refs/tags/${tag}`,
    // A colon separates the parts of a subject, so GitHub writes one in a name as %3A.
    environment !== undefined && `environment:${environment.replaceAll(":", "%3A")}`,
    pullRequest === true && "pull_request",
  ].filter((context) => context !== false);
  return contexts.length === 1 ? contexts[0] : undefined;
}

/**
 * A service connection signs in with a token of Microsoft Entra ID, where it was made since
 * November 2025 or converted, else with one of Azure DevOps, which ends in July 2027.
 *
 * @see https://learn.microsoft.com/azure/devops/pipelines/release/convert-service-connections
 */
function trustOfAzureDevOps(
  form: Form<"azureDevOps">,
  path: string,
  cloud: Cloud | undefined,
): Trusted | Fault {
  const { organizationId, organization, project, serviceConnection } = form;
  const { tenantId, serviceConnectionId } = form;
  const ids = Object.entries({ organizationId, tenantId, serviceConnectionId });
  const [wrong] = ids.filter(([, id]) => id !== undefined && !isGuid(id));
  if (wrong !== undefined) {
    return {
      path: `${path}.${wrong[0]}`,
      value: wrong[1] ?? "",
      rule: "is not an id.",
      remedy: "Copy it from the service connection's issuer and subject identifier.",
    };
  }
  const misread = misreadPart(
    { organization, project, serviceConnection },
    path,
    azureDevOpsPrefixes,
  );
  if (misread !== undefined) {
    return misread;
  }
  const named = [organization, project, serviceConnection];
  const identified = [tenantId, serviceConnectionId];
  if (identified.every((one) => one === undefined) && named.every((one) => one !== undefined)) {
    return {
      issuer: `https://vstoken.dev.azure.com/${organizationId.toLowerCase()}`,
      subject: `sc://${named.join("/")}`,
    };
  }
  if (
    tenantId !== undefined &&
    serviceConnectionId !== undefined &&
    named.every((one) => one === undefined)
  ) {
    if (cloud !== undefined && cloud.name !== "global") {
      return {
        path,
        rule: `is known for the global cloud only, not for ${cloud.title}.`,
        remedy:
          "Copy issuer and subject from the service connection, and write them as issuer and subject.",
      };
    }
    return {
      issuer: entraIssuer(tenantId),
      subject: serviceConnectionSubject(tenantId, organizationId, serviceConnectionId),
    };
  }
  return {
    path,
    rule: "must have either tenantId and serviceConnectionId, for Microsoft Entra ID's issuer, or organization, project and serviceConnection, for that of Azure DevOps.",
    remedy: "The service connection's page shows which issuer it has.",
  };
}
