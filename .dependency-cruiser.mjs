/**
 * Who may import whom, as docs/architecture.md draws it. A folder that is not named here may import
 * nothing of the project, so that a new one is given its place.
 *
 * @see https://github.com/sverweij/dependency-cruiser/blob/main/doc/rules-reference.md
 */

const model = ["components/catalog", "policy/rules", "system"];
const files = ["components/material", "components/pkcs12", ...model];

/** Each folder or file, with what it may import of the project besides itself. */
const mayImport = {
  system: [],
  "policy/rules": [],
  policy: ["policy/rules"],
  "components/catalog": ["policy/rules", "system"],
  "components/material": ["system"],
  "components/pkcs12": ["components/material", "system"],
  components: ["components/exchangeOnline", ...files],
  "components/exchangeOnline": model,
  microsoft: files,
  review: ["components/names.ts", ...model],
  access: ["components", "microsoft", ...files],
  fleet: ["review", ...model],
  audit: ["microsoft", "review", ...model],
  forge: ["access", "components", "microsoft", "review", ...files],
  "index.ts": ["access", "components", "components/exchangeOnline", "microsoft", ...files],
  toolchain: ["system", "toolchain/standIns"],
  "toolchain/pluginProtocol": ["system"],
  "toolchain/standIns": ["toolchain/pluginProtocol", "system"],
  exchange: [
    "components/exchangeOnline",
    "components/names.ts",
    "microsoft",
    "toolchain/pluginProtocol",
    ...files,
  ],
  plugin: ["cli/rejections.ts", "components"],
  operations: [
    "access",
    "components",
    "exchange",
    "index.ts",
    "microsoft",
    "review",
    "toolchain",
    ...files,
  ],
  simulator: [],
  cli: [
    "access",
    "audit",
    "exchange",
    "components",
    "fleet",
    "forge",
    "index.ts",
    "microsoft",
    "operations",
    "policy",
    "review",
    "simulator",
    "toolchain",
    "toolchain/standIns",
    ...files,
  ],
  examples: ["access", "components"],
};

/** These prove, measure or start the rest, and import whatever they need. */
const free = ["tests", "policy/tests", "benchmarks", "bin", "docs"];

/** Where an `index.ts` re-exports, because it is what a package publishes. */
const published = ["components/index.ts", "policy/index.ts"];

const places = [...Object.keys(mayImport), ...free];
const path = (place) => place.replaceAll(".", "\\.") + (place.endsWith(".ts") ? "$" : "/");
const inside = (place) => `^${path(place)}`;

/** What lies in a place, and in none of the places within it. */
const itself = (place) => {
  const inner = places.filter((one) => one.startsWith(`${place}/`)).map(path);
  return inner.length === 0 ? inside(place) : `^(?!${inner.join("|")})${path(place)}`;
};

const arrows = Object.entries(mayImport).map(([place, others]) => ({
  name: `imports-of-${place}`,
  comment: `Of the project, ${place} imports ${others.join(", ") || "nothing but itself"}.`,
  severity: "error",
  from: { path: itself(place) },
  to: { dependencyTypes: ["local"], pathNot: [place, ...others].map(itself) },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...arrows,
    {
      name: "folder-without-a-place",
      comment: "Name the folder, and what it may import, in .dependency-cruiser.mjs.",
      severity: "error",
      from: { path: "\\.ts$", pathNot: places.map(inside) },
      to: {},
    },
    {
      name: "system-is-only-node",
      comment: "What every folder stands on needs no package.",
      severity: "error",
      from: { path: "^system/" },
      to: { dependencyTypesNot: ["local", "core"] },
    },
    {
      name: "components-read-nothing",
      comment: "Components are told; they read no file, network, process or machine.",
      severity: "error",
      from: { path: "^(components|policy/rules)/" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?(async_hooks|crypto|util)$" },
    },
    {
      name: "no-cycle",
      comment: "Imports of types count. What two files need of each other belongs in a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-barrel",
      comment: "Only what is published re-exports. Import the file that declares the thing.",
      severity: "error",
      from: { pathNot: published.map(inside) },
      to: { dependencyTypes: ["export"] },
    },
    {
      name: "no-import-through-a-barrel",
      comment: "Inside the project, import the file that declares the thing.",
      severity: "error",
      from: { pathNot: [...published.map(inside), "^examples/"] },
      to: { path: published.map(inside) },
    },
    {
      name: "no-undeclared-package",
      comment: "Declare the package in the package.json of the folder, and of what is published.",
      severity: "error",
      from: { pathNot: "^policy/tests/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown", "undetermined"] },
    },
    {
      name: "no-development-package",
      comment: "What is installed without development dependencies must run.",
      severity: "error",
      from: { path: "\\.ts$", pathNot: free.map(inside) },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    // Imports of types too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: {
      path: [
        "^tests/fixtures/",
        "^\\.apponly/",
        "^coverage/",
        "^dist/",
        // These are packages of their own.
        "^template/",
        "^plugin/installed/",
        "^site/",
      ],
    },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "types"],
      mainFields: ["module", "main", "types"],
    },
  },
};
