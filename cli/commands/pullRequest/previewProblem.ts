import { explainFailure } from "../../errors";

/** Why a preview failed, and what somebody can do about it. */
interface KnownProblem {
  readonly pattern: RegExp;
  /** What the job lacks. */
  readonly missing: string;
}

/** What Pulumi and the azuread provider say where a job has no credentials. */
const missingCredentials: readonly KnownProblem[] = [
  {
    pattern:
      /PULUMI_ACCESS_TOKEN must be set|invalid access token|pulumi login|problem logging in|no credentials found/i,
    missing: "credentials for Pulumi's state (PULUMI_ACCESS_TOKEN, or those of the backend)",
  },
  {
    pattern: /passphrase must be set|PULUMI_CONFIG_PASSPHRASE/i,
    missing: "the passphrase for the stack's secrets (PULUMI_CONFIG_PASSPHRASE)",
  },
  {
    pattern:
      /unable to build authorizer|could not configure \S+ authorizer|no authorizer could be configured|client_?secret|ARM_CLIENT_ID|ARM_TENANT_ID|ARM_OIDC|obtaining (an )?access token|Please run 'az login'/i,
    missing:
      "credentials for the tenant (ARM_CLIENT_ID, ARM_TENANT_ID and ARM_USE_OIDC, or another method of the azuread provider)",
  },
];

/**
 * Why a stack could not be previewed, in one or two sentences. May hold text out of the stack.
 *
 * @param fromFork Whether the pull request comes from a fork, which gets no secrets.
 */
export function previewProblem(error: unknown, fromFork: boolean): string {
  const full = error instanceof Error ? error.message : String(error);
  const reported = explainFailure(error);
  const known = missingCredentials.find(({ pattern }) => pattern.test(full));
  if (known === undefined) {
    return reported;
  }
  const remedy = fromFork
    ? "A pull request from a fork gets no secrets: read it, then push its branch to this repository to have it previewed."
    : "Pass them to the job, see docs/how-to/review-pull-requests.md.";
  return `Missing: ${known.missing}. ${remedy}`;
}
