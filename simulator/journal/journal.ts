/** One request the simulator received, without any secret. */
export interface JournalEntry {
  /** Counts from 1 and never repeats, also after `clear`. */
  readonly seq: number;
  /** ISO 8601, by the simulator's clock. */
  readonly time: string;
  readonly tenantId?: string;
  readonly clientAppId?: string;
  readonly method: string;
  /** As the client sent it, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** 0: the connection was cut without an answer. */
  readonly status: number;
  /** Parsed JSON or form; secrets, assertions and tokens are replaced by `(redacted)`. */
  readonly requestBody?: unknown;
  /** `Request_ResourceNotFound`, `AADSTS700027`, … */
  readonly responseErrorCode?: string;
  /** Kind of the fault that struck. */
  readonly fault?: string;
  readonly durationMs: number;
}

/** Which entries to read. Everything left out matches. */
export interface JournalFilter {
  /** Tenant id. */
  readonly tenantId?: string;
  readonly clientAppId?: string;
  readonly method?: string;
  readonly path?: RegExp;
  readonly status?: number;
  /** Only entries after this sequence number. */
  readonly after?: number;
}

/** The requests of all tenants in the order they were answered; the oldest are dropped when full. */
export class Journal {
  private recorded: JournalEntry[] = [];
  private unknown: JournalEntry[] = [];
  private lastSeq = 0;
  private readonly listeners = new Set<(entry: JournalEntry) => void>();

  constructor(private readonly capacity = 20_000) {}

  /** Adds an entry. */
  record(entry: Omit<JournalEntry, "seq">, options: { unknownRoute?: boolean } = {}): void {
    this.lastSeq += 1;
    const numbered = Object.freeze({ seq: this.lastSeq, ...entry });
    this.recorded.push(numbered);
    // Trimmed in steps of a tenth, so that a full journal does not move its array for every entry.
    if (this.recorded.length > this.capacity * 1.1) {
      this.recorded = this.recorded.slice(-this.capacity);
    }
    if (options.unknownRoute === true && this.unknown.length < this.capacity) {
      this.unknown.push(numbered);
    }
    for (const listener of this.listeners) {
      listener(numbered);
    }
  }

  /**
   * Hands every further entry over at once: the request has taken effect by then, and its answer
   * is not sent yet. Answers the function that ends it.
   */
  subscribe(listener: (entry: JournalEntry) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The entries that match, oldest first. */
  entries(filter: JournalFilter = {}): JournalEntry[] {
    return this.recorded
      .slice(-this.capacity)
      .filter(
        (entry) =>
          (filter.tenantId === undefined || entry.tenantId === filter.tenantId) &&
          (filter.clientAppId === undefined || entry.clientAppId === filter.clientAppId) &&
          (filter.method === undefined || entry.method === filter.method.toUpperCase()) &&
          (filter.path === undefined || entry.path.search(filter.path) >= 0) &&
          (filter.status === undefined || entry.status === filter.status) &&
          (filter.after === undefined || entry.seq > filter.after),
      );
  }

  /** Requests no route took. A test of a client asserts that there is none. */
  unknownRoutes(): JournalEntry[] {
    return [...this.unknown];
  }

  /** Sequence number of the newest entry, to read from there later. */
  get position(): number {
    return this.lastSeq;
  }

  /** Forgets every entry. */
  clear(): void {
    this.recorded = [];
    this.unknown = [];
  }
}
