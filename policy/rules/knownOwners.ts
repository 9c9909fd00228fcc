import { type CommonSettings, settingsOf } from "./exemptions";
import { types } from "./types";
import { type Rule, violationOf, violationUnless } from "./rule";
import type { ViewedResource } from "./stackView";
import { elementsOf, textOf } from "./values";

/** Settings of {@link knownOwners}. */
export interface OwnerSettings extends CommonSettings {
  /** Object ids of those who may own applications; `undefined` for anybody who can be seen. */
  readonly allowedOwners?: readonly string[];
}

/** Every owner of an application or service principal is known: owners can add credentials. */
export const knownOwners: Rule<OwnerSettings> = {
  name: "entra-owner-disallow-unknown",
  displayName: "Owners are known",
  description:
    "Every owner of an application or a service principal is written out as an object id and, where a list is configured, is on it.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove the owner, write its object id out, or have it added to allowedOwners in the policy's configuration. The deployer is an owner and belongs on that list.",
  url: "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
  settings: settingsOf({
    allowedOwners: {
      type: "array",
      description:
        "Object ids of those who may own applications, the deployer included. Without it, every owner whose id can be seen at preview is accepted.",
      items: { type: "string", minLength: 36 },
    },
  }),
  judgeResource: (resource, { settings }) =>
    ownersOf(resource).flatMap((owner) => {
      const id = textOf(owner);
      if (id === undefined) {
        return [
          violationOf(resource, "An owner cannot be seen at preview. Write its object id out."),
        ];
      }
      if (!guidPattern.test(id)) {
        return [violationOf(resource, `The owner ${id} is not an object id.`)];
      }
      const { allowedOwners = [id] } = settings;
      const allowed = allowedOwners.some((one) => one.toLowerCase() === id.toLowerCase());
      const message = `The owner ${id} is not among the allowed owners.`;
      return violationUnless(allowed, resource, message);
    }),
};

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function ownersOf({ type, inputs }: ViewedResource): readonly unknown[] {
  switch (type) {
    case types.application:
    case types.servicePrincipal:
      return elementsOf(inputs.owners);
    case types.applicationOwner:
      return [inputs.ownerObjectId];
    default:
      return [];
  }
}
