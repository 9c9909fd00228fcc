/* oxlint-disable typescript/no-require-imports --
   A command loads what it needs and no more, and only when it runs or shows its help. TypeScript
   wants a file's extension in import(), which leads nowhere once it is compiled. */
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type * as adoptModule from "./commands/adopt";
import type * as adviseModule from "./commands/advise/advise";
import type * as auditModule from "./commands/audit";
import type * as certificatesModule from "./commands/certificates";
import type * as completionModule from "./commands/completion/completion";
import type * as destroyModule from "./commands/destroy";
import type * as doctorModule from "./commands/doctor/doctor";
import type * as driftModule from "./commands/drift";
import type * as explainModule from "./commands/explain";
import type * as exportModule from "./commands/export/export";
import type * as initModule from "./commands/init";
import type * as pipelineModule from "./commands/pipeline";
import type * as pullRequestModule from "./commands/pullRequest/pullRequest";
import type * as recordModule from "./commands/record";
import type * as reportModule from "./commands/report";
import type * as retireModule from "./commands/retire";
import type * as reviewModule from "./commands/review";
import type * as rotateModule from "./commands/rotate";
import type * as simulatorModule from "./commands/simulator";
import type * as stacksModule from "./commands/stacks";
import type * as startModule from "./commands/start";
import type * as toolchainModule from "./commands/toolchain";
import type * as upModule from "./commands/up";
import type * as verifyModule from "./commands/verify/verify";
import type { Io } from "./io";

/** Makes the parser of a command, which runs it. */
type CommandMaker = (io: Io) => CommandUnknownOpts;

/** What the help says of a command, and where the rest of it is. */
export interface CommandEntry {
  /** The task for which people look for it. */
  readonly task: Task;
  readonly description: string;
  /** Two command lines, without `apponly`. */
  readonly examples: readonly [string, string];
  /** Page of the repository that says more. */
  readonly page: string;
  /** The schema of what it prints with `--json`, or why it has none. */
  readonly answers:
    | { readonly schema: string }
    | { readonly schema?: never; readonly because: string };
  readonly load: () => CommandMaker;
}

/** Tasks in the order in which people meet them. */
export type Task = "Begin" | "Set up" | "Review and roll out" | "Use" | "Keep working" | "End";

