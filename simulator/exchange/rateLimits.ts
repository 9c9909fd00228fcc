import type { SimulatorContext } from "../http/context";
import type { Tenant } from "../state/tenants";

const windowMs = 5 * 60_000;
const most = 10_000;
const windows = new WeakMap<Tenant, { until: number; used: number }>();

/**
 * Tells how many requests a tenant has left, as public clients read it. The names are known; the
 * numbers, and that the end is told as a date, are assumed. Nothing is refused for it: that is what
 * the fault `throttle` is for.
 *
 * @see https://github.com/GreyCorbel/ExoHelper
 */
export function tellRateLimit(c: SimulatorContext): void {
  const tenant = c.var.request.caller?.tenant;
  if (tenant === undefined) {
    return;
  }
  const now = c.var.services.clock.now().getTime();
  let window = windows.get(tenant);
  if (window === undefined || window.until <= now) {
    window = { until: now + windowMs, used: 0 };
    windows.set(tenant, window);
  }
  window.used += 1;
  c.header("Rate-Limit-Remaining", String(Math.max(0, most - window.used)));
  c.header("Rate-Limit-Reset", new Date(window.until).toISOString());
}
