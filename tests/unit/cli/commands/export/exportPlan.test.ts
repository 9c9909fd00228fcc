/** The command line of an export, before anything is asked or written. */
import {
  type ExportOptions,
  type ExportSurroundings,
  readExportPlan,
} from "../../../../../cli/commands/export/exportPlan";
import { maskingCommands } from "../../../../../cli/commands/export/masking";

const read = (args: Partial<ExportOptions>, surroundings: Partial<ExportSurroundings> = {}) =>
  readExportPlan(
    { stack: "dev", format: "json", ...args },
    { environment: {}, toTerminal: false, ...surroundings },
  );

const inActions = { environment: { GITHUB_ACTIONS: "true" } };
const inPipelines = { environment: { TF_BUILD: "True" } };

test.each<[string, Partial<ExportOptions>, Partial<ExportSurroundings>, RegExp]>([
  ["pem without a file", { format: "pem" }, {}, /--format pem .* only to a file/],
  ["pfx without a file", { format: "pfx" }, {}, /only to a file\. Name it with --out PATH/],
  [
    "secrets on a terminal",
    { includeSecrets: true },
    { toTerminal: true },
    /to the terminal\. .*--out/,
  ],
  [
    "secrets in a log of Actions",
    { includeSecrets: true },
    inActions,
    /to the log of the job\. .*--out/,
  ],
  ["secrets in a log of Pipelines", { includeSecrets: true }, inPipelines, /to the log of the job/],
  ["azure-devops outside a pipeline", { format: "azure-devops" }, {}, /TF_BUILD is not set.*--out/],
  ["azure-devops in Actions", { format: "azure-devops" }, inActions, /this is not a pipeline/],
  ["bytes on a terminal", { format: "cer" }, { toTerminal: true }, /--out PATH or --encoding pem/],
  ["--force without --out", { force: true }, {}, /there is no --out/],
  ["--password-out for env", { format: "env", passwordOut: "a" }, {}, /--password-out .* pfx/],
  ["an empty --out", { out: " " }, {}, /--out is empty/],
  ["github without a repository", { format: "github" }, {}, /needs --repository OWNER\/NAME/],
  ["key-vault without a vault", { format: "key-vault" }, {}, /needs --vault/],
  [
    "--out for github",
    { format: "github", out: "a" },
    {},
    /--out has no meaning for --format github/,
  ],
  [
    "--include-secrets for cer",
    { format: "cer", includeSecrets: true },
    {},
    /--include-secrets has no meaning/,
  ],
  ["--method for json", { method: "pfx-file" }, {}, /--method .* belongs to powershell/],
  ["--vault for env", { format: "env", vault: "x" }, {}, /--vault .* belongs to key-vault/],
  [
    "--output-variables for env",
    { format: "env", outputVariables: true },
    {},
    /--output-variables/,
  ],
])("%s is refused", (_, args, surroundings, message) => {
  expect(() => read(args, surroundings)).toThrow(message);
});

test("documents without secrets go anywhere", () => {
  for (const format of ["json", "env", "powershell"] as const) {
    for (const place of [{ toTerminal: true }, inActions, inPipelines]) {
      expect(read({ format }, place)).toMatchObject({ kind: "document", secret: false });
    }
  }
  expect(read({ format: "cer", encoding: "pem" }, { toTerminal: true })).toMatchObject({
    secret: false,
  });
});

test("secrets go to a file, through a pipe, and to an agent that hides them", () => {
  expect(read({ includeSecrets: true, out: "a" }, { toTerminal: true })).toMatchObject({
    out: "a",
    secret: true,
  });
  expect(read({ includeSecrets: true })).toMatchObject({ secret: true });
  expect(read({ format: "azure-devops" }, inPipelines)).toMatchObject({ secret: true });
  expect(read({ format: "azure-devops", out: "a" })).toMatchObject({ secret: true, out: "a" });
  expect(read({ format: "pfx", out: "a" })).toMatchObject({ secret: true });
});

test("masks are registered in the pipeline's own way, and nowhere else", () => {
  expect(maskingCommands(["a%\r\nb", "c"], inActions.environment)).toBe(
    "::add-mask::a%25%0D%0Ab\n::add-mask::c\n",
  );
  expect(maskingCommands(["a;b"], inPipelines.environment)).toBe("##vso[task.setsecret]a%3Bb\n");
  expect(maskingCommands(["a"], {})).toBe("");
});
