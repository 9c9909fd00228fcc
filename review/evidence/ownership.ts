import type { PreviewStep } from "../input/previewSteps";
import { parseUrn } from "../input/urn";

/**
 * Who is whose parent. Components name what belongs together when an id is not known yet: the one
 * application inside a component is the one that the component's credentials are for.
 */
export class Ownership {
  private readonly parents = new Map<string, string>();
  private readonly members = new Map<string, Map<string, string[]>>();

  constructor(steps: readonly PreviewStep[], types: ReadonlySet<string>) {
    for (const { urn, old, new: next } of steps) {
      const parent = next?.parent ?? old?.parent;
      if (parent !== undefined) {
        this.parents.set(urn, parent);
      }
    }
    for (const { urn, type } of steps) {
      if (types.has(type)) {
        this.enter(urn, type);
      }
    }
  }

  parentOf(urn: string): string | undefined {
    return this.parents.get(urn);
  }

  /** The only resource of a type within the nearest ancestor that has any; else nothing. */
  nearest(urn: string, type: string): string | undefined {
    for (const ancestor of this.ancestors(urn)) {
      const found = this.members.get(ancestor)?.get(type) ?? [];
      if (found.length > 0) {
        return found.length === 1 ? found[0] : undefined;
      }
    }
    return undefined;
  }

  /** The only resource of a type within a component, at any depth; else nothing. */
  within(component: string, type: string): string | undefined {
    const found = this.members.get(component)?.get(type) ?? [];
    return found.length === 1 ? found[0] : undefined;
  }

  private enter(urn: string, type: string): void {
    for (const ancestor of this.ancestors(urn)) {
      const byType = this.members.get(ancestor) ?? new Map<string, string[]>();
      this.members.set(ancestor, byType);
      byType.set(type, [...(byType.get(type) ?? []), urn].slice(0, 2));
    }
  }

  /** From the parent up; a resource without one belongs to the stack. */
  private ancestors(urn: string): string[] {
    const found: string[] = [];
    let at = this.parents.get(urn);
    // A damaged document may name parents in a circle.
    while (at !== undefined && found.length < 32 && !found.includes(at)) {
      found.push(at);
      at = this.parents.get(at);
    }
    return found.some((one) => parseUrn(one)?.type === stackType) ? found : [...found, "the stack"];
  }
}

/** Type token of the stack itself. */
export const stackType = "pulumi:pulumi:Stack";
