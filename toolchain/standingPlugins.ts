import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { PluginChoice } from "./plugins";
import type * as standIns from "./standIns/serve";

/** How long plugins may take to say where they listen, milliseconds. */
const portPatience = 20_000;

/** What runs now: for whom, and where. */
interface Running {
  readonly key: string;
  readonly addresses: string | undefined;
  readonly isUp: () => boolean;
  readonly end: () => void;
}

/**
 * Plugins that stay up from one stack to the next, where each engine would start its own. An engine
 * configures them anew for its stack, and a plugin is configured for one stack at a time: whoever works
 * on several at once has one of these for each. Stand-ins are served by this process, which has loaded
 * most of what they need; a process of their own takes longer to start than they work.
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
    const isOwn = plugins.every(({ kind }) => kind === "stand-in");
    // Somebody debugs one; the engine is left to download what has no location; and a script of
    // Windows is not a program.
    if (
      process.env.PULUMI_DEBUG_PROVIDERS !== undefined ||
      (!isOwn && plugins.some(({ location }) => location === "" || location.endsWith(".cmd")))
    ) {
      return {};
    }
    const programs = plugins.map(({ name, location }) => `${name}=${location}`);
    const all = { ...process.env, ...environment };
    const key = JSON.stringify([programs, environment]);
    if (this.running?.key !== key || !this.running.isUp()) {
      this.end();
      this.running = { key, ...(await (isOwn ? serveHere(all) : startPlugins(programs, all))) };
    }
    const { addresses } = this.running;
    return addresses === undefined ? {} : { PULUMI_DEBUG_PROVIDERS: addresses };
  }

  end(): void {
    this.running?.end();
    this.running = undefined;
  }
}

async function serveHere(environment: NodeJS.ProcessEnv): Promise<Omit<Running, "key">> {
  // Whoever works on a real tenant needs none of it.
  // oxlint-disable-next-line typescript/no-require-imports -- import() leads nowhere once compiled
  const { serveStandIns } = require("./standIns/serve") as typeof standIns;
  const { addresses, close } = await serveStandIns(environment);
  return { addresses, isUp: () => true, end: close };
}

async function startPlugins(
  programs: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Omit<Running, "key">> {
  const keeper = spawn(process.execPath, [join(__dirname, "keepPlugins.js"), ...programs], {
    env: environment,
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
  const isUp = () => keeper.exitCode === null;
  return { addresses, isUp, end: () => void keeper.stdin.end() };
}
