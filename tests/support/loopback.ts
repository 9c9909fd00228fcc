import { serve, type ServerType } from "@hono/node-server";
import type { Hono } from "hono";

/** A server of a test, on a port of its own. */
export interface LoopbackServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves an application on loopback. */
export async function serveOnLoopback(app: Hono): Promise<LoopbackServer> {
  const server = await new Promise<ServerType>((resolve) => {
    const started: ServerType = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, () =>
      resolve(started),
    );
  });
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        (server as { closeAllConnections?: () => void }).closeAllConnections?.();
      }),
  };
}

/** Something that goes wrong at a request, once or a few times. */
export interface Fault {
  readonly method: string;
  readonly path: RegExp;
  /** How often. @default 1 */
  readonly times?: number;
  /** Requests that match and pass before the first one that fails. @default 0 */
  readonly after?: number;
  /**
   * What the client gets instead of the answer: a response, or a connection that ends without one.
   */
  readonly answer: "drop" | (() => Response);
  /** Whether the request takes effect all the same. @default false */
  readonly takesEffect?: boolean;
}

interface LoadedFault {
  readonly fault: Fault;
  passes: number;
  left: number;
}

/** The faults of one server. */
export class Faults {
  private loaded: LoadedFault[] = [];

  add(fault: Fault): void {
    this.loaded.push({ fault, passes: fault.after ?? 0, left: fault.times ?? 1 });
  }

  clear(): void {
    this.loaded = [];
  }

  /** The fault of a request, which is used up by that. */
  take(method: string, path: string): Fault | undefined {
    const found = this.loaded.find(
      ({ fault, left }) => left > 0 && fault.method === method && fault.path.test(path),
    );
    if (found === undefined) {
      return undefined;
    }
    if (found.passes > 0) {
      found.passes -= 1;
      return undefined;
    }
    found.left -= 1;
    return found.fault;
  }
}
