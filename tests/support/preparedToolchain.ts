import { prepareEngine, type EngineToolchain } from "../../toolchain/toolchain";

/** Where {@link shareToolchain} leaves it for the workers of a run. */
const variable = "APPONLY_TEST_TOOLCHAIN";

/** Steps are not shown: `npm test` has prepared the toolchain before the first test. */
const silentSteps = {
  start: () => ({ progress: () => undefined, done: () => undefined, fail: () => undefined }),
};

/** The toolchain of this run, prepared once and not by every journey. */
export async function preparedToolchain(): Promise<EngineToolchain> {
  const shared = process.env[variable];
  return shared === undefined
    ? prepareEngine({ steps: silentSteps, embeddedTenant: true })
    : (JSON.parse(shared) as EngineToolchain);
}

/** Prepares the toolchain for every process that this one starts from now on. */
export async function shareToolchain(): Promise<void> {
  process.env[variable] = JSON.stringify(await preparedToolchain());
}
