import type { PolicyResource } from "./resource";
import { bareId, textOf } from "./values";

/** What an input refers to. */
export type Reference =
  | { readonly kind: "resource"; readonly resource: PolicyResource }
  /** Something outside the stack, or a resource of a type that was not asked for. */
  | { readonly kind: "outside"; readonly id?: string }
  /** Only the update decides, and it could be a resource of the stack. */
  | { readonly kind: "open" };

/** The resources that can be seen, and how they hang together. */
export class StackView {
  private readonly byUrn = new Map<string, PolicyResource>();

  /**
   * @param whole Whether every resource of the stack is there. Where not, nothing follows from a
   * resource that is missing.
   * @param deleted Resources that the update would delete.
   */
  constructor(
    resources: Iterable<PolicyResource>,
    readonly whole: boolean,
    readonly deleted: readonly PolicyResource[] = [],
  ) {
    for (const resource of resources) {
      this.add(resource);
    }
  }

  /** Adds a resource, or shows one anew. */
  add(resource: PolicyResource): void {
    this.byUrn.set(resource.urn, resource);
  }

  get resources(): Iterable<PolicyResource> {
    return this.byUrn.values();
  }

  find(urn: string): PolicyResource | undefined {
    return this.byUrn.get(urn);
  }

  ofType(...types: readonly string[]): PolicyResource[] {
    return [...this.byUrn.values()].filter(({ type }) => types.includes(type));
  }

  /** From the parent up, as far as they can be seen. */
  ancestors(resource: PolicyResource): PolicyResource[] {
    const found: PolicyResource[] = [];
    let at = this.parentOf(resource);
    // A damaged document may name parents in a circle.
    while (at !== undefined && !found.includes(at)) {
      found.push(at);
      at = this.parentOf(at);
    }
    return found;
  }

  parentOf({ parent }: PolicyResource): PolicyResource | undefined {
    return parent === undefined ? undefined : this.byUrn.get(parent);
  }

  /**
   * The resource of the given types that an input refers to: by a known id; else by what the input
   * is computed from; else, where that is not shown of a whole stack, the only such resource of the
   * nearest parent that has any.
   */
  referred(resource: PolicyResource, key: string, wanted: readonly string[]): Reference {
    const candidates = this.ofType(...wanted);
    const id = textOf(resource.inputs[key]);
    if (id !== undefined) {
      const found = candidates.find((one) => idsOf(one).includes(bareId(id)));
      return found === undefined
        ? this.byUnseenId(id, resource.dependencies?.[key] ?? [], wanted)
        : { kind: "resource", resource: found };
    }
    if (resource.dependencies !== undefined) {
      return this.byDependencies(resource.dependencies[key] ?? [], wanted);
    }
    // Of a part of the stack, the only candidate may be the wrong one.
    if (!this.whole) {
      return { kind: "open" };
    }
    if (candidates.length === 0) {
      return { kind: "outside" };
    }
    const nearest = this.nearest(resource, candidates);
    return nearest === undefined ? { kind: "open" } : { kind: "resource", resource: nearest };
  }

  /** A known id may be that of a resource whose own id is not shown. */
  private byUnseenId(id: string, urns: readonly string[], wanted: readonly string[]): Reference {
    const source = this.byDependencies(urns, wanted);
    return source.kind === "resource" && idsOf(source.resource).length === 0
      ? source
      : { kind: "outside", id };
  }

  private byDependencies(urns: readonly string[], wanted: readonly string[]): Reference {
    const sources = urns.map((urn) => this.byUrn.get(urn)).filter((one) => one !== undefined);
    const [found, ...others] = sources.filter(({ type }) => wanted.includes(type));
    if (found !== undefined) {
      return others.length === 0 ? { kind: "resource", resource: found } : { kind: "open" };
    }
    return sources.length > 0 ? { kind: "outside" } : { kind: "open" };
  }

  private nearest(
    resource: PolicyResource,
    candidates: readonly PolicyResource[],
  ): PolicyResource | undefined {
    const levels = candidates.map((one) => ({
      one,
      parents: this.ancestors(one).map(({ urn }) => urn),
    }));
    for (const { urn } of this.ancestors(resource)) {
      const within = levels.filter(({ parents }) => parents.includes(urn));
      if (within.length > 0) {
        return within.length === 1 ? within[0]?.one : undefined;
      }
    }
    return candidates.length === 1 ? candidates[0] : undefined;
  }
}

function idsOf({ id, outputs, inputs }: PolicyResource): string[] {
  return [id, outputs.id, outputs.objectId, outputs.clientId, outputs.templateId, inputs.templateId]
    .map(textOf)
    .flatMap((one) => (one === undefined ? [] : [bareId(one)]));
}
