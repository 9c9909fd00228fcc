import { types } from "../../policy/rules/resource";

/** Type tokens of the azuread provider that the review has rules for: those of the policies, and more. */
export const azuread = {
  ...types,
  applicationRedirectUris: "azuread:index/applicationRedirectUris:ApplicationRedirectUris",
  applicationIdentifierUri: "azuread:index/applicationIdentifierUri:ApplicationIdentifierUri",
  applicationFallbackPublicClient:
    "azuread:index/applicationFallbackPublicClient:ApplicationFallbackPublicClient",
  provider: "pulumi:providers:azuread",
} as const;

/** Type tokens of this project's components. */
export const components = {
  access: "apponly:index:ExchangeAppOnly",
  certificate: "apponly:index:CertificateCredential",
} as const;

/** Type token of a self-signed certificate. */
export const selfSignedCertificate = types.selfSignedCert;

/** Whether a type is one of the azuread provider's resources. */
export function isAzureadType(type: string): boolean {
  return type.startsWith("azuread:");
}
