import { types } from "./types";
import { bareId, type Properties, textOf } from "./values";

/**
 * A resource as it was, is or would be, whoever shows it: a preview, the policy SDK, a stack's
 * state, or Microsoft Graph. Who judges or compares knows this form and no other.
 *
 * What is never in it: the content of a secret, and a value that is not known yet. Marks stand in
 * their place, wherever in a value they are (`secretValue`, `unknownValue`).
 */
export interface ViewedResource {
  /**
   * What tells the resource from every other of its view. A source that has no URNs makes them, the
   * same ones each time it is read.
   */
  readonly urn: string;
  /** Type token of the provider, for example `azuread:index/application:Application`. */
  readonly type: string;
  /** Name in the program; of a resource that no program has, its display name or id. */
  readonly name: string;
  /** URN of the parent, which need not be in view. */
  readonly parent?: string;
  /**
   * Id in the tenant as the provider writes it, which is what `pulumi import` takes: for example
   * `/applications/{object id}`, or `{object id}/certificate/{key id}`. Absent before it exists.
   */
  readonly id?: string;
  /**
   * Inputs by the provider's names and in its form. Read back from a tenant, they are what the
   * provider's own read would set, without what it leaves out: then both sides can be compared.
   */
  readonly inputs: Properties;
  /** What the provider adds, or what a component registers; empty before anything is known. */
  readonly outputs: Properties;
  /**
   * URNs of the resources that an input is computed from, by input; absent where the source does
   * not tell, which is not the same as none.
   */
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  /** Whether the engine refuses to delete it; absent where the source does not tell. */
  readonly protect?: boolean;
  /** Whether the engine leaves it in the tenant when the stack stops managing it. */
  readonly retainOnDelete?: boolean;
}

/** What an input refers to. */
export type Reference =
  | { readonly kind: "resource"; readonly resource: ViewedResource }
  /** Something outside the stack, or a resource of a type that was not asked for. */
  | { readonly kind: "outside"; readonly id?: string }
  /** Only the update decides, and it could be a resource of the stack. */
  | { readonly kind: "open" };

/** The resources of a stack, or of a tenant, that can be seen, and how they hang together. */
export class StackView {
  private readonly byUrn = new Map<string, ViewedResource>();

  /**
   * @param whole Whether every resource is there. Where not, nothing follows from one that is
   * missing: it may be there and not be shown.
   * @param deleted Resources that the update would delete.
   */
  constructor(
    resources: Iterable<ViewedResource>,
    readonly whole: boolean,
    readonly deleted: readonly ViewedResource[] = [],
  ) {
    for (const resource of resources) {
      this.add(resource);
    }
  }

  /** Adds a resource, or shows one anew. */
  add(resource: ViewedResource): void {
    this.byUrn.set(resource.urn, resource);
  }

  get resources(): Iterable<ViewedResource> {
    return this.byUrn.values();
  }

  find(urn: string): ViewedResource | undefined {
    return this.byUrn.get(urn);
  }

  ofType(...wanted: readonly string[]): ViewedResource[] {
    return [...this.byUrn.values()].filter(({ type }) => wanted.includes(type));
  }

  /** From the parent up, as far as they can be seen. */
  ancestors(resource: ViewedResource): ViewedResource[] {
    return this.ancestorUrns(resource).flatMap((urn) => this.byUrn.get(urn) ?? []);
  }

  parentOf({ parent }: ViewedResource): ViewedResource | undefined {
    return parent === undefined ? undefined : this.byUrn.get(parent);
  }

  /** The resource of the given types that has an id; case and what stands before it do not matter. */
  withId(id: string, wanted: readonly string[]): ViewedResource | undefined {
    return this.ofType(...wanted).find((one) => idsOf(one).includes(bareId(id)));
  }

  /**
   * The resource of the given types that an input refers to: by a known id, else by what the input
   * is computed from; else, where that is not shown of a whole stack, the {@link nearest}.
   */
  referred(resource: ViewedResource, key: string, wanted: readonly string[]): Reference {
    const source = this.source(resource, key, wanted);
    // Of a part of the stack, the only candidate may be the wrong one.
    if (source.kind !== "open" || resource.dependencies !== undefined || !this.whole) {
      return source;
    }
    const [one, ...others] = this.ofType(...wanted);
    if (one === undefined) {
      return { kind: "outside" };
    }
    const nearest = others.length === 0 ? one : this.nearest(resource, wanted);
    return nearest === undefined ? source : { kind: "resource", resource: nearest };
  }

  /** The same without a guess: `open` where neither an id nor what it is computed from is shown. */
  source(resource: ViewedResource, key: string, wanted: readonly string[]): Reference {
    const urns = resource.dependencies?.[key] ?? [];
    const id = textOf(resource.inputs[key]);
    if (id === undefined) {
      return this.referenceAmong(urns, wanted);
    }
    const known = this.withId(id, wanted);
    if (known !== undefined) {
      return { kind: "resource", resource: known };
    }
    // A known id may be that of a resource whose own id is not shown.
    const source = this.referenceAmong(urns, wanted);
    return source.kind === "resource" && idsOf(source.resource).length === 0
      ? source
      : { kind: "outside", id };
  }

  /** The only resource of the given types within the nearest ancestor that has any; else nothing. */
  nearest(resource: ViewedResource, wanted: readonly string[]): ViewedResource | undefined {
    const candidates = this.ofType(...wanted);
    for (const urn of this.ancestorUrns(resource)) {
      const within = candidates.filter((one) => this.ancestorUrns(one).includes(urn));
      if (within.length > 0) {
        return within.length === 1 ? within[0] : undefined;
      }
    }
    return undefined;
  }

  /** The only resource of the given types within a component, at any depth; else nothing. */
  findWithin(component: string, wanted: readonly string[]): ViewedResource | undefined {
    const [one, ...others] = this.ofType(...wanted).filter((each) =>
      this.ancestorUrns(each).includes(component),
    );
    return others.length === 0 ? one : undefined;
  }

  private referenceAmong(urns: readonly string[], wanted: readonly string[]): Reference {
    const sources = urns.flatMap((urn) => this.byUrn.get(urn) ?? []);
    const [one, ...others] = sources.filter(({ type }) => wanted.includes(type));
    if (one !== undefined) {
      return others.length === 0 ? { kind: "resource", resource: one } : { kind: "open" };
    }
    return sources.length > 0 ? { kind: "outside" } : { kind: "open" };
  }

  /** From the parent up to the stack, or to what is out of view, which counts as one place. */
  private ancestorUrns({ parent }: ViewedResource): string[] {
    const urns: string[] = [];
    let at = parent;
    // A damaged document may name parents in a circle.
    while (at !== undefined && !urns.includes(at)) {
      urns.push(at);
      at = this.byUrn.get(at)?.parent;
    }
    return urns.some(isStackUrn) ? urns : [...urns, outOfView];
  }
}

const outOfView = "out of view";

/** Whether a URN is that of the stack itself, which a partial view need not have. */
export function isStackUrn(urn: string): boolean {
  return urn.includes(`::${types.stack}::`);
}

function idsOf({ id, outputs, inputs }: ViewedResource): string[] {
  return [id, outputs.id, outputs.objectId, outputs.clientId, outputs.templateId, inputs.templateId]
    .map(textOf)
    .flatMap((one) => (one === undefined ? [] : [bareId(one)]));
}
