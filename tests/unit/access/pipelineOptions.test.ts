/**
 * What a pipeline's owner decides: its commands, its schedule and the version of the module. Not
 * proven here: that a platform starts a job at the time that its schedule names.
 */
import fc from "fast-check";
import { Cron } from "croner";
import type { Parser } from "web-tree-sitter";
import { parse } from "yaml";
import { planPipeline } from "../../../access/pipelines/plan";
import { renderPipeline } from "../../../access/pipelines/renderPipeline";
import { readSchedule } from "../../../access/pipelines/schedule";
import {
  pipelineKinds,
  type PipelineKind,
  type PipelineStack,
  type PipelineWishes,
} from "../../../access/pipelines/types";
import { groovyParser, multilineTexts } from "../../support/groovy";
import { pipelineStack as stack, renderOneFile, scriptsInYaml } from "../../support/pipelines";
import { powershellParser, syntaxErrors } from "../../support/powershell";

const exchange: PipelineStack = { ...stack, workloads: ["exchange"] };
const textOf = (wishes: PipelineWishes, from = exchange) =>
  renderPipeline(planPipeline(from, wishes))
    .map(({ content }) => content)
    .join("");
let powershell: Parser;
let groovy: Parser;

beforeAll(async () => {
  powershell = await powershellParser();
  groovy = await groovyParser();
});

/** The scripts of a pipeline as PowerShell gets them. */
function scriptsOf(kind: PipelineKind, wishes: Partial<PipelineWishes>): string[] {
  const files = renderPipeline(planPipeline(exchange, { kind, ...wishes }));
  const own = files.filter(({ path }) => path.endsWith(".ps1")).map(({ content }) => content);
  return [
    ...own,
    ...files
      .filter(({ path }) => path.endsWith(".yml"))
      .flatMap(({ content }) => scriptsInYaml(content)),
    ...files
      .filter(({ path }) => path.startsWith("Jenkinsfile"))
      .flatMap(({ content }) => multilineTexts(groovy, content)),
  ];
}

