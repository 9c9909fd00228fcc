import type { PermissionChange, ShownValue } from "../documentShape";
import { roleByName } from "../../policy/rules/data/directoryRoles";
import { permissions } from "../../policy/rules/data/permissions";
import {
  isUnknown,
  listOf,
  type Properties,
  propertiesOf,
  textOf,
} from "../../policy/rules/values";
import { riskRules, type RiskRule } from "../risk/rules";
import { knownValue, sameValue, setDifference, textSetOf } from "../values";
import {
  type Classifier,
  finding,
  type ResourceChange,
  findingIfUndecided,
} from "./resourceChange";

/** `ExchangeAppOnly`: what the component says about itself. Its children are judged by themselves. */
export const classifyAccess: Classifier = (change, evidence) => {
  const application = evidence.applicationWithin(change.urn);
  const exceptions = compareExceptions(change, evidence.now);
  // An import keeps nothing of what a component says: the active generation and what is carried
  // cannot be compared. An exception is told of nevertheless.
  return change.operation === "update" && Object.keys(change.before).length === 0
    ? exceptions
    : [
        ...exceptions,
        ...compareActive(change, application),
        ...compareCarried(change, application),
      ];
};

/** Properties that the stack no longer sets, or sets from now on. */
function compareCarried(change: ResourceChange, target: string | undefined): PermissionChange[] {
  const { added, removed } = setDifference(
    textSetOf(change.before.carried).known,
    textSetOf(change.after.carried).known,
  );
  const findings = (names: readonly string[], action: "add" | "remove", rule: RiskRule) =>
    names.map((name) =>
      finding(rule, change, { kind: "exception", action, subject: `carried ${name}`, target }),
    );
  return [
    ...findings(added, "add", riskRules.carriedAdded),
    ...findings(removed, "remove", riskRules.carriedRemoved),
  ];
}

interface Exception {
  readonly what: string;
  readonly shown: ShownValue;
  readonly until: string | undefined;
}

function exceptionsOf(value: unknown): Map<string, Exception> {
  return new Map(
    listOf(value).map((one): [string, Exception] => {
      const { role, permission, reason, until } = propertiesOf(one);
      const what = textOf(role) ?? textOf(permission) ?? "an exception";
      const day = textOf(until);
      const why = textOf(reason) ?? "no reason given";
      return [
        what,
        { what, shown: knownValue(`until ${day ?? "no day given"}: ${why}`), until: day },
      ];
    }),
  );
}

function compareExceptions(change: ResourceChange, now: Date): PermissionChange[] {
  const before = exceptionsOf(change.before.exceptions);
  const after = exceptionsOf(change.after.exceptions);
  const kind = "exception";
  const set = [...after.values()].flatMap((exception) => {
    const earlier = before.get(exception.what);
    if (earlier !== undefined && sameValue(earlier.shown, exception.shown)) {
      return [];
    }
    const rule = isKnown(exception.what) ? riskRules.exceptionAdded : riskRules.exceptionUnknown;
    const passed = exception.until !== undefined && hasPassed(exception.until, now);
    return [
      finding(rule, change, {
        kind,
        action: earlier === undefined ? "add" : "change",
        subject: exception.what,
        ...(earlier === undefined ? {} : { before: earlier.shown }),
        after: exception.shown,
        ...(passed ? { reason: `${rule.reason} Its day has passed.` } : {}),
      }),
    ];
  });
  const removed = [...before.values()]
    .filter(({ what }) => !after.has(what))
    .map(({ what, shown }) =>
      finding(riskRules.exceptionRemoved, change, {
        kind,
        action: "remove",
        subject: what,
        before: shown,
      }),
    );
  const isUndecided = isUnknown(change.after.exceptions);
  return [
    ...set,
    ...(isUndecided ? [] : removed),
    ...findingIfUndecided(isUndecided, riskRules.exceptionUnknown, change, {
      kind,
      subject: "exceptions known after the update",
    }),
  ];
}

function isKnown(what: string): boolean {
  return roleByName(what) !== undefined || permissions.some(({ value }) => value === what);
}

/** An exception holds to the end of its day, UTC. */
function hasPassed(until: string, now: Date): boolean {
  const end = Date.parse(`${until}T23:59:59Z`);
  return !Number.isNaN(end) && end < now.getTime();
}

function compareActive(
  change: ResourceChange,
  application: string | undefined,
): PermissionChange[] {
  const nameIn = (inputs: Properties) => textOf(inputs.activeCertificate);
  const [before, after] = [nameIn(change.before), nameIn(change.after)];
  if (change.operation !== "update" || before === after || after === undefined) {
    return [];
  }
  return [
    finding(riskRules.certificateActive, change, {
      kind: "certificate",
      action: "change",
      subject: "active generation",
      target: application ?? change.resource.name,
      ...(before === undefined ? {} : { before: knownValue(before) }),
      after: knownValue(after),
    }),
  ];
}
