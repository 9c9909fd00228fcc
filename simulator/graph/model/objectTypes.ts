import { asText, type Json } from "../../json";
import {
  administrativeUnitType,
  applicationType,
  groupType,
  servicePrincipalType,
} from "./directoryTypes";
import type { EntityType } from "./entityType";
import { directoryRoleType } from "./grantTypes";
import { userType } from "./userType";

/** Types of objects of the directory that are simulated. */
export const typesOfObjects: readonly EntityType[] = [
  userType,
  groupType,
  servicePrincipalType,
  applicationType,
  directoryRoleType,
  administrativeUnitType,
];

/** Objects of any type: what all have, and what the types that are simulated have. */
export const directoryObjectType: EntityType = {
  name: "directoryObject",
  properties: Object.fromEntries(
    typesOfObjects.flatMap(({ properties }) => Object.entries(properties)),
  ),
  filterable: ["id", "displayName", "appId", "userPrincipalName"],
  searchable: ["displayName"],
  advancedQueries: true,
};

/** The type that an object is marked with: `#microsoft.graph.user`. */
export function objectType(odataType: Json | undefined): EntityType {
  const name = asText(odataType).toLowerCase().replace("#microsoft.graph.", "");
  return typesOfObjects.find((type) => type.name.toLowerCase() === name) ?? directoryObjectType;
}
