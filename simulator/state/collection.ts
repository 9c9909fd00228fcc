/** What a collection can hold: anything with an id. */
export interface Identified {
  readonly id: string;
}

/** How an entity is found other than by its id. One entity has one key per index. */
export type Indexes<T> = Readonly<Record<string, (entity: T) => string | undefined>>;

/**
 * Entities of one kind in order of insertion, with indexes kept up to date.
 *
 * Keys are compared without regard to case, as Entra compares GUIDs and names, unless the
 * collection is `caseSensitive` (ids of app role assignments are base64url).
 */
export class Collection<T extends Identified> {
  private readonly entities = new Map<string, T>();
  private readonly indexed = new Map<string, Map<string, Set<string>>>();
  // Entities are changed in place: the keys under which one was indexed are remembered, not derived again.
  private readonly keysOf = new Map<string, [index: string, key: string][]>();

  constructor(
    private readonly indexes: Indexes<T> = {},
    private readonly options: { caseSensitive?: boolean } = {},
  ) {
    for (const name of Object.keys(indexes)) {
      this.indexed.set(name, new Map());
    }
  }

  get size(): number {
    return this.entities.size;
  }

  get(id: string): T | undefined {
    return this.entities.get(this.idKey(id));
  }

  /** The oldest entity. */
  first(): T | undefined {
    return this.entities.values().next().value;
  }

  all(): T[] {
    return [...this.entities.values()];
  }

  /** Every entity whose index has this key, in order of insertion. */
  findBy(index: string, key: string): T[] {
    const ids = this.indexed.get(index)?.get(key.toLowerCase());
    return ids === undefined ? [] : [...ids].flatMap((id) => this.entities.get(id) ?? []);
  }

  /** The first entity whose index has this key. */
  firstBy(index: string, key: string): T | undefined {
    return this.findBy(index, key)[0];
  }

  /** Adds an entity, or replaces the one with the same id. */
  put(entity: T): T {
    const id = this.idKey(entity.id);
    this.unindex(id);
    this.entities.set(id, entity);
    const keys: [string, string][] = [];
    for (const [name, keyOf] of Object.entries(this.indexes)) {
      const key = keyOf(entity)?.toLowerCase();
      if (key !== undefined) {
        keys.push([name, key]);
        const index = this.indexed.get(name)!;
        index.set(key, (index.get(key) ?? new Set()).add(id));
      }
    }
    this.keysOf.set(id, keys);
    return entity;
  }

  /** Removes an entity. Answers whether it was there. */
  delete(id: string): boolean {
    const key = this.idKey(id);
    if (!this.entities.has(key)) {
      return false;
    }
    this.unindex(key);
    return this.entities.delete(key);
  }

  clear(): void {
    this.entities.clear();
    this.keysOf.clear();
    for (const index of this.indexed.values()) {
      index.clear();
    }
  }

  private unindex(id: string): void {
    for (const [name, key] of this.keysOf.get(id) ?? []) {
      const ids = this.indexed.get(name)?.get(key);
      if (ids?.delete(id) === true && ids.size === 0) {
        this.indexed.get(name)?.delete(key);
      }
    }
    this.keysOf.delete(id);
  }

  private idKey(id: string): string {
    return this.options.caseSensitive === true ? id : id.toLowerCase();
  }
}
