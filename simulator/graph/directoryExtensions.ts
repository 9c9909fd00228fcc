import { graphDate } from "../clock";
import { asText, type Json } from "../json";
import type { KeptPolicyRecord } from "../state/entities";
import type { Tenant } from "../state/tenants";
import { type EntityType, type Kind, propertiesByKind, resourceName } from "./model/entityType";
import { directoryObjectType } from "./model/objectTypes";

/** A property that an application defines for objects of the directory. */
export const extensionPropertyType: EntityType = {
  name: "extensionProperty",
  ...propertiesByKind({
    text: ["appDisplayName readOnly", "dataType required", "id filterable", "name required"],
    boolean: ["isMultiValued", "isSyncedFromOnPremises filterable readOnly"],
    date: ["deletedDateTime readOnly"],
    texts: ["targetObjects required"],
  }),
};

/** How filters see the values of a type, and what is kept of one; undefined: it is none. */
interface DataType {
  readonly kind: Kind;
  readonly kept: (value: Json) => Json | undefined;
}

/** @see https://learn.microsoft.com/graph/api/resources/extensionproperty#properties */
export const extensionDataTypes: Readonly<Record<string, DataType>> = {
  Binary: {
    kind: "text",
    kept: (value) =>
      textUpTo(350, value, /^[A-Za-z0-9+/]*={0,2}$/) && Buffer.from(value, "base64").length <= 256
        ? value
        : undefined,
  },
  Boolean: { kind: "boolean", kept: (value) => (typeof value === "boolean" ? value : undefined) },
  DateTime: {
    kind: "date",
    kept: (value) =>
      textUpTo(40, value, /^\d{4}-\d\d-\d\d(T|$)/) && !Number.isNaN(Date.parse(value))
        ? graphDate(new Date(value))
        : undefined,
  },
  Integer: { kind: "number", kept: (value) => wholeBelow(2 ** 31, value) },
  LargeInteger: { kind: "number", kept: (value) => wholeBelow(2 ** 63, value) },
  String: { kind: "text", kept: (value) => (textUpTo(256, value, /^/) ? value : undefined) },
};

function textUpTo(length: number, value: Json, form: RegExp): value is string {
  return typeof value === "string" && value.length <= length && form.test(value);
}

function wholeBelow(limit: number, value: Json): Json | undefined {
  const isWhole = Number.isInteger(value) && Number(value) >= -limit && Number(value) < limit;
  return isWhole ? value : undefined;
}

/** How many values one object can have, of all applications. */
export const mostExtensionValues = 100;

/** `extension_{appId without hyphens}_{name}`. */
export function isExtensionName(name: string): boolean {
  return /^extension_[0-9a-f]{32}_\w+$/i.test(name);
}

/** The application that defines an extension, by the extension's name. */
export function appIdIn(name: string): string {
  return name
    .toLowerCase()
    .replace(/^extension_(.{8})(.{4})(.{4})(.{4})(.{12})_.*$/, "$1-$2-$3-$4-$5");
}

/** Names of extensions in a text: in a query, for example. */
export function extensionNamesIn(text: string): string[] {
  return text.match(/\bextension_[0-9a-f]{32}_\w+/gi) ?? [];
}

/**
 * A type with those of the named extensions that a tenant's objects of it can have: their
 * application has a service principal there, and still defines them.
 *
 * @see https://learn.microsoft.com/graph/extensibility-overview#directory-microsoft-entra-id-extensions
 */
export function withExtensions(
  type: EntityType,
  tenant: Tenant,
  names: readonly string[],
): EntityType {
  const target = type.name === directoryObjectType.name ? undefined : resourceName(type);
  const rows = [...new Set(names.filter(isExtensionName))].flatMap((written) => {
    const { properties } = definitionOf(tenant, written) ?? {};
    const targets = properties?.["targetObjects"];
    const dataType = extensionDataTypes[asText(properties?.["dataType"])];
    const isMeant = Array.isArray(targets) && (target === undefined || targets.includes(target));
    return properties === undefined || dataType === undefined || !isMeant
      ? []
      : [
          {
            name: asText(properties["name"]),
            dataType,
            many: properties["isMultiValued"] === true,
          },
        ];
  });
  return rows.length === 0
    ? type
    : {
        ...type,
        properties: {
          ...type.properties,
          ...Object.fromEntries(
            rows.map(({ name, dataType: { kind }, many }) => [name, many ? listKind(kind) : kind]),
          ),
        },
        filterable: [...type.filterable, ...rows.map(({ name }) => name)],
        kept: Object.fromEntries(
          rows.map(({ name, dataType, many }) => [name, many ? listOf(dataType) : dataType.kept]),
        ),
      };
}

function listKind(kind: Kind): Kind {
  return kind === "text" ? "texts" : "objects";
}

function listOf({ kept }: DataType): DataType["kept"] {
  return (value) => {
    const items = Array.isArray(value) ? value.map(kept) : [undefined];
    return items.every((item) => item !== undefined) ? items : undefined;
  };
}

function definitionOf(tenant: Tenant, written: string): KeptPolicyRecord | undefined {
  const name = written.toLowerCase();
  const appId = appIdIn(name);
  return tenant.state.servicePrincipalOf(appId) === undefined
    ? undefined
    : definedBy(tenant, appId).find(
        ({ properties }) => asText(properties["name"]).toLowerCase() === name,
      );
}

/** What is defined by the applications that have a service principal in a tenant, other tenants' too. */
export function availableExtensions(tenant: Tenant): KeptPolicyRecord[] {
  return tenant.state.servicePrincipals.all().flatMap(({ appId }) => definedBy(tenant, appId));
}

/** What an application defines. */
export function definedBy(tenant: Tenant, appId: string): KeptPolicyRecord[] {
  const { home, application } = tenant.registrationFor(appId) ?? {};
  return home === undefined || application === undefined
    ? []
    : home.state.keptPolicies
        .findBy("type", extensionPropertyType.name)
        .filter(({ assignedTo }) => assignedTo.includes(application.id));
}
