import { type Cloud, clouds, isCloudName } from "../components/catalog/clouds";
import type { Workload } from "../components/catalog/workloads";
import { deployerOf } from "../microsoft/deployer/deployer";
import { connectDeployer, type DeployerSession } from "../microsoft/deployer/session";
import { endpointsFor, tokenResourceOf } from "../microsoft/endpoints";
import { type AdminSession, adminSession } from "../microsoft/exchange/adminSession";
import { UsageFailure } from "../system/failure";
import { type Pause, pauseByClock } from "../system/retry";
import { type Properties, text } from "../toolchain/pluginProtocol/values";
import { GraphRoles } from "./graphRoles";
import type { Connections } from "./resource";

/**
 * Connections of the deployer, who signs in as the azuread provider does, when the first is needed.
 *
 * @param settings Those of the provider, secrets in plain.
 */
export function connect(
  settings: Properties,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  pause: Pause = pauseByClock,
): Connections {
  const texts = Object.fromEntries(
    Object.entries(settings).filter(
      (setting): setting is [string, string] => typeof setting[1] === "string",
    ),
  );
  let session: Promise<DeployerSession> | undefined;
  const deployer = () => (session ??= connectDeployer(texts, environment));
  const sessions = new Map<Workload, AdminSession>();
  let graph: Promise<GraphRoles | undefined> | undefined;
  return {
    admin(workload) {
      const admin =
        sessions.get(workload) ??
        adminOf(workload, cloudIn(settings), settings, environment, deployer, pause);
      sessions.set(workload, admin);
      return admin;
    },
    mayRun: async (workload) => {
      const resource = tokenResourceOf(cloudIn(settings), workload);
      const { kind, permissions } = deployerOf(await (await deployer()).tokenFor(resource));
      return kind === "user" || permissions.includes("Exchange.ManageAsApp");
    },
    graph: () => (graph ??= graphOf(deployer, pause)),
  };
}

function cloudIn(settings: Properties): Cloud {
  const name = text(settings, "cloud") || "global";
  if (!isCloudName(name)) {
    throw new UsageFailure(`The provider's cloud "${name}" is not a cloud.`);
  }
  return clouds[name];
}

function adminOf(
  workload: Workload,
  cloud: Cloud,
  settings: Properties,
  environment: Readonly<Record<string, string | undefined>>,
  deployer: () => Promise<DeployerSession>,
  pause: Pause,
): AdminSession {
  const tenantId = text(settings, "tenantId") || (environment.ARM_TENANT_ID ?? "");
  if (tenantId === "") {
    throw new UsageFailure(
      "The provider does not know the tenant. Set its tenantId, or ARM_TENANT_ID.",
    );
  }
  return adminSession({
    endpoints: endpointsFor(cloud, environment),
    workload,
    tenantId,
    organization: text(settings, "organization") || tenantId,
    token: async (fresh) => (await deployer()).tokenFor(tokenResourceOf(cloud, workload), fresh),
    pause,
  });
}

/** Microsoft Graph, if the deployer's token has the permission for Exchange's roles. */
async function graphOf(
  deployer: () => Promise<DeployerSession>,
  pause: Pause,
): Promise<GraphRoles | undefined> {
  const session = await deployer();
  const { permissions } = deployerOf(await session.token());
  return permissions.includes("RoleManagement.ReadWrite.Exchange")
    ? new GraphRoles(await session.graph(), pause)
    : undefined;
}
