import { refuseOtherThanUuid } from "../../pluginProtocol/schema";
import { items, type Properties, text, texts } from "../../pluginProtocol/values";
import type { Field, Fields } from "./fields";

/** App roles, which applications declare and service principals show. */
export const appRoleFields: Fields = {
  allowedMemberTypes: { type: "set", required: true, graph: "allowedMemberTypes" },
  description: { type: "text", required: true, graph: "description" },
  displayName: { type: "text", required: true, graph: "displayName" },
  enabled: { type: "flag", default: true, graph: "isEnabled" },
  id: { type: "text", required: true, refuse: refuseOtherThanUuid, graph: "id" },
  value: { type: "text", graph: "value" },
};

/** Permission scopes, which applications declare and service principals show. */
export const permissionScopeFields: Fields = {
  adminConsentDescription: { type: "text", graph: "adminConsentDescription" },
  adminConsentDisplayName: { type: "text", graph: "adminConsentDisplayName" },
  enabled: { type: "flag", default: true, graph: "isEnabled" },
  id: { type: "text", required: true, refuse: refuseOtherThanUuid, graph: "id" },
  type: { type: "text", default: "User", graph: "type" },
  userConsentDescription: { type: "text", graph: "userConsentDescription" },
  userConsentDisplayName: { type: "text", graph: "userConsentDisplayName" },
  value: { type: "text", graph: "value" },
};

/** Ids of roles or scopes by their value. */
export function idsByValueAt(graph: string): Field {
  return {
    type: "map",
    outputOnly: true,
    graph,
    fromGraph: (value) =>
      Object.fromEntries(
        items({ value }, "value")
          .filter((one) => text(one, "value") !== "")
          .map((one) => [text(one, "value"), one.id]),
      ),
  };
}

const featureOf = {
  customSingleSignOn: "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
  enterprise: "WindowsAzureActiveDirectoryIntegratedApp",
  gallery: "WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1",
  hide: "HideApp",
} as const;

type Feature = keyof typeof featureOf;

/** The features that tags stand for; they are sent as tags. */
export function featuresAt(
  names: Readonly<Record<Feature, string>>,
  shown: (feature: Feature, tagged: boolean) => boolean = (_, tagged) => tagged,
): Field {
  const features = Object.keys(featureOf) as Feature[];
  return {
    type: "list",
    computed: true,
    receivedOnly: true,
    fields: Object.fromEntries(features.map((one) => [names[one], { type: "flag" as const }])),
    graph: "tags",
    fromGraph: (value) => {
      const tags = texts({ value }, "value");
      return [
        Object.fromEntries(
          features.map((one) => [names[one], shown(one, tags.includes(featureOf[one]))]),
        ),
      ];
    },
  };
}

export const featureTags = featuresAt({
  customSingleSignOn: "customSingleSignOn",
  enterprise: "enterprise",
  gallery: "gallery",
  hide: "hide",
});

/** Tags as they are sent: those that features stand for, where features are given. */
export function tagsOf(inputs: Properties): string[] {
  const [block] = items(inputs, "featureTags");
  return Array.isArray(inputs.featureTags)
    ? Object.entries(featureOf)
        .filter(([feature]) => block?.[feature] === true)
        .map(([, tag]) => tag)
    : texts(inputs, "tags");
}
