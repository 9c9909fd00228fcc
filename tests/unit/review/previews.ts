import { readEvents } from "../../../review/input/engineEvents";
import type { Preview } from "../../../review/input/preview";

/** What the engine writes for a string that is only known after the update. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What the engine writes for a list that is only known after the update. */
export const unknownList = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";

/** A secret as engine events have it. */
export const maskedSecret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};

export const exchangeOnline = "00000002-0000-0ff1-ce00-000000000000";
export const manageAsApp = "dc50a0fb-09a3-484d-be87-e023b12c6440";
export const microsoftGraph = "00000003-0000-0000-c000-000000000000";
export const applicationId = "/applications/11111111-1111-4111-8111-111111111111";
export const principalObjectId = "22222222-2222-4222-8222-222222222222";

/** Properties of one side of a resource. */
export interface SideOf {
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly id?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly delete?: boolean;
}

/** One resource of a preview. */
export interface ResourceOf {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  readonly parent?: string;
  readonly old?: SideOf;
  readonly new?: SideOf;
  readonly diffs?: readonly string[];
  readonly keys?: readonly string[];
}

/** Type tokens by their short names. */
export const azuread = (name: string) =>
  `azuread:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;

/** URN of a resource; every test is about the stack `dev` of the project `apponly`. */
export const urnOf = (type: string, name: string) => `urn:pulumi:dev::apponly::${type}::${name}`;

export const stackUrn = urnOf("pulumi:pulumi:Stack", "apponly-dev");

/** The engine's event for a resource, as a preview sends it. */
export function eventOf(resource: ResourceOf, kind = "resOutputsEvent"): unknown {
  const { op, type, name, parent = stackUrn, diffs, keys } = resource;
  const urn = urnOf(type, name);
  const side = (one: SideOf | undefined) =>
    one === undefined
      ? null
      : { type, urn, id: "", parent, inputs: {}, outputs: {}, provider: "", ...one };
  return {
    sequence: 0,
    timestamp: 0,
    [kind]: {
      metadata: {
        op,
        urn,
        type,
        old: side(resource.old),
        new: side(resource.new),
        ...(diffs === undefined ? {} : { diffs }),
        ...(keys === undefined ? {} : { keys }),
        detailedDiff: null,
        provider: "",
      },
      planning: true,
    },
  };
}

/** The engine's last event. */
export const summaryEvent = (parts: Record<string, unknown> = {}) => ({
  sequence: 0,
  timestamp: 0,
  summaryEvent: { maybeCorrupt: false, durationSeconds: 1, resourceChanges: {}, ...parts },
});

/** A whole preview out of resources, read through engine events. */
export function previewOf(...resources: readonly ResourceOf[]): Preview {
  return readEvents([...resources.map((one) => eventOf(one)), summaryEvent()]);
}

/** An application that the stack has already. */
export const application = (parts: Partial<ResourceOf> = {}): ResourceOf => {
  const side: SideOf = {
    id: applicationId,
    inputs: { displayName: "ExO PowerShell CBA" },
    outputs: { clientId: "33333333-3333-4333-8333-333333333333" },
  };
  return { op: "same", type: azuread("Application"), name: "app", old: side, new: side, ...parts };
};

/** An update of the application's inputs. */
export const applicationUpdate = (
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  diffs: readonly string[] = [],
): ResourceOf =>
  application({
    op: "update",
    old: { id: applicationId, inputs: { displayName: "ExO PowerShell CBA", ...before } },
    new: { id: applicationId, inputs: { displayName: "ExO PowerShell CBA", ...after } },
    diffs,
  });

/** `requiredResourceAccesses` of one resource. */
export const access = (resourceAppId: string, ...ids: readonly string[]) => ({
  resourceAppId,
  resourceAccesses: ids.map((id) => ({ id, type: "Role" })),
});
