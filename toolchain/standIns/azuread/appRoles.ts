import type { Properties } from "../protocol/values";
import type { Json } from "./graph";

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** App roles as properties. */
export function appRoles(value: unknown): Properties[] {
  return list(value).map((role) => ({
    allowedMemberTypes: role.allowedMemberTypes ?? [],
    description: role.description ?? "",
    displayName: role.displayName ?? "",
    enabled: role.isEnabled ?? false,
    id: role.id ?? "",
    value: role.value ?? "",
  }));
}

/** Permission scopes as properties. */
export function permissionScopes(value: unknown): Properties[] {
  return list(value).map((scope) => ({
    adminConsentDescription: scope.adminConsentDescription ?? "",
    adminConsentDisplayName: scope.adminConsentDisplayName ?? "",
    enabled: scope.isEnabled ?? false,
    id: scope.id ?? "",
    type: scope.type ?? "",
    userConsentDescription: scope.userConsentDescription ?? "",
    userConsentDisplayName: scope.userConsentDisplayName ?? "",
    value: scope.value ?? "",
  }));
}

/** Ids of roles or scopes by their value. */
export function idsByValue(value: unknown): Properties {
  return Object.fromEntries(
    list(value)
      .filter((one) => typeof one.value === "string" && one.value !== "")
      .map((one) => [one.value as string, one.id]),
  );
}

const tags = {
  customSingleSignOn: "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
  enterprise: "WindowsAzureActiveDirectoryIntegratedApp",
  gallery: "WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1",
  hide: "HideApp",
} as const;

/** The features that tags stand for. */
export function featureTags(value: unknown): Properties[] {
  const present = new Set(Array.isArray(value) ? (value as unknown[]) : []);
  return [
    Object.fromEntries(Object.entries(tags).map(([feature, tag]) => [feature, present.has(tag)])),
  ];
}

/** The same under the names of the deprecated block of service principals. */
export function features(value: unknown): Properties[] {
  const [found = {}] = featureTags(value);
  return [
    {
      customSingleSignOnApp: found.customSingleSignOn,
      enterpriseApplication: found.enterprise,
      galleryApplication: found.gallery,
      visibleToUsers: found.hide !== true,
    },
  ];
}

/** Tags that a block of features stands for. */
export function tagsOf(block: Properties | undefined): string[] {
  return Object.entries(tags)
    .filter(([feature]) => block?.[feature] === true)
    .map(([, tag]) => tag);
}
