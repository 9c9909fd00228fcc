import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { FederatedCredentialArgs } from "../components/args";
import { expandFederated } from "../components/configuration/federated";
import { federatedCredential } from "../components/configuration/shape";
import type { Fault } from "../components/faults";
import { UsageFailure } from "../system/failure";

const key = "apponly:federatedCredentials";

/**
 * The federated credentials that a stack's settings name: issuer and subject, public both, are in
 * no output.
 *
 * @throws {UsageFailure} If the settings cannot be read or are not as they have to be.
 */
export async function configuredFederatedCredentials(
  workDirectory: string,
  stack: string,
): Promise<FederatedCredentialArgs[]> {
  const path = join(workDirectory, `Pulumi.${stack}.yaml`);
  const faults: Fault[] = [];
  try {
    const settings = z
      .looseObject({
        config: z.looseObject({ [key]: z.array(federatedCredential).optional() }).optional(),
      })
      .parse(parse(await readFile(path, "utf8")));
    const configured = settings.config?.[key];
    const credentials = expandFederated(configured ?? [], faults);
    if (faults.length === 0) {
      return credentials;
    }
  } catch {
    // Told below: the preview names the fault.
  }
  throw new UsageFailure(
    `${path} has no valid ${key}. Preview the stack to see the fault: pulumi preview -s ${stack}.`,
  );
}
