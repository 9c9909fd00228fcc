import type { PipelineFile } from "../types";
import { fleetFile, type FleetPlan, requireRoom, stopAt, toldTo, waveNames } from "./plan";

const pool = { vmImage: "ubuntu-24.04" };
const checkoutTasks = [
  { checkout: "self", persistCredentials: false },
  { task: "NodeTool@0", inputs: { versionSpec: "24.x" } },
  { bash: "npm ci --omit=dev --ignore-scripts --no-audit --no-fund" },
];

/** Azure DevOps publishes no limit; a stage with more jobs than this is hard to look at. */
const mostStageJobs = 250;

/**
 * One pipeline that rolls out in waves, and one that reads in shards. Azure DevOps reads the names of
 * environments and service connections before a run, so the stacks stand in the file: it is
 * generated anew when a tenant comes or goes, and says so where it is not.
 *
 * @see https://learn.microsoft.com/azure/devops/pipelines/process/deployment-jobs
 */
export function azureFleet(plan: FleetPlan): PipelineFile[] {
  requireRoom(plan, mostStageJobs, "a stage of Azure Pipelines");
  return [rollOutPipeline(plan), readPipeline(plan)];
}

const jobName = (stack: string, at: number) =>
  `t${at + 1}_${stack.replace(/[^A-Za-z0-9]/g, "_").slice(0, 60)}`;

const backendVariableGroup = {
  PULUMI_ACCESS_TOKEN: "$(PULUMI_ACCESS_TOKEN)",
  PULUMI_CONFIG_PASSPHRASE: "$(PULUMI_CONFIG_PASSPHRASE)",
  PULUMI_BACKEND_URL: "$(PULUMI_BACKEND_URL)",
};

/** A step that is signed in as a service connection, whose token the provider exchanges. */
function signedInTask(connection: string, script: string): Record<string, unknown> {
  return {
    task: "AzureCLI@2",
    inputs: {
      azureSubscription: connection,
      scriptType: "bash",
      scriptLocation: "inlineScript",
      addSpnToEnvironment: true,
      inlineScript: [
        'export ARM_USE_OIDC=true ARM_CLIENT_ID="$servicePrincipalId" ARM_TENANT_ID="$tenantId" ARM_OIDC_TOKEN="$idToken"',
        script,
        "",
      ].join("\n"),
    },
    env: backendVariableGroup,
  };
}

const publish = (artifact: string) => ({
  publish: "$(System.DefaultWorkingDirectory)/records",
  artifact,
  condition: "always()",
});

const gather = {
  task: "DownloadPipelineArtifact@2",
  inputs: { itemPattern: "records-*/**", targetPath: "$(Pipeline.Workspace)/records" },
};

const expectedStacksFile = (stacks: readonly string[]) =>
  `printf '%s\\n' ${stacks.map((stack) => `'${stack}'`).join(" ")} > expected.txt`;

