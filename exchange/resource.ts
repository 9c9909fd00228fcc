import type { Workload } from "../components/catalog/workloads";
import { type AdminSession, CmdletFailure } from "../microsoft/exchange/adminSession";
import { Failure } from "../system/failure";
import { isGuid } from "../system/guid";
import { quotedWord } from "../system/shellWord";
import type { CheckFailure } from "../toolchain/pluginProtocol/check";
import type { Schema } from "../toolchain/pluginProtocol/schema";
import type { ResourceState } from "../toolchain/pluginProtocol/server";
import type { Properties } from "../toolchain/pluginProtocol/values";
import type { GraphRoles } from "./graphRoles";

/** What resources ask and change: both workloads, and Exchange's roles over Microsoft Graph. */
export interface Connections {
  admin(workload: Workload): AdminSession;
  /** Whether whoever connects may run cmdlets of a workload at all, as the token says. */
  mayRun(workload: Workload): Promise<boolean>;
  /** `undefined` where the deployer may not use Microsoft Graph for Exchange's roles. */
  graph(): Promise<GraphRoles | undefined>;
}

/**
 * One kind of object of Exchange's role-based access control. Every operation may be repeated after
 * it was broken off anywhere: it finds what is there already and completes it.
 */
export interface ExchangeResource {
  /** What it is, for people and for the schemas of other languages. */
  readonly description: string;
  readonly schema: Schema;
  /** Descriptions of its properties, for the schemas of other languages. */
  readonly properties: Readonly<Record<string, string>>;
  /** What is wrong with inputs, as far as they are known; nothing is asked. */
  faults(inputs: Properties): CheckFailure[];
  create(connections: Connections, inputs: Properties): Promise<ResourceState>;
  /** The state of what an id names, or `undefined` where it is gone. */
  read(connections: Connections, id: string): Promise<Properties | undefined>;
  /** Default: everything replaces it. */
  update?(
    connections: Connections,
    id: string,
    state: Properties,
    inputs: Properties,
  ): Promise<Properties>;
  /** Removes it; what others use stays. */
  remove(connections: Connections, id: string, state: Properties): Promise<void>;
  /** Whether a change of a property replaces it, where that depends on the rest. */
  replaces?(property: string, state: Properties): boolean;
}

/** An object of the name is there, and this stack has not made it. */
export class ForeignObject extends Failure {
  /** @param id The resource's, by which it is imported. @default its name */
  constructor(kind: keyof typeof tokens, name: string, difference: string, id = name) {
    super(
      `The ${kind} "${name}" exists already and ${difference}, so it was not made by this stack and is left as it is. ` +
        `Choose another name, or take it over: pulumi import exchangeonline:index:${tokens[kind]} NAME ${quotedWord(id)}`,
    );
  }
}

const tokens = {
  "management role": "ManagementRole",
  "management scope": "ManagementScope",
  "role group": "RoleGroup",
} as const;

/** Splits an id into so many parts; the last one takes the rest. */
export function partsOf(id: string, form: string): string[] {
  const count = form.split("/").length;
  const parts = id.split("/");
  if (parts.length < count || parts.some((part) => part === "")) {
    throw new Failure(`"${id}" is not an id of this resource: it has the form ${form}.`);
  }
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join("/")];
}

/** The workload that a text names. */
export function workloadNamed(text: unknown): Workload {
  if (text !== "exchange" && text !== "compliance") {
    throw new Failure(`"${String(text)}" is not a workload. Use exchange or compliance.`);
  }
  return text;
}

/** What is not a workload, a GUID, a name: reasons for `faults`. */
export const refusals = {
  workload: (value: unknown) =>
    value === "exchange" || value === "compliance"
      ? undefined
      : `"${String(value)}" is not a workload. Use exchange or compliance.`,
  guid: (value: unknown) =>
    typeof value === "string" && isGuid(value) ? undefined : `"${String(value)}" is not a GUID.`,
  name: (value: unknown) =>
    typeof value === "string" && value.trim() !== "" && value.length <= 64 && !/[\\*]/.test(value)
      ? undefined
      : `"${String(value)}" is not a name: it has 1 to 64 characters, and neither \\ nor *.`,
} as const;

/** Whether an answer's value is a name or an id: Exchange takes either without regard to case. */
export function sameName(one: unknown, other: string): boolean {
  return String(one).toLowerCase() === other.toLowerCase();
}

/** That it exists already is what was wanted: an answer may have been lost. */
export const ignoreExisting = exceptFor("exists");

/** That it is not there is what was wanted. */
export const ignoreAbsent = exceptFor("absent");

function exceptFor(kind: CmdletFailure["kind"]): (error: unknown) => never[] {
  return (error) => {
    if (error instanceof CmdletFailure && error.kind === kind) {
      return [];
    }
    throw error;
  };
}
