import { AsyncLocalStorage } from "node:async_hooks";
import type { Client } from "@microsoft/microsoft-graph-client";
import * as pulumi from "@pulumi/pulumi";
import type { CertificateGenerationArgs } from "../../components/args";
import { formatFault } from "../../components/faults";
import { lifetimeFault } from "../../components/validation/certificateLifetime";
import { type CertificateLimit, readCertificateLimit } from "./managementPolicy";

const credentialType = "azuread:index/applicationCertificate:ApplicationCertificate";

/**
 * A transform that makes the engine ask, in a preview and in an update, before a certificate is
 * registered, whether the tenant's app management policy lets it live that long. Where nothing is
 * registered nothing is asked. What cannot be found out is a warning.
 *
 * @param connect Opens Microsoft Graph as the deployer; called once at most.
 * @example
 * new ExchangeAppOnly("access", args, { transforms: [checkLifetimes(args.certificates ?? [], connect)] });
 * @see https://www.pulumi.com/docs/iac/concepts/options/hooks/
 */
export function checkLifetimes(
  generations: readonly CertificateGenerationArgs[],
  connect: () => Promise<Client>,
): pulumi.ResourceTransform {
  let asked: Promise<CertificateLimit> | undefined;
  let warned = false;
  // The engine calls a hook from outside of the program's run, where its log has nowhere to go.
  const inRun = AsyncLocalStorage.snapshot();
  const check = async ({ name, newInputs }: pulumi.ResourceHookArgs): Promise<void> => {
    const index = generations.findIndex((one) => name.endsWith(`-${one.name}-credential`));
    const generation = generations[index];
    if (generation === undefined) {
      return;
    }
    asked ??= ask(connect, objectIdOf(newInputs?.applicationId));
    const answer = await asked;
    if (!answer.known) {
      if (!warned) {
        warned = true;
        await pulumi.log.warn(answer.why);
      }
      return;
    }
    const fault = answer.limit && lifetimeFault(generation, index, answer.limit);
    if (fault !== undefined) {
      throw new Error(formatFault(fault, "apponly:"));
    }
  };
  const hook = new pulumi.ResourceHook("certificate-lifetime", (args) => inRun(check, args), {
    onDryRun: true,
  });
  return ({ type, props, opts }) =>
    type === credentialType
      ? { props, opts: pulumi.mergeOptions(opts, { hooks: { beforeCreate: [hook] } }) }
      : undefined;
}

/** Asks, and turns whatever goes wrong into a reason: a check that fails must not stop an update. */
async function ask(
  connect: () => Promise<Client>,
  applicationObjectId: string | undefined,
): Promise<CertificateLimit> {
  try {
    return await readCertificateLimit(await connect(), applicationObjectId, new Date());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      known: false,
      why: `The tenant's app management policy could not be read, so a certificate that lives longer than it allows is refused only during the update: ${why}`,
    };
  }
}

/** Object id in a resource id such as `/applications/{object id}`; unknown before the application exists. */
function objectIdOf(applicationId: unknown): string | undefined {
  return typeof applicationId === "string"
    ? /^\/applications\/([0-9a-f-]{36})$/i.exec(applicationId)?.[1]
    : undefined;
}
