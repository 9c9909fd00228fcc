import { basename } from "node:path";
import {
  assertionIdentity,
  AssertionUnavailable,
  type JobTokenSource,
} from "../../../microsoft/jobToken";
import type { FederatedIdentity } from "../../../access/verify/target";
import type { NotVerified } from "../../../access/verify/documentShape";
import type { FederatedCredentialOutput } from "../../../components/outputs";
import { UsageFailure } from "../../../system/failure";
import { readText } from "../../../system/readText";

/**
 * A federated credential whose token is in a file, such as the one that Kubernetes projects. It is
 * read anew for each attempt, because its writer renews it.
 *
 * @throws {UsageFailure} If the file cannot be read or holds no token.
 */
export async function identityFromFile(
  path: string,
  credentials: readonly FederatedCredentialOutput[],
): Promise<FederatedIdentity> {
  const read = async (file: string) => {
    const text = await readText(path).catch((error: NodeJS.ErrnoException) => {
      throw new AssertionUnavailable(`${file} cannot be read (${error.code ?? "unreadable"})`);
    });
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text.trim())) {
      throw new AssertionUnavailable(`${file} holds no JSON web token`);
    }
    return text.trim();
  };
  const token = await read(`--assertion-file "${path}"`).catch(({ message }: Error) => {
    throw new UsageFailure(
      `${message}. Name the file with the token of the job's identity provider.`,
    );
  });
  const own = assertionIdentity(token);
  const known = credentials.find(
    ({ issuer, subject }) => own.issuer === issuer && own.subject === subject,
  );
  return { name: known?.name ?? basename(path), clientAssertion: () => read(path) };
}

/**
 * The federated credentials that this job is, and why the others are not verified here.
 *
 * @param source Where this job gets its tokens; `undefined` outside of pipelines.
 */
export async function identitiesOfJob(
  credentials: readonly FederatedCredentialOutput[],
  source: JobTokenSource | undefined,
): Promise<{ federated: FederatedIdentity[]; notVerified: NotVerified[] }> {
  const federated: FederatedIdentity[] = [];
  const notVerified: NotVerified[] = [];
  for (const credential of credentials) {
    const reason = await differenceFromCredential(credential, source);
    const { name, audience } = credential;
    if (reason === undefined) {
      federated.push({ name, clientAssertion: () => source!.request(audience) });
    } else {
      notVerified.push({ kind: "federated", name, reason });
    }
  }
  return { federated, notVerified };
}

/** Why this job cannot sign in with a credential, or `undefined`. */
async function differenceFromCredential(
  { issuer, subject, audience }: FederatedCredentialOutput,
  source: JobTokenSource | undefined,
): Promise<string | undefined> {
  if (source === undefined) {
    return `It needs a token of ${issuer} for "${subject}". Verify in that job, or hand its token over with --assertion-file FILE.`;
  }
  let token: string;
  try {
    token = await source.request(audience);
  } catch (error) {
    if (error instanceof AssertionUnavailable) {
      return `${source.platform} gave this job no token: ${error.message}.`;
    }
    throw error;
  }
  const own = assertionIdentity(token);
  return own.issuer === issuer && own.subject === subject
    ? undefined
    : `This job is "${own.subject}" of ${own.issuer}; the credential is for "${subject}" of ${issuer}. Verify in that job.`;
}
