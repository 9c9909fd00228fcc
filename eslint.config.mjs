import pulumi from "@pulumi/eslint-plugin";
import importX, { createNodeResolver } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** Who may import whom, as docs/architecture.md draws it: each folder with the folders it must not reach. */
const boundaries = [
  {
    target: "./components",
    from: [
      "./access",
      "./microsoft",
      "./cli",
      "./index.ts",
      "./operations",
      "./review",
      "./simulator",
      "./toolchain",
      "./policy",
    ],
  },
  { target: "./components/catalog", from: ["./components/!(catalog)/**/*", "./components/*.ts"] },
  {
    target: "./review",
    from: [
      "./access",
      "./microsoft",
      "./cli",
      "./index.ts",
      "./operations",
      "./simulator",
      "./toolchain",
      "./components/!(catalog)/**/*",
      "./components/*.ts",
      "./policy/!(rules)/**/*",
      "./policy/*.ts",
    ],
  },
  {
    // Published, the pack is its own folder alone.
    target: "./policy",
    from: [
      "./access",
      "./microsoft",
      "./cli",
      "./components",
      "./index.ts",
      "./operations",
      "./review",
      "./simulator",
      "./toolchain",
    ],
  },
  { target: "./policy/rules", from: ["./policy/!(rules)/**/*", "./policy/*.ts"] },
  {
    target: "./access",
    from: [
      "./cli",
      "./index.ts",
      "./operations",
      "./review",
      "./simulator",
      "./toolchain",
      "./policy",
    ],
  },
  {
    target: "./microsoft",
    from: [
      "./access",
      "./cli",
      "./index.ts",
      "./operations",
      "./review",
      "./simulator",
      "./toolchain",
      "./policy",
    ],
  },
  { target: "./operations", from: ["./cli", "./index.ts", "./simulator"] },
  {
    target: "./simulator",
    from: [
      "./access",
      "./microsoft",
      "./cli",
      "./components",
      "./index.ts",
      "./operations",
      "./review",
      "./toolchain",
      "./policy",
    ],
  },
  {
    target: "./toolchain",
    from: [
      "./access",
      "./microsoft",
      "./cli",
      "./components",
      "./index.ts",
      "./operations",
      "./review",
      "./simulator",
      "./policy",
    ],
  },
  {
    target: "./forge",
    from: [
      "./access",
      "./microsoft",
      "./cli",
      "./components",
      "./index.ts",
      "./operations",
      "./policy",
      "./simulator",
      "./toolchain",
    ],
  },
  ...[
    "access",
    "components",
    "microsoft",
    "operations",
    "policy",
    "review",
    "simulator",
    "toolchain",
  ].map((folder) => ({ target: `./${folder}`, from: ["./forge"] })),
  {
    target: "./index.ts",
    from: ["./cli", "./operations", "./review", "./simulator", "./toolchain"],
  },
];

export default tseslint.config(
  {
    ignores: ["node_modules/", "policy/node_modules/", ".apponly/", "coverage/", "tests/fixtures/"],
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { "@pulumi": pulumi, "import-x": importX },
    // Without a resolver that knows TypeScript, an import leads nowhere and every arrow passes.
    settings: { "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".js"] })] },
    languageOptions: {
      parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "import-x/no-default-export": "error",
      "import-x/no-restricted-paths": [
        "error",
        {
          basePath: import.meta.dirname,
          zones: boundaries.flatMap(({ target, from }) =>
            from.map((one) => ({ target, from: one })),
          ),
        },
      ],
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        { object: "process", property: "exit", message: "Only cli exits." },
      ],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
    },
  },
  {
    files: ["cli/**/*.ts", "tests/**/*.ts", "benchmarks/**/*.ts", "toolchain/standIns/**/*.ts"],
    rules: { "no-restricted-properties": "off" },
  },
  {
    // Hooks of test runners and HTTP frameworks are async by contract, and fixtures are loosely typed JSON.
    files: ["tests/**/*.ts", "policy/tests/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/require-await": "off",
      "import-x/no-restricted-paths": "off",
      "max-lines": "off",
    },
  },
);
