import { isInitialDomainOf } from "../../components/catalog/clouds";
import { NoAnswer, retryAfterSeconds, send } from "../../microsoft/http";
import { diagnose } from "./diagnosis";
import type { Diagnosis } from "./documentShape";
import { diagnoseNoAnswer } from "./signIn";
import type { Target } from "./target";

/**
 * Whether `-Organization` names the tenant by its initial domain. Exchange Online takes other
 * values too and fails later with texts that hide the reason, so it is checked apart: any domain
 * of a tenant has a public discovery document with the tenant's id.
 *
 * @returns What is wrong, or `undefined`.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export async function diagnoseOrganization(target: Target): Promise<Diagnosis | undefined> {
  const { organization, tenantId, endpoints } = target;
  const facts = { organization, tenantId };
  if (!isInitialDomainOf(target.cloud, organization)) {
    return diagnose("wrong-organization", facts);
  }
  const { extraCaPem } = endpoints;
  const { host } = new URL(endpoints.authority);
  try {
    const url = `${endpoints.authority}/${organization}/v2.0/.well-known/openid-configuration`;
    const answer = await send(url, { method: "GET", extraCaPem });
    if (answer.status === 429) {
      return diagnose("throttled", { host }, retryAfterSeconds(answer));
    }
    if (answer.status >= 500) {
      const facts = { host, status: answer.status };
      return diagnose("service-unavailable", facts, retryAfterSeconds(answer));
    }
    if (!answer.body.trimStart().startsWith("{")) {
      return diagnose("proxy-answered", { host, error: `HTTP ${answer.status} without JSON` });
    }
    return answer.body.toLowerCase().includes(`/${tenantId.toLowerCase()}/`)
      ? undefined
      : diagnose("wrong-organization", facts);
  } catch (error) {
    if (error instanceof NoAnswer) {
      return diagnoseNoAnswer(error);
    }
    throw error;
  }
}