function rollOutPipeline({ waves }: FleetPlan): PipelineFile {
  const stages = waveNames.flatMap((name, at) => {
    const before = waveNames.slice(0, at).findLast((one) => waves[one].length > 0);
    if (waves[name].length === 0) {
      return [];
    }
    return [
      {
        stage: name,
        dependsOn: before === undefined ? [] : [`after_${before}`],
        ...(before === undefined ? {} : { condition: "succeeded()" }),
        jobs: waves[name].map((stack, index) => ({
          deployment: jobName(stack, index),
          displayName: stack,
          pool,
          timeoutInMinutes: 90,
          // Its approvals and checks are the tenant's.
          environment: stack,
          strategy: {
            runOnce: {
              deploy: {
                steps: [
                  ...checkoutTasks,
                  signedInTask(
                    `apponly-${stack}`,
                    `npx --no-install apponly up --stack '${stack}' --yes --wait 30m --record records`,
                  ),
                  publish(`records-${stack}`),
                ],
              },
            },
          },
        })),
      },
      {
        stage: `after_${name}`,
        dependsOn: [name],
        condition: "not(canceled())",
        jobs: [
          {
            job: "judge",
            pool,
            steps: [
              ...checkoutTasks,
              gather,
              {
                displayName: "Stop where failures of one class repeat",
                bash: [
                  "set -eu",
                  expectedStacksFile(waves[name]),
                  'mkdir -p "$(Pipeline.Workspace)/records"',
                  `npx --no-install apponly report --from "$(Pipeline.Workspace)/records" --expect expected.txt --only-expected --stop-at ${stopAt[name]}`,
                  "",
                ].join("\n"),
              },
            ],
          },
        ],
      },
    ];
  });
  const all = waveNames.flatMap((name) => waves[name]);
  return fleetFile(
    "azure-pipelines/fleet-up.yml",
    [
      "Rolls out to every tenant: a job for each, with the environment (its approvals) and the service",
      "connection apponly-STACK of that tenant, in waves; a wave does not begin when failures of one",
      "class repeat in the one before. Generated: write it anew when a tenant comes or goes.",
    ],
    {
      trigger: "none",
      pr: "none",
      stages: [
        ...stages,
        {
          stage: "report",
          dependsOn: stages.map(({ stage }) => stage),
          condition: "always()",
          jobs: [reportJob(all)],
        },
      ],
    },
  );
}

function reportJob(expected: readonly string[], tickets = false): Record<string, unknown> {
  return {
    job: "report",
    pool,
    steps: [
      ...checkoutTasks,
      { ...gather, continueOnError: true },
      {
        displayName: "Report",
        bash: [
          "set -eu",
          expectedStacksFile(expected),
          'mkdir -p "$(Pipeline.Workspace)/records"',
          'npx --no-install apponly report --from "$(Pipeline.Workspace)/records" --expect expected.txt --format html --out report.html --allow-failed',
          `npx --no-install apponly report --from "$(Pipeline.Workspace)/records" --expect expected.txt --rows 20 ${toldTo(tickets)}`,
          "",
        ].join("\n"),
        env: {
          APPONLY_NOTIFY_URL: "$(APPONLY_NOTIFY_URL)",
          APPONLY_REPORT_URL:
            "$(System.CollectionUri)$(System.TeamProject)/_build/results?buildId=$(Build.BuildId)",
          ...(tickets ? { SYSTEM_ACCESSTOKEN: "$(System.AccessToken)" } : {}),
        },
      },
      {
        publish: "$(System.DefaultWorkingDirectory)/report.html",
        artifact: "report",
        condition: "always()",
      },
    ],
  };
}

function readPipeline({ waves, shards, tickets }: FleetPlan): PipelineFile {
  const all = waveNames.flatMap((name) => waves[name]);
  return fleetFile(
    "azure-pipelines/fleet-report.yml",
    [
      "Reads every tenant each day, in parts that are the same in each run, by the service connection",
      "apponly-auditor, which may only read, and makes one report. A tenant without a record has failed.",
    ],
    {
      trigger: "none",
      pr: "none",
      schedules: [
        { cron: "37 3 * * *", displayName: "daily", branches: { include: ["main"] }, always: true },
      ],
      stages: [
        {
          stage: "read",
          dependsOn: [],
          jobs: [
            {
              job: "read",
              pool,
              timeoutInMinutes: 60,
              strategy: {
                maxParallel: 60,
                matrix: Object.fromEntries(
                  Array.from({ length: shards }, (_, at) => [
                    `shard_${at + 1}`,
                    { SHARD: String(at + 1) },
                  ]),
                ),
              },
              steps: [
                ...checkoutTasks,
                signedInTask(
                  "apponly-auditor",
                  [
                    "unset ARM_TENANT_ID",
                    `npx --no-install apponly certificates --shard "$SHARD/${shards}" --record records || true`,
                    `npx --no-install apponly drift --shard "$SHARD/${shards}" --record records || true`,
                  ].join("\n"),
                ),
                publish("records-$(SHARD)"),
              ],
            },
          ],
        },
        {
          stage: "report",
          dependsOn: ["read"],
          condition: "always()",
          jobs: [reportJob(all, tickets)],
        },
      ],
    },
  );
}
