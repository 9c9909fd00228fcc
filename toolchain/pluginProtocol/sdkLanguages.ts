/**
 * What a package's schema says of the SDKs that are generated from it.
 *
 * @see https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/
 */
export function sdkLanguages(packageName: string) {
  return {
    csharp: { respectSchemaVersion: true },
    go: {
      importBasePath: `github.com/apponly/apponly/sdk/go/${packageName}`,
      respectSchemaVersion: true,
    },
    java: {},
    nodejs: { respectSchemaVersion: true },
    python: { pyproject: { enabled: true }, respectSchemaVersion: true },
  };
}