/** Every command by its name, in the order of the help. */
export const commandTable: Readonly<Record<string, CommandEntry>> = {
  start: {
    task: "Begin",
    description: "run the whole story on an embedded tenant",
    examples: ["start", "start --stack reports --yes"],
    page: "README.md",
    answers: { schema: "cli/documents/change.schema.json" },
    load: () => (require("./commands/start") as typeof startModule).startCommand,
  },
  simulator: {
    task: "Begin",
    description: "keep the embedded tenant up, for clients and Pulumi",
    examples: ["simulator", "simulator --directory /tmp/tenant"],
    page: "docs/reference.md#the-command",
    answers: { schema: "cli/documents/simulator.schema.json" },
    load: () => (require("./commands/simulator") as typeof simulatorModule).simulatorCommand,
  },
  doctor: {
    task: "Begin",
    description: "say what is on the machine, and what a deployer lacks",
    examples: ["doctor", "doctor --stack prod --format json"],
    page: "docs/how-to/deployer.md",
    answers: { schema: "cli/documents/doctor.schema.json" },
    load: () => (require("./commands/doctor/doctor") as typeof doctorModule).doctorCommand,
  },
  toolchain: {
    task: "Begin",
    description: "find, install or build what other commands need",
    examples: ["toolchain", "toolchain --quiet"],
    page: "docs/reference.md#the-command",
    answers: { schema: "cli/documents/toolchain.schema.json" },
    load: () => (require("./commands/toolchain") as typeof toolchainModule).toolchainCommand,
  },
  init: {
    task: "Set up",
    description: "make the settings of a stack, or of hundreds by a CSV",
    examples: [
      "init --stack contoso --tenant contoso.onmicrosoft.com",
      "init --from tenants.csv --workload exchange compliance",
    ],
    page: "docs/how-to/many-tenants.md",
    answers: { schema: "cli/documents/init.schema.json" },
    load: () => (require("./commands/init") as typeof initModule).initCommand,
  },
  adopt: {
    task: "Set up",
    description: "bring an app registration under a stack, as it is",
    examples: [
      "adopt --stack prod --application 'Legacy automation'",
      "adopt --stack prod --application 3f5c0b0e-9a3d-4a53-8a4e-7d1c2b6f0a11 --drop application.owners",
    ],
    page: "docs/how-to/adopt.md",
    answers: { schema: "review/review.schema.json" },
    load: () => (require("./commands/adopt") as typeof adoptModule).adoptCommand,
  },
  advise: {
    task: "Set up",
    description: "tell what scripts need at least, and which lines fail",
    examples: ["advise ./scripts", "advise ./scripts --stack prod --check"],
    page: "docs/how-to/exchange-roles.md",
    answers: { schema: "cli/documents/advise.schema.json" },
    load: () => (require("./commands/advise/advise") as typeof adviseModule).adviseCommand,
  },
  record: {
    task: "Set up",
    description: "write down which cmdlets a run really calls",
    examples: ["record -- pwsh ./script.ps1", "record --output nightly.json -- pwsh ./nightly.ps1"],
    page: "docs/how-to/exchange-roles.md",
    answers: { schema: "cli/documents/recorded.schema.json" },
    load: () => (require("./commands/record") as typeof recordModule).recordCommand,
  },
  review: {
    task: "Review and roll out",
    description: "show what access a change gives whom, and how risky",
    examples: ["review --stack prod", "review --all --fail-on high"],
    page: "docs/how-to/review-pull-requests.md",
    answers: { schema: "review/review.schema.json" },
    load: () => (require("./commands/review") as typeof reviewModule).reviewCommand,
  },
  up: {
    task: "Review and roll out",
    description: "roll out: review, question, update, and proof",
    examples: ["up --stack prod", "up --tag wave=canary --yes --fail-on critical"],
    page: "docs/reference.md#the-command",
    answers: { schema: "cli/documents/change.schema.json" },
    load: () => (require("./commands/up") as typeof upModule).upCommand,
  },
  "pull-request": {
    task: "Review and roll out",
    description: "review what a pull request changes, in one comment",
    examples: [
      "pull-request --fail-on high",
      "pull-request --forge github --base main --no-comment",
    ],
    page: "docs/how-to/review-pull-requests.md",
    answers: { schema: "cli/documents/pullRequest.schema.json" },
    load: () =>
      (require("./commands/pullRequest/pullRequest") as typeof pullRequestModule)
        .pullRequestCommand,
  },
  stacks: {
    task: "Review and roll out",
    description: "list the stacks of the project, or those changed",
    examples: ["stacks", "stacks --base origin/main --format json"],
    page: "docs/how-to/many-tenants.md",
    answers: { schema: "cli/documents/stacks.schema.json" },
    load: () => (require("./commands/stacks") as typeof stacksModule).stacksCommand,
  },
  verify: {
    task: "Use",
    description: "prove that every generation connects, link by link",
    examples: ["verify --stack prod", "verify --all --wait 30m --format json"],
    page: "docs/how-to/verify.md",
    answers: { schema: "access/verify/verify.schema.json" },
    load: () => (require("./commands/verify/verify") as typeof verifyModule).verifyCommand,
  },
  explain: {
    task: "Use",
    description: "say what is behind a code or message, and what to do",
    examples: [
      "explain AADSTS700027",
      "explain 'The role assigned to application is not supported'",
    ],
    page: "docs/troubleshooting.md",
    answers: { schema: "cli/documents/explain.schema.json" },
    load: () => (require("./commands/explain") as typeof explainModule).explainCommand,
  },
  export: {
    task: "Use",
    description: "hand the access over: document, GitHub, Key Vault",
    examples: [
      "export --stack prod --format json",
      "export --stack prod --format pfx --out prod.pfx --password-out prod.txt",
    ],
    page: "docs/how-to/export.md",
    answers: { schema: "access/export/export.schema.json" },
    load: () => (require("./commands/export/export") as typeof exportModule).exportCommand,
  },
  pipeline: {
    task: "Use",
    description: "write a ready pipeline that uses the access",
    examples: [
      "pipeline --stack prod --kind github-actions",
      "pipeline --stack prod --kind cron --script report.ps1 --out ./cron",
    ],
    page: "docs/how-to/github-actions.md",
    answers: { schema: "cli/documents/pipeline.schema.json" },
    load: () => (require("./commands/pipeline") as typeof pipelineModule).pipelineCommand,
  },
  certificates: {
    task: "Keep working",
    description: "list the generations, with their last day",
    examples: ["certificates --stack prod", "certificates --all --fail-within 30d"],
    page: "docs/how-to/rotate.md",
    answers: { schema: "cli/documents/certificates.schema.json" },
    load: () =>
      (require("./commands/certificates") as typeof certificatesModule).certificatesCommand,
  },
  rotate: {
    task: "Keep working",
    description: "rotate the certificate without an outage",
    examples: ["rotate --stack prod", "rotate --all --plan"],
    page: "docs/how-to/rotate.md",
    answers: { schema: "cli/documents/rotate.schema.json" },
    load: () => (require("./commands/rotate") as typeof rotateModule).rotateCommand,
  },
  drift: {
    task: "Keep working",
    description: "tell what was changed besides a stack, and by whom",
    examples: ["drift --stack prod", "drift --all --fail-on high --format json"],
    page: "docs/how-to/drift.md",
    answers: { schema: "review/review.schema.json" },
    load: () => (require("./commands/drift") as typeof driftModule).driftCommand,
  },
  audit: {
    task: "Keep working",
    description: "judge every application that reaches into Exchange",
    examples: ["audit", "audit --fail-on critical --accepted accepted.yaml --format html"],
    page: "docs/how-to/audit.md",
    answers: { schema: "audit/audit.schema.json" },
    load: () => (require("./commands/audit") as typeof auditModule).auditCommand,
  },
  report: {
    task: "Keep working",
    description: "gather the records of many stacks into one report",
    examples: ["report --from records", "report --all --format html --out report.html"],
    page: "docs/how-to/many-tenants.md",
    answers: { schema: "fleet/report/report.schema.json" },
    load: () => (require("./commands/report") as typeof reportModule).reportCommand,
  },
  retire: {
    task: "End",
    description: "say who uses an access, disable it, end it",
    examples: ["retire --stack prod", "retire --stack prod --destroy --quiet-days 30"],
    page: "docs/how-to/retire.md",
    answers: { schema: "cli/documents/retire.schema.json" },
    load: () => (require("./commands/retire") as typeof retireModule).retireCommand,
  },
  destroy: {
    task: "End",
    description: "remove everything that a stack holds in the tenant",
    examples: ["destroy --stack prod", "destroy --stack prod --yes"],
    page: "docs/reference.md#the-command",
    answers: { schema: "cli/documents/change.schema.json" },
    load: () => (require("./commands/destroy") as typeof destroyModule).destroyCommand,
  },
  completion: {
    task: "Begin",
    description: "print the script by which a shell completes commands",
    examples: [
      "completion bash > ~/.local/share/bash-completion/completions/apponly",
      "completion zsh > ~/.zfunc/_apponly",
    ],
    page: "docs/how-to/completion.md",
    answers: { because: "it prints a script, which a shell reads" },
    load: () =>
      (require("./commands/completion/completion") as typeof completionModule).completionCommand,
  },
};

/** Other names of commands, which Pulumi has for the same. */
export const commandAliases: Readonly<Record<string, string>> = { review: "preview" };
