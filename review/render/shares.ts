import type { PermissionChange, PolicyViolation, StackReview } from "../documentShape";
import { compareRisk, type Risk } from "../model";

/** What several stacks have in common, as a review of its own: its URNs are those of the first. */
export interface Share {
  readonly review: StackReview;
  /** The stacks, the worst first. */
  readonly stacks: readonly StackReview[];
}

/**
 * Reviews parted so that what is equal in several stacks is there once, with the stacks it concerns.
 * What a whole stack is about, its counts and whether its preview was complete, stays with the
 * reviews.
 *
 * @param reviews The worst first.
 * @returns The worst first; of the same risk, what most stacks have.
 */
export function sharesOf(reviews: readonly StackReview[]): Share[] {
  const items = new Map<string, { readonly item: Item; readonly stacks: Set<number> }>();
  reviews.forEach((review, at) => {
    const seen = new Map<string, number>();
    for (const item of itemsOf(review)) {
      const key = shareKey(item, review);
      const times = (seen.get(key) ?? 0) + 1;
      seen.set(key, times);
      const place = `${times} ${key}`;
      const found = items.get(place) ?? { item, stacks: new Set() };
      found.stacks.add(at);
      items.set(place, found);
    }
  });
  const parts = new Map<string, { readonly stacks: readonly number[]; readonly items: Item[] }>();
  for (const { item, stacks } of items.values()) {
    const key = [...stacks].join();
    const part = parts.get(key) ?? { stacks: [...stacks], items: [] };
    part.items.push(item);
    parts.set(key, part);
  }
  return [...parts.values()]
    .map((part) =>
      shareOf(
        part.items,
        part.stacks.flatMap((at) => reviews[at] ?? []),
      ),
    )
    .sort((a, b) => compareRisk(worstOf(a), worstOf(b)) || b.stacks.length - a.stacks.length);
}

/** Most stacks that are left out by name, instead of naming all others. */
const mostExcepted = 3;

/**
 * Which of all stacks something concerns.
 *
 * @example stacksInWords(some, all, visibleText) // "47 stacks, all but prod, test"
 */
export function stacksInWords(
  stacks: readonly StackReview[],
  all: readonly StackReview[],
  written: (name: string) => string,
): string {
  const names = (some: readonly StackReview[]) =>
    some.map(({ stack }) => written(stack)).join(", ");
  if (stacks.length === all.length) {
    return stacks.length === 2 ? "Both stacks" : `All ${stacks.length} stacks`;
  }
  const concerned = new Set(stacks);
  const others = all.filter((review) => !concerned.has(review));
  return others.length <= mostExcepted && stacks.length > mostExcepted
    ? `${stacks.length} stacks, all but ${names(others)}`
    : `${stacks.length} stacks: ${names(stacks)}`;
}

type Item =
  | { readonly decision: string }
  | { readonly change: PermissionChange }
  | { readonly violation: PolicyViolation }
  | { readonly replacement: StackReview["replacements"][number] }
  | { readonly warning: string };

function itemsOf({ decision, changes, violations, replacements, warnings }: StackReview): Item[] {
  return [
    ...(decision === undefined ? [] : [{ decision }]),
    ...changes.map((change) => ({ change })),
    ...violations.map((violation) => ({ violation })),
    ...replacements.map((replacement) => ({ replacement })),
    ...warnings.map((warning) => ({ warning })),
  ];
}

/** All that is said of it, save the stack's name in a URN, and the id of the stack's own deployer. */
function shareKey(item: Item, review: StackReview): string {
  return JSON.stringify(withoutDeployer(item, review), (name, value: unknown) =>
    name === "resource" && typeof value === "string"
      ? value.replace(/^urn:pulumi:[^:]*::/, "")
      : value,
  );
}

/** Each tenant may have a deployer of its own, which owns what it makes there. */
function withoutDeployer(item: Item, { deployer = "" }: StackReview): Item {
  return deployer === "" || !("change" in item)
    ? item
    : {
        change: {
          ...item.change,
          subject: item.change.subject.replace(`(${deployer})`, "(each stack's own)"),
        },
      };
}

function shareOf(own: readonly Item[], stacks: readonly StackReview[]): Share {
  const [first] = stacks;
  const isOne = stacks.every(({ deployer }) => deployer === first?.deployer);
  const items = isOne || first === undefined ? own : own.map((one) => withoutDeployer(one, first));
  const [decision] = items.flatMap((item) => ("decision" in item ? [item.decision] : []));
  return {
    stacks,
    review: {
      stack: first?.stack ?? "",
      ...(first?.tenant === undefined ? {} : { tenant: first.tenant }),
      ...(decision === undefined ? {} : { decision }),
      changes: items.flatMap((item) => ("change" in item ? [item.change] : [])),
      violations: items.flatMap((item) => ("violation" in item ? [item.violation] : [])),
      replacements: items.flatMap((item) => ("replacement" in item ? [item.replacement] : [])),
      warnings: items.flatMap((item) => ("warning" in item ? [item.warning] : [])),
      rest: {},
      complete: true,
    },
  };
}

function worstOf({ review: { changes, violations } }: Share): Risk {
  return [
    ...changes.map(({ risk }) => risk),
    ...violations.map(({ severity }) => severity),
  ].reduce<Risk>((worst, risk) => (compareRisk(risk, worst) < 0 ? risk : worst), "info");
}
