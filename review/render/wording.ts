import type { PermissionChange, StackReview, ShownValue } from "../documentShape";
import { type PermissionChangeAction, type PermissionChangeKind, type Risk, risks } from "../model";

/** What each kind is called in a sentence. */
export const kindTitles: Readonly<Record<PermissionChangeKind, string>> = {
  "application-permission": "application permission",
  "admin-consent": "admin consent",
  "directory-role": "directory role",
  certificate: "certificate",
  "password-credential": "client secret",
  "federated-credential": "federated credential",
  owner: "owner",
  "sign-in-audience": "sign-in audience",
  exception: "exception",
  application: "app registration",
  "service-principal": "service principal",
  unclassified: "not classified",
};

/** What the stack does to it, in front of what it is. */
export const actionVerbs: Readonly<Record<PermissionChangeAction, string>> = {
  add: "adds",
  remove: "removes",
  change: "changes",
  replace: "replaces",
  hold: "has",
};

/** How whom it concerns is joined on. */
export const actionPrepositions: Readonly<Record<PermissionChangeAction, string>> = {
  add: "for",
  remove: "from",
  change: "of",
  replace: "of",
  hold: "of",
};

/** The sign in front of a change, as `pulumi preview` has it. */
export const actionSigns: Readonly<Record<PermissionChangeAction, string>> = {
  add: "+",
  remove: "-",
  change: "~",
  replace: "+-",
  hold: "!",
};

/** What changes, with the name of whom an id is of. */
export function namedSubjectOf({ subject, name }: PermissionChange): string {
  return name === undefined ? subject : `${name} (${subject})`;
}

/**
 * Before and after, each as `shown` shows a text; empty where they say no more than the change
 * itself does: that a role was not there before it is added, and then is, goes without saying.
 */
export function sidesOf(
  { subject, before, after }: PermissionChange,
  arrow: string,
  shown: (text: string) => string,
): string {
  const present = [before, after].filter((side) => side !== undefined && side.state !== "absent");
  const [single] = present;
  const isTold =
    present.length < 2 &&
    (single === undefined ||
      // What is new has no value before, and where it has none yet, that says nothing.
      (single === after && single.state === "unknown") ||
      (single.state === "known" && single.text === subject));
  const isSame =
    before?.state === "known" && after?.state === "known" && before.text === after.text;
  return isTold || isSame ? "" : `${sideOf(before, shown)}${arrow}${sideOf(after, shown)}`;
}

/** In words where it has no text, or its text as `shown` shows it. */
function sideOf(value: ShownValue | undefined, shown: (text: string) => string): string {
  switch (value?.state) {
    case "known":
      return shown(value.text);
    case "secret":
      return "secret";
    case "unknown":
      return "known after the update";
    default:
      return "none";
  }
}

/**
 * Why a change matters, what comes of it, and of drift who did it; and then what to do, each a text of
 * its own, because it may end with a command.
 */
export function explanationsOf(change: PermissionChange): [string, ...string[]] {
  const { reason, consequence, origin, remedies = [] } = change;
  const done = origin && `${origin.actor} did it on ${origin.time}: ${origin.activity}.`;
  return [[reason, consequence, done].filter(Boolean).join(" "), ...remedies];
}

/** Why there may be changes that are not shown, of one stack. */
export function incompleteText({ unread = [] }: Pick<StackReview, "unread">): string {
  return unread.length === 0
    ? "Incomplete preview: changes may be missing."
    : `Compared with the tenant, except for ${new Intl.ListFormat("en-GB").format(unread)}: that could not be read, and what was changed there is not shown.`;
}

/** The same of several. */
export function incompleteStacksText(reviews: readonly StackReview[]): string | undefined {
  const partial = reviews.filter(({ complete }) => !complete);
  return partial.length === 0
    ? undefined
    : partial.every(({ unread = [] }) => unread.length > 0)
      ? `${plural(partial.length, "stack")} could be compared only in part: what was changed in what could not be read is not shown.`
      : `${plural(partial.length, "preview")} did not finish or lacked detail: there may be changes that are not shown.`;
}

/** What heads a stack's part: its tenant, or its name where the tenant is not known. */
export function reviewTitle(review: StackReview): string {
  return review.tenant ?? review.stack;
}

/** Number of changes, or of lines of a report, by risk. */
export function countRisks(changes: readonly { readonly risk: Risk }[]): Record<Risk, number> {
  const counts: Record<Risk, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { risk } of changes) {
    counts[risk] += 1;
  }
  return counts;
}

/** Adds up counts by risk. */
export function addCounts(all: Iterable<Readonly<Record<Risk, number>>>): Record<Risk, number> {
  const sum: Record<Risk, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const counts of all) {
    for (const risk of risks) {
      sum[risk] += counts[risk];
    }
  }
  return sum;
}

/** @example countsInWords({ critical: 1, high: 2, medium: 0, low: 0, info: 0 }) // "1 critical, 2 high" */
export function countsInWords(counts: Readonly<Record<Risk, number>>): string {
  const parts = risks.filter((risk) => counts[risk] > 0).map((risk) => `${counts[risk]} ${risk}`);
  return parts.length === 0 ? "no permission change" : parts.join(", ");
}

/** @example failedTitle(failed) // "2 stacks could not be looked at: nothing is told of them." */
export function failedTitle(failed: readonly unknown[]): string {
  return `${plural(failed.length, "stack")} could not be looked at: nothing is told of ${failed.length === 1 ? "it" : "them"}.`;
}

/** @example plural(1, "tenant") // "1 tenant" */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** What the engine calls an operation, as what is to become of the resource. */
const restTitles: Readonly<Record<string, string>> = {
  create: "to create",
  update: "to update",
  delete: "to delete",
  replace: "to replace",
  same: "unchanged",
};

/**
 * One line on the resources that carry no permission change; empty where there are none.
 *
 * @example restInWords({ create: 2, same: 3 }) // "2 to create, 3 unchanged"
 */
export function restInWords(rest: Readonly<Record<string, number>>): string {
  return Object.entries(rest)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([operation, count]) => `${count} ${restTitles[operation] ?? operation}`)
    .join(", ");
}

/** Reviews with the worst first; equal ones stay in the order given. */
export function worstFirst(reviews: readonly StackReview[]): StackReview[] {
  const ranked = reviews.map((review) => ({
    review,
    counts: addCounts([
      countRisks(review.changes),
      countRisks(review.violations.map(({ severity }) => ({ risk: severity }))),
    ]),
  }));
  ranked.sort((a, b) => {
    for (const risk of risks) {
      if (a.counts[risk] !== b.counts[risk]) {
        return b.counts[risk] - a.counts[risk];
      }
    }
    return Number(a.review.complete) - Number(b.review.complete);
  });
  return ranked.map(({ review }) => review);
}

/** Sites that the sources of the risk table are on. */
const sourceHosts = [
  "learn.microsoft.com",
  "developer.hashicorp.com",
  "github.com",
  "www.pulumi.com",
];

/** The address of a page, where it is one that may become a link. */
export function linkOf(source: string | undefined): string | undefined {
  const host = /^https:\/\/([a-z.]+)\/[\w./#%~+-]*$/.exec(source ?? "")?.[1];
  return host !== undefined && sourceHosts.includes(host) ? source : undefined;
}
