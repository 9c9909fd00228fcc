import type { z } from "zod";
import type { FederatedCredentialArgs } from "../args";
import type { Fault } from "../faults";
import type { federatedCredential } from "./shape";

/** A federated credential as it is configured: a ready form, or issuer and subject as they are. */
export type ConfiguredFederatedCredential = z.infer<typeof federatedCredential>;

/** Issuer of the tokens of GitHub Actions. */
export const githubIssuer = "https://token.actions.githubusercontent.com";

/**
 * Turns the ready forms into issuer and subject.
 *
 * @example
 * expandFederated([{ name: "main", github: { repository: "contoso/messaging", branch: "main" } }], [])
 * // [{ name: "main", issuer: githubIssuer, subject: "repo:contoso/messaging:ref:refs/heads/main" }]
 * @see https://docs.github.com/actions/reference/security/oidc
 * @see https://learn.microsoft.com/azure/devops/pipelines/library/connect-to-azure
 */
export function expandFederated(
  configured: readonly ConfiguredFederatedCredential[],
  faults: Fault[],
): FederatedCredentialArgs[] {
  return configured.flatMap((credential, index): FederatedCredentialArgs[] => {
    const path = `federatedCredentials[${index}]`;
    const { name, audience, issuer, subject, github, azureDevOps } = credential;
    const forms = [github, azureDevOps, issuer ?? subject].filter((form) => form !== undefined);
    if (forms.length !== 1) {
      faults.push({
        path,
        value: name,
        rule: "must have exactly one of github, azureDevOps, or issuer with subject.",
        remedy: "Keep the one that fits the job.",
      });
      return [];
    }
    const rest = { name, ...(audience === undefined ? {} : { audience }) };
    if (github !== undefined) {
      const context = githubContext(github);
      if (context === undefined) {
        faults.push({
          path: `${path}.github`,
          value: github.repository,
          rule: "must have exactly one of branch, tag, environment, or pullRequest: true.",
          remedy: "Write one credential for each.",
        });
        return [];
      }
      return [{ ...rest, issuer: githubIssuer, subject: `repo:${github.repository}:${context}` }];
    }
    if (azureDevOps !== undefined) {
      const { organizationId, organization, project, serviceConnection } = azureDevOps;
      return [
        {
          ...rest,
          issuer: `https://vstoken.dev.azure.com/${organizationId}`,
          subject: `sc://${organization}/${project}/${serviceConnection}`,
        },
      ];
    }
    if (issuer === undefined || subject === undefined) {
      faults.push({
        path: `${path}.${issuer === undefined ? "issuer" : "subject"}`,
        rule: "is missing.",
        remedy: "Copy it from a token of the job, letter for letter.",
      });
      return [];
    }
    return [{ ...rest, issuer, subject }];
  });
}

function githubContext(
  form: NonNullable<ConfiguredFederatedCredential["github"]>,
): string | undefined {
  const contexts = [
    ...(form.branch === undefined ? [] : [`ref:refs/heads/${form.branch}`]),
    ...(form.tag === undefined ? [] : [`ref:refs/tags/${form.tag}`]),
    ...(form.environment === undefined ? [] : [`environment:${form.environment}`]),
    ...(form.pullRequest === true ? ["pull_request"] : []),
  ];
  return contexts.length === 1 ? contexts[0] : undefined;
}
