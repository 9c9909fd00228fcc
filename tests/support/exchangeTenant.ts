import { exchangePlugin } from "../../exchange/plugin";
import { connect } from "../../exchange/connections";
import type { Connections } from "../../exchange/resource";
import type { Plugin } from "../../toolchain/pluginProtocol/server";
import {
  consent,
  Graph,
  giveRole,
  makeApp,
  microsoft,
  requestToken,
  send,
} from "../simulator/support/clients";
import type { Simulated } from "../simulator/support/simulated";

/** An application with a secret, and consent to both workloads. */
export interface ScriptApp {
  readonly appId: string;
  readonly servicePrincipalId: string;
  readonly secret: string;
}

const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";
const resources = {
  exchange: "https://outlook.office365.com",
  compliance: "https://ps.compliance.protection.outlook.com",
} as const;

/** The deployer's permissions for all that the provider does. */
export const exchangeDeployerPermissions = [
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "RoleManagement.ReadWrite.Directory",
  "RoleManagement.ReadWrite.Exchange",
];

/** A tenant in which the deployer administers Exchange, and an application waits for its roles. */
export async function exchangeTenant(context: Simulated) {
  const graph = await Graph.connect(context);
  await administerExchange(graph, context);
  const made = await makeApp(graph);
  const secret = (await graph.must("POST", `/applications/${made.id}/addPassword`))
    .secretText as string;
  await consentToBoth(graph, made.servicePrincipalId);
  return { graph, app: { ...made, secret } satisfies ScriptApp };
}

/** Makes the deployer an administrator of both workloads. */
export async function administerExchange(
  graph: Graph,
  { tenant: { deployer } }: Simulated,
): Promise<void> {
  await consentToBoth(graph, deployer.servicePrincipalObjectId);
  await giveRole(graph, deployer.servicePrincipalObjectId, globalAdministrator);
}

async function consentToBoth(graph: Graph, servicePrincipalId: string): Promise<void> {
  await consent(graph, servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
  await consent(graph, servicePrincipalId, microsoft.protection, microsoft.manageAsAppOnProtection);
}

/** What the provider reads of its environment in a simulated tenant. */
function providerEnvironment({ simulator, tenant }: Simulated): Record<string, string> {
  const { login, exchange, compliance, metadataHost } = simulator.endpoints;
  return {
    ARM_TENANT_ID: tenant.tenantId,
    ARM_CLIENT_ID: tenant.deployer.clientId,
    ARM_CLIENT_SECRET: tenant.deployer.issueSecret(),
    ARM_METADATA_HOSTNAME: metadataHost,
    APPONLY_AUTHORITY: login,
    APPONLY_EXCHANGE: exchange,
    APPONLY_COMPLIANCE: compliance,
  };
}

/** Connections of the deployer to a simulated tenant, which wait for nothing. */
export function simulatedConnections(context: Simulated, caFile: string): Connections {
  return connect({}, { ...providerEnvironment(context), SSL_CERT_FILE: caFile }, () =>
    Promise.resolve(),
  );
}

/** The provider on connections. */
export async function configuredPlugin(connections: Connections): Promise<Plugin> {
  const plugin = exchangePlugin(() => connections);
  await plugin.configure({});
  return plugin;
}

/** Calls the workload's admin API as an application, with a new token. */
export async function asApp(context: Simulated, app: ScriptApp, workload: keyof typeof resources) {
  const answer = await requestToken(context, {
    client_id: app.appId,
    client_secret: app.secret,
    scope: `${resources[workload]}/.default`,
  });
  const headers = { authorization: `Bearer ${answer.body.access_token as string}` };
  const server = workload === "compliance" ? "/nam10b" : "";
  const base = `${context.simulator.endpoints[workload]}${server}/adminapi/beta/${context.tenant.tenantId}`;
  return {
    /** Cmdlets with their parameters; none where the application is refused. */
    async exported(): Promise<Record<string, string[]>> {
      const { status, body } = await send(`${base}/EXOModuleFile`, { headers });
      return status === 200 ? body.value[0].exportedParameters : {};
    },
    run: (CmdletName: string, Parameters: object = {}) =>
      send(`${base}/InvokeCommand`, {
        method: "POST",
        headers,
        body: JSON.stringify({ CmdletInput: { CmdletName, Parameters } }),
      }),
  };
}

/** The program has come to an end in the middle of its work. */
export class Crash extends Error {}

/**
 * Connections that end the program at the nth request, before it or after it took effect. What
 * Microsoft Graph is asked counts too.
 */
export function crashingAt(
  connections: Connections,
  nth: number,
  phase: "before" | "after",
): Connections & { readonly asked: () => number } {
  let asked = 0;
  const counted = async <T>(run: () => Promise<T>): Promise<T> => {
    asked += 1;
    const due = asked === nth;
    if (due && phase === "before") {
      throw new Crash();
    }
    const result = await run();
    if (due) {
      throw new Crash();
    }
    return result;
  };
  return {
    asked: () => asked,
    mayRun: (workload) => connections.mayRun(workload),
    admin: (workload) => {
      const session = connections.admin(workload);
      return { ...session, run: (...args) => counted(() => session.run(...args)) };
    },
    graph: async () => {
      const graph = await connections.graph();
      return (
        graph &&
        new Proxy(graph, {
          get: (target, name) => {
            const member: unknown = Reflect.get(target, name);
            return typeof member === "function"
              ? (...args: unknown[]) =>
                  counted(() =>
                    (member as (...all: unknown[]) => Promise<unknown>).apply(target, args),
                  )
              : member;
          },
        })
      );
    },
  };
}
