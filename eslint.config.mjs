import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

const defaultExport = {
  selector: "ExportDefaultDeclaration",
  message: "Export it by its name.",
};

/** What is told the time and its surroundings does not look for them. */
const surroundings = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: "Take the time." },
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: "Take the time.",
  },
  { selector: "Identifier[name='process']", message: "Take what you need of the process." },
];

export default tseslint.config(
  {
    ignores: [
      "node_modules/",
      "policy/node_modules/",
      ".apponly/",
      "coverage/",
      "dist/",
      "tests/fixtures/",
      "site/",
    ],
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { "@pulumi": pulumi },
    languageOptions: {
      parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "no-restricted-syntax": ["error", defaultExport],
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
    files: ["components/**/*.ts", "policy/rules/**/*.ts"],
    // A component that is used by itself has nobody to tell it the time.
    ignores: ["components/resolve.ts"],
    rules: { "no-restricted-syntax": ["error", defaultExport, ...surroundings] },
  },
  {
    // A plugin is a process of its own.
    files: [
      "cli/**/*.ts",
      "tests/**/*.ts",
      "benchmarks/**/*.ts",
      "toolchain/standIns/**/*.ts",
      "toolchain/pluginProtocol/**/*.ts",
    ],
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
      "max-lines": "off",
    },
  },
);
