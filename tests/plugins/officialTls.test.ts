/**
 * The stand-in for the tls plugin beside the official one: the keys, certificates, differences and
 * refusals that tests/fixtures/official/README.md says were recorded from the official plugin. No
 * key is in the recording: forms and the parts of certificates that do not depend on the key.
 * Not compared: the wording of refusals, and algorithms other than RSA, which the stand-in refuses.
 *
 * `APPONLY_RECORD=1 npx jest tests/plugins/officialTls` records anew where the official plugin is found.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { thisMachine } from "../../toolchain/machine";
import { installedPlugin } from "../../toolchain/plugins";
import { standInDirectory } from "../../toolchain/versions";
import { comparedTls, type ComparedTls } from "../support/comparedTls";
import { type PluginClient, startPlugin } from "../support/pluginClient";

const file = join(__dirname, "../fixtures/official/tls.json");
const program = process.platform === "win32" ? "pulumi-resource-tls.cmd" : "pulumi-resource-tls";

let plugin: PluginClient;

afterEach(() => plugin.close());

test("keys, certificates and plans are those of the official plugin", async () => {
  if (process.env.APPONLY_RECORD) {
    const official = installedPlugin(thisMachine, "tls");
    expect(official?.kind).toBe("official");
    plugin = await startPlugin(official?.location ?? "");
    const recorded = { plugin: `tls ${official?.version}`, run: await comparedTls(plugin) };
    writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
    plugin.close();
  }
  const recorded = JSON.parse(readFileSync(file, "utf8")) as { plugin: string; run: ComparedTls };
  expect(recorded.plugin).toBe("tls 5.6.1");
  plugin = await startPlugin(join(standInDirectory, program));
  expect(await comparedTls(plugin)).toEqual(recorded.run);
});
