// Loads a program as the Node.js runtime of an installed Pulumi CLI does: with the loader of TypeScript
// that the SDK brings and the compiler options of the file that Pulumi.yaml names, or, behind the
// program's file, "plain", where Pulumi.yaml wants none.
// See https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/run/run.ts
const { join } = require("node:path");
const tsutils = require("@pulumi/pulumi/tsutils");

const root = join(__dirname, "../..");
const project = join(root, "tsconfig.run.json");
process.chdir(root);
const [file, plain] = process.argv.slice(2);
if (plain === undefined) registerTypeScript();
const loaded = require(file);
process.stdout.write(`${typeof loaded} ${Object.keys(loaded).join(",")}\n`);

function registerTypeScript() {
  const compilerOptions = tsutils.loadTypeScriptCompilerOptions(project);
  const { tsnodeRequire, typescriptRequire } = tsutils.typeScriptRequireStrings();
  require(tsnodeRequire).register({
    compiler: typescriptRequire,
    transpileOnly: compilerOptions.noCheck,
    project,
    skipProject: false,
    compilerOptions: {
      target: "ES2020",
      module: "nodenext",
      moduleResolution: "nodenext",
      sourceMap: "true",
      ...compilerOptions,
    },
  });
}
