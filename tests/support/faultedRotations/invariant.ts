import type { TenantSnapshot } from "../../../simulator/snapshot";
import type { World } from "./world";

/**
 * Looks at the tenant at every request: is the certificate that pipelines have among those that
 * the application holds and that are valid, and is everything still granted to the application?
 */
export class Invariant {
  /** What was found, one line for each request at which a pipeline was left out. */
  readonly violations: string[] = [];
  /** Requests looked at. */
  requests = 0;

  private readonly granted: readonly string[];
  private seen: TenantSnapshot | undefined;

  constructor(private readonly world: World) {
    this.granted = world.grants();
  }

  /** Has the tenant looked at anew: it was put back. */
  forget(): void {
    this.seen = undefined;
  }

  /** Watches every request until the function that is returned is called. */
  watch(): () => void {
    return this.world.journey.simulator.journal.subscribe(({ method, path, status }) => {
      this.requests += 1;
      // What is only read is as it was.
      const state =
        method === "GET" && this.seen !== undefined ? this.seen : this.world.journey.tenant.state();
      this.seen = state;
      const grants = this.world.grants(state);
      if (!this.granted.every((id) => grants.includes(id))) {
        this.violations.push(`after ${method} ${path} (${status}) a consent or a role is gone`);
      }
      const valid = this.world.validThumbprints(state);
      const pipelines = {
        "reads the outputs now": this.world.receivedNow(),
        "has read them after the last update": this.world.receivedLast(),
      };
      for (const [pipeline, thumbprint] of Object.entries(pipelines)) {
        if (thumbprint === undefined || !valid.includes(thumbprint)) {
          this.violations.push(
            `after ${method} ${path} (${status}) a pipeline that ${pipeline} has ${thumbprint ?? "nothing"}, and the application holds ${valid.join(", ") || "nothing"}`,
          );
        }
      }
    });
  }
}