describe("the owner's own commands", () => {
  const text =
    'param($Top = 5)\r\n$title = @"\r\nIt\'s "due"\\n\r\n"@\r\nGet-Mailbox -ResultSize $Top | ForEach-Object { "$($_.Name)" }\r\n\r\n';

  test.each(pipelineKinds)("stand in %s as they are, in place of those that only read", (kind) => {
    const script = { path: "reports/daily's.ps1", text };
    const scripts = scriptsOf(kind, { script });
    const job = scripts.at(-1) ?? "";
    expect(job).toContain(
      `    & {\n${text.replaceAll("\r\n", "\n").trimEnd()}\n    }\n}\nfinally {`,
    );
    expect(job).not.toContain("Get-OrganizationConfig");
    expect(scripts.map((one) => syntaxErrors(powershell, one))).toEqual(scripts.map(() => []));
    // Written anew by the command that stands in it, they are there again.
    expect(textOf({ kind, script })).toContain(" --script 'reports/daily'\\''s.ps1'\n");
  });

  test("come back from YAML and Groovy letter for letter, whatever they are", () => {
    const line = fc
      .array(
        fc.oneof(
          fc.constantFrom(" ", "  ", "\t", "'''", '"', "\\", "\\u0041", "$", "#", ": ", "- ", "|"),
          fc.string({ unit: "grapheme", maxLength: 6 }),
        ),
        { maxLength: 6 },
      )
      .map((parts) => parts.join(""))
      .filter((one) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(one.replaceAll("\t", "")))
      .filter((one) => !one.includes("${{") && !/^\s*using\s/i.test(one));
    const lines = fc.array(line, { minLength: 1, maxLength: 5 }).map((one) => one.join("\n"));
    fc.assert(
      fc.property(lines, (own) => {
        fc.pre(own.trim() !== "");
        const script = { path: "own.ps1", text: own };
        for (const kind of ["github-actions", "azure-devops"] as const) {
          const { content } = renderOneFile(planPipeline(exchange, { kind, script }));
          expect(scriptsInYaml(content)[1]).toContain(`    & {\n${own.trimEnd()}\n    }\n`);
        }
        const { content } = renderOneFile(planPipeline(exchange, { kind: "jenkins", script }));
        const quoted = own.trimEnd().replaceAll("\\", "\\\\").replaceAll("'", "\\'");
        expect(content).toContain(`    & {\n${quoted}\n    }\n`);
      }),
      { numRuns: 100 },
    );
  });

  test.each<[string, PipelineKind, string, RegExp]>([
    ["nothing", "cron", " \n\t\n", /^--script own\.ps1 is empty\./],
    [
      "a hidden character",
      "cron",
      "Get-A\nGet-\u202eB",
      /line 2, has a character that nobody sees/,
    ],
    ["a byte of another file", "jenkins", "Get-A\0", /line 1, has a character/],
    ["using", "azure-automation", "# x\n  using namespace System", /line 2, has using/],
    [
      "an expression",
      "github-actions",
      "a\nb\n'${{ github.sha }}'",
      /line 3, has \$\{\{, which gi/,
    ],
    [
      "a template",
      "azure-devops",
      "'${{ variables.x }}'",
      /line 1, has \$\{\{, which azure-devops/,
    ],
    ["a novel", "github-actions", "x".repeat(20_001), /has 20001 characters, .* 20000 at most/],
    ["too much for the task", "azure-devops", "x".repeat(5000), /too long for the task AzureCLI@2/],
  ])("with %s are refused in %s", (_, kind, own, message) => {
    const script = { path: "own.ps1", text: own };
    expect(() => textOf({ kind, script })).toThrow(message);
  });

  test("may have what only another platform would expand", () => {
    const script = { path: "own.ps1", text: "'${{ x }}'" };
    for (const kind of ["jenkins", "cron", "azure-automation"] as const) {
      expect(textOf({ kind, script })).toContain(
        kind === "jenkins" ? "\\'${{ x }}\\'" : script.text,
      );
    }
  });
});

describe("the schedule", () => {
  test.each([
    ["0 6 * * *", "0 6 * * *"],
    [" 0  6 * * mon-FRI ", "0 6 * * 1-5"],
    ["*/15 8-18/2 1,15 jan,Jul 7", "*/15 8-18/2 1,15 1,7 0"],
    ["0 6 * * 5-7", "0 6 * * 0,5,6"],
    ["0 6 * * Mon-sun", "0 6 * * 0,1,2,3,4,5,6"],
    ["0 0 29 2 *", "0 0 29 2 *"],
    // Either of the two is enough.
    ["0 0 31 2 1", "0 0 31 2 1"],
  ])("%p is written %p", (given, written) => {
    expect(readSchedule(given)).toMatchObject({ text: written, hashed: false });
    const times = (text: string) =>
      new Cron(text.trim(), { mode: "5-part", timezone: "UTC" })
        .nextRuns(20, new Date("2026-11-25T00:00:00Z"))
        .map((date) => date.toISOString());
    expect(times(written)).toEqual(times(given));
  });

  test.each([
    ["", /five fields/],
    ["@daily", /five fields/],
    ["0 0 6 * * *", /five fields/],
    ["60 6 * * *", /minute "60" has to be \*, a number from 0 to 59/],
    ["0 24 * * *", /hour "24"/],
    ["0 6 0 * *", /day "0"/],
    ["0 6 * 13 *", /month "13"/],
    ["0 6 * * 8", /weekday "8"/],
    ["0 6 * * fri-mon", /weekday "fri-mon"/],
    ["5/15 6 * * *", /minute "5\/15"/],
    ["*/0 6 * * *", /minute "\*\/0"/],
    ["0 6 ? * *", /day "\?"/],
    ["0 6 L * *", /day "L"/],
    ["0, 6 * * *", /minute ""/],
    ["-5 6 * * *", /minute "-5"/],
    ["H(0-60) 6 * * *", /minute "H\(0-60\)"/],
    ["0 6 30 2 *", /no such day/],
    ["0 6 31 4,6,9,11 *", /no such day/],
    ["0 6 * * *\nrm", /five fields/],
  ])("%p is refused", (given, message) => {
    expect(readSchedule(given)).toEqual(expect.stringMatching(message));
  });

  test.each([
    ["github-actions", (text: string) => parse(text).on.schedule[0].cron],
    ["azure-devops", (text: string) => parse(text).schedules[0].cron],
    ["jenkins", (text: string) => /cron\('(.*)'\)/.exec(text)?.[1]],
    ["cron", (text: string) => /^([\d*/,-]+(?: [\d*/,-]+){4}) "\$HOME/m.exec(text)?.[1]],
  ] as const)("is that of the file in %s, and of the command in it", (kind, cronOf) => {
    const text = textOf({ kind, schedule: "30 4 * * mon-fri" });
    const file = kind === "cron" ? text.slice(text.lastIndexOf("# Connects")) : text;
    expect(cronOf(file)).toBe("30 4 * * 1-5");
    expect(text).toContain("--schedule '30 4 * * 1-5'\n");
    expect(cronOf(textOf({ kind }))).toBe(kind === "jenkins" ? "H 5 * * *" : "17 5 * * *");
  });

  test("may leave the minute to Jenkins, and to no other", () => {
    const schedule = "H(0-29)/10 5 * * H";
    expect(textOf({ kind: "jenkins", schedule })).toContain(`cron('${schedule}')`);
    for (const kind of ["github-actions", "azure-devops", "cron"] as const) {
      expect(() => textOf({ kind, schedule })).toThrow("H is Jenkins' own. Write a number.");
    }
  });

  test.each(["*/4 * * * *", "0,58 * * * *", "0,59 23,0 * * *"])(
    "%p is too often for GitHub",
    (schedule) => {
      expect(() => textOf({ kind: "github-actions", schedule })).toThrow("every 5 minutes at most");
      expect(textOf({ kind: "azure-devops", schedule })).toContain(schedule);
    },
  );

  test("is refused where something else starts the job", () => {
    const schedule = "0 6 * * *";
    expect(() => textOf({ kind: "azure-automation", schedule })).toThrow("a runbook has none");
    for (const [subject, trigger] of [
      ["repo:contoso/messaging:pull_request", "a pull request"],
      ["repo:contoso/messaging:ref:refs/tags/v1", "a pushed tag"],
    ] as const) {
      const issuer = "https://token.actions.githubusercontent.com";
      const federatedCredentials = [{ name: "one", issuer, subject }];
      expect(() =>
        textOf({ kind: "github-actions", schedule }, { ...exchange, federatedCredentials }),
      ).toThrow(`the federated credential is for ${trigger}`);
    }
  });
});

describe("the version of the module", () => {
  test.each(pipelineKinds)("is the only one in %s", (kind) => {
    const scripts = scriptsOf(kind, { moduleVersion: "3.9.0" });
    const all = scripts.join("\n");
    expect(all).toMatch(kind === "azure-automation" ? /-RequiredVersion 3\.9\.0\n/ : /"3\.9\.0"/);
    expect(all).not.toMatch(/3\.10\.1|3\.9\.2/);
    expect(textOf({ kind, moduleVersion: "3.9.0" })).toContain(" --module-version 3.9.0\n");
  });

  test.each([
    ["latest", {}, /has to be the number of a release/],
    ["3.9", {}, /has to be the number of a release/],
    ["03.9.2", {}, /has to be the number of a release/],
    ["3.9.2-Preview1", {}, /has to be the number of a release/],
    ['3.9.2"; x', {}, /has to be the number of a release/],
    ["2.0.5", { credential: "certificate" }, /--credential certificate needs 3\.0\.0 or newer/],
    ["3.0.0", { credential: "federated" }, /--credential federated needs 3\.1\.0 or newer/],
  ] as const)("%p is refused", (moduleVersion, wishes, message) => {
    expect(() => textOf({ kind: "github-actions", moduleVersion, ...wishes })).toThrow(message);
  });

  test("follows from every workload that is connected", () => {
    const wishes = { kind: "github-actions", moduleVersion: "3.7.2" } as const;
    expect(() => textOf(wishes, stack)).toThrow(
      "--module-version 3.7.2: Security & Compliance PowerShell with --credential federated needs 3.8.0 or newer.",
    );
    expect(textOf({ ...wishes, credential: "certificate" }, stack)).toContain("3.7.2");
  });
});
