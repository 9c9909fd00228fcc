import { randomUUID } from "node:crypto";
import type { Endpoints } from "../../../microsoft/endpoints";
import { send } from "../../../microsoft/http";
import { acquireToken, type Credential, decodeClaims } from "../../../microsoft/tokens";
import { clouds } from "../../../components/catalog/clouds";
import type { Workload } from "../../../components/catalog/workloads";

/** Mailbox that requests are anchored to. */
const mailbox = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}";

/** What a connect command has handed over, once it is a credential. */
export type HandedOver = Credential | { readonly accessToken: string };

/**
 * The module ExchangeOnlineManagement as its REST traffic is known: it asks for a token with the
 * organization for a tenant, and posts cmdlets to the admin API.
 */
export class ExchangeModule {
  private readonly sessions = new Map<Workload, { token: string; organization: string }>();
  /** The cmdlets that were answered, with the number of rows. */
  readonly answered: [string, number][] = [];

  constructor(private readonly endpoints: Endpoints) {}

  async connect(
    workload: Workload,
    organization: string,
    clientId: string | undefined,
    credential: HandedOver,
  ): Promise<void> {
    const token =
      "accessToken" in credential
        ? credential.accessToken
        : await acquireToken({
            endpoints: this.endpoints,
            tenantId: organization,
            clientId: clientId ?? "",
            credential,
            resource: clouds.global[workload].resource,
          });
    this.sessions.set(workload, { token, organization });
  }

  disconnect(): void {
    this.sessions.clear();
  }

  get connected(): Workload[] {
    return [...this.sessions.keys()];
  }

  async invoke(workload: Workload, cmdlet: string): Promise<unknown[]> {
    const session = this.sessions.get(workload);
    if (session === undefined) {
      throw new Error(`${cmdlet} is there only once the workload is connected.`);
    }
    const { token, organization } = session;
    const tenantId = decodeClaims(token).tid ?? "";
    const headers = {
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/json",
      "X-AnchorMailbox":
        workload === "exchange" ? `APP:${mailbox}@${tenantId}` : `UPN:${mailbox}@${organization}`,
      "X-CmdletName": cmdlet,
      "X-ResponseFormat": "json",
      "client-request-id": randomUUID(),
    };
    const base = await this.server(workload, tenantId, headers);
    const answer = await send(`${base}/adminapi/beta/${tenantId}/InvokeCommand`, {
      method: "POST",
      headers,
      body: JSON.stringify({ CmdletInput: { CmdletName: cmdlet, Parameters: {} } }),
    });
    if (answer.status !== 200) {
      throw new Error(`${cmdlet}: HTTP ${answer.status} ${answer.body}`);
    }
    const { value } = JSON.parse(answer.body) as { value: unknown[] };
    this.answered.push([cmdlet, value.length]);
    return value;
  }

  /** Security & Compliance first sends its client to the server of the tenant. */
  private async server(
    workload: Workload,
    tenantId: string,
    headers: Record<string, string>,
  ): Promise<string> {
    const base = this.endpoints.workloads[workload];
    if (workload === "exchange") {
      return base;
    }
    const path = `/adminapi/v1.0/${tenantId}/EXOModuleFile?Version=3.10.1`;
    const { status, headers: answered } = await send(`${base}${path}`, { method: "GET", headers });
    const { location } = answered;
    if (status !== 302 || location === undefined) {
      throw new Error(`Security & Compliance answered ${status} instead of naming a server.`);
    }
    return location.slice(0, location.indexOf("/adminapi/"));
  }
}
