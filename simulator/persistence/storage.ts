import { makeTlsMaterial, type TlsMaterial } from "../network/authority";
import type { Tenants } from "../state/tenants";

/** Where a simulator keeps what outlives it. */
export interface Storage {
  readonly tls: TlsMaterial;
  /** Ports of the last start, or 0. */
  readonly ports: { readonly http: number; readonly https: number };
  /** Puts kept tenants back. */
  restore(tenants: Tenants): void;
  /** From now on changes are kept. */
  start(ports: { http: number; https: number }, tenants: Tenants): void;
  /** To be told of every change. */
  changed(): void;
  /** Keeps what is not kept yet. */
  close(): Promise<void>;
}

export async function openStorage(_stateFile: string | undefined): Promise<Storage> {
  return {
    tls: await makeTlsMaterial(),
    ports: { http: 0, https: 0 },
    restore: () => undefined,
    start: () => undefined,
    changed: () => undefined,
    close: () => Promise.resolve(),
  };
}
