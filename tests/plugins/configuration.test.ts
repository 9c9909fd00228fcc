/** What the azuread stand-in is configured with, and that it talks to nothing but this machine. */
import {
  credentialsFrom,
  discoverEndpoints,
  requireLoopback,
} from "../../toolchain/standIns/azuread/configuration";

const environment = {
  ARM_TENANT_ID: "t",
  ARM_CLIENT_ID: "c",
  ARM_CLIENT_SECRET: "a secret",
  ARM_METADATA_HOSTNAME: "127.0.0.1:8443",
};

test("the stack's configuration comes before the environment", () => {
  expect(credentialsFrom({ tenantId: "configured" }, environment)).toEqual({
    tenantId: "configured",
    clientId: "c",
    clientSecret: "a secret",
    metadataHost: "127.0.0.1:8443",
  });
});

test.each([
  ["ARM_TENANT_ID", "azuread:tenantId is missing."],
  ["ARM_CLIENT_ID", "azuread:clientId is missing."],
  ["ARM_METADATA_HOSTNAME", "azuread:metadataHost is missing."],
  ["ARM_CLIENT_SECRET", "No way to sign in is configured that the stand-in knows."],
])("without %s the error names key and remedy, and no secret", (variable, message) => {
  expect(() => credentialsFrom({}, { ...environment, [variable]: undefined })).toThrow(message);
  expect(() => credentialsFrom({}, { ...environment, [variable]: undefined })).not.toThrow(
    "a secret",
  );
});

test("a token of another issuer counts only with the provider's own switch", () => {
  const { ARM_CLIENT_SECRET: _, ...others } = environment;
  const token = { ...others, ARM_OIDC_TOKEN: "a token" };
  expect(() => credentialsFrom({}, token)).toThrow("ARM_USE_OIDC=true");
  expect(credentialsFrom({}, { ...token, ARM_USE_OIDC: "true" })).toMatchObject({
    oidcToken: "a token",
  });
  expect(credentialsFrom({ useOidc: true }, token)).toMatchObject({ oidcToken: "a token" });
});

test.each([
  "https://graph.microsoft.com",
  "http://10.0.0.1",
  "https://127.0.0.1.example.com",
  "graph",
  "",
])("%s is refused", (url) => {
  expect(() => requireLoopback("microsoftGraphResourceId", url)).toThrow("is not on this machine");
});

test.each(["http://127.0.0.1:1", "https://localhost:1", "http://[::1]:1"])(
  "%s is accepted",
  (url) => {
    expect(() => requireLoopback("microsoftGraphResourceId", url)).not.toThrow();
  },
);

test("a metadata host elsewhere is refused before it is asked", async () => {
  await expect(discoverEndpoints("management.azure.com", {})).rejects.toThrow(
    'metadataHost "https://management.azure.com/metadata/endpoints?api-version=2022-09-01" is not on this machine',
  );
});
