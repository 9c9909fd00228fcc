import { z } from "zod";
import { commandDocument } from "./document";

/** What `apponly simulator` prints with `--json` as soon as the tenant answers. Without its secret. */
export const simulatorShape = commandDocument("simulator", "Embedded tenant", {
  tenantId: z.string(),
  initialDomain: z.string(),
  endpoints: z
    .record(z.string(), z.string())
    .describe("Addresses on this machine, by what answers there."),
  caFile: z.string().describe("Certificate of the authority that they are trusted by."),
  deployerClientId: z.string(),
  settings: z
    .strictObject({ shell: z.string(), powershell: z.string() })
    .describe("Files with the settings for clients; they hold the deployer's secret."),
});

/** What {@link simulatorShape} describes. */
export type SimulatorDocument = z.infer<typeof simulatorShape>;
