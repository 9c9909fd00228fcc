import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { PluginChoice } from "./plugins";

/** How long plugins may take to say where they listen, milliseconds. */
const portPatience = 20_000;

/** What runs now: for whom, and where. */
interface Running {
  readonly key: string;
  readonly keeper: ChildProcess;
  readonly addresses: string | undefined;
}

/**
 * Plugins that stay up from one stack to the next, where each engine would start its own. An engine
 * configures them anew for its stack, and a plugin is configured for one stack at a time: whoever works
 * on several at once has one of these for each.
 *
 * @see https://www.pulumi.com/docs/iac/build-with-pulumi/debugging/#attaching-a-debugger-to-a-resource-provider
 */
export class StandingPlugins {
  private running: Running | undefined;

  /**
   * Makes an engine attach to them; started where they are not up yet, or were started with other
   * variables.
   *
   * @param environment The engine's, in addition to that of this process.
   * @returns Nothing where they cannot be kept up: the engine then starts its own.
   */
  async environmentFor(
    plugins: readonly PluginChoice[],
    environment: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, string>>> {
    // Somebody debugs one; the engine is left to download what has no location; and a script of
    // Windows is not a program.
    if (
      process.env.PULUMI_DEBUG_PROVIDERS !== undefined ||
      plugins.some(({ location }) => location === "" || location.endsWith(".cmd"))
    ) {
      return {};
    }
    const programs = plugins.map(({ name, location }) => `${name}=${location}`);
    const key = JSON.stringify([programs, environment]);
    if (this.running?.key !== key || this.running.keeper.exitCode !== null) {
      this.end();
      this.running = await startPlugins(key, programs, environment);
    }
    const { addresses } = this.running;
    return addresses === undefined ? {} : { PULUMI_DEBUG_PROVIDERS: addresses };
  }

  end(): void {
    this.running?.keeper.stdin?.end();
    this.running = undefined;
  }
}

async function startPlugins(
  key: string,
  programs: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Running> {
  const keeper = spawn(process.execPath, [join(__dirname, "keepPlugins.js"), ...programs], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "ignore"],
    // An interrupt of the terminal is for the command, which ends them when its engines have ended.
    detached: process.platform !== "win32",
  });
  // Who has been killed takes no end of input.
  keeper.stdin.on("error", () => undefined);
  const given = new AbortController();
  const { signal } = given;
  const timer = setTimeout(() => given.abort(), portPatience);
  const addresses = await Promise.race([
    once(createInterface(keeper.stdout), "line", { signal }).then(([line]) => String(line)),
    once(keeper, "exit", { signal }).then(() => undefined),
  ]).catch(() => undefined);
  clearTimeout(timer);
  given.abort();
  if (addresses === undefined) {
    keeper.stdin.end();
  }
  keeper.unref();
  return { key, keeper, addresses };
}
