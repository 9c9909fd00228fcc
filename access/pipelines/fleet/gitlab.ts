import { PipelineError, type PipelineFile } from "../types";
import { fleetFile, type FleetPlan, requireRoom, stopAt, waveNames } from "./plan";

/** GitLab runs at most so many jobs of a matrix. @see https://docs.gitlab.com/ci/yaml/#parallelmatrix */
const mostMatrixJobs = 200;

const setUp = [
  "npm ci --omit=dev --ignore-scripts --no-audit --no-fund",
  "npx --no-install apponly toolchain",
];
const records = { when: "always", paths: ["records/"], expire_in: "30 days" };
const identityToken = { ARM_OIDC_TOKEN: { aud: "api://AzureADTokenExchange" } };

/**
 * One pipeline that rolls out in waves when it is started by hand, and reads in shards when its
 * schedule starts it.
 *
 * @see https://docs.gitlab.com/ci/cloud_services/azure/
 */
export function gitlabFleet(plan: FleetPlan): PipelineFile[] {
  requireRoom(plan, mostMatrixJobs, "GitLab");
  const { waves, shards, tickets } = plan;
  if (tickets) {
    throw new PipelineError(
      "There are tickets on GitHub and Azure DevOps. On GitLab leave --tickets out, and let the webhook of APPONLY_NOTIFY_URL make them: its JSON has one for each tenant and finding.",
    );
  }
  const present = waveNames.filter((name) => waves[name].length > 0);
  const byHand = [{ if: '$CI_PIPELINE_SOURCE == "web"' }];
  const bySchedule = [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }];
  const all = waveNames.flatMap((name) => waves[name]);
  const expected = (stacks: readonly string[]) =>
    `printf '%s\\n' ${stacks.map((stack) => `'${stack}'`).join(" ")} > expected.txt`;
  const report = [
    ...setUp,
    "mkdir -p records",
    expected(all),
    "npx --no-install apponly report --from records --expect expected.txt --format html --out report.html --allow-failed",
    'APPONLY_REPORT_URL="$CI_PIPELINE_URL" npx --no-install apponly report --from records --expect expected.txt --rows 20 --notify',
  ];
  const reportJob = {
    stage: "report",
    when: "always",
    script: report,
    artifacts: { when: "always", paths: ["report.html"], expire_in: "90 days" },
  };
  return [
    fleetFile(
      ".gitlab-ci.fleet.yml",
      [
        "Include it in .gitlab-ci.yml. Started by hand it rolls out to every tenant: a job for each, with",
        "the environment, the identity and the approval of that tenant, in waves, of which the next does",
        "not begin when failures of one class repeat. Its schedule reads all tenants in parts, by an",
        "identity that may only read. Generated: write it anew when a tenant comes or goes.",
      ],
      {
        default: { image: "node:24", interruptible: false },
        stages: [...present.flatMap((name) => [name, `after-${name}`]), "read", "report"],
        ...Object.fromEntries(
          present.flatMap((name) => [
            [
              `up-${name}`,
              {
                stage: name,
                rules: byHand,
                timeout: "90 minutes",
                parallel: { matrix: [{ STACK: waves[name] }] },
                environment: { name: "$STACK" },
                resource_group: "stack-$STACK",
                // What failed is judged by the records, after the whole wave.
                allow_failure: true,
                id_tokens: identityToken,
                variables: { ARM_USE_OIDC: "true" },
                script: [
                  ...setUp,
                  'npx --no-install apponly up --stack "$STACK" --yes --wait 30m --record records',
                ],
                artifacts: records,
              },
            ],
            [
              `judge-${name}`,
              {
                stage: `after-${name}`,
                rules: byHand,
                script: [
                  ...setUp,
                  "mkdir -p records",
                  expected(waves[name]),
                  `npx --no-install apponly report --from records --expect expected.txt --only-expected --stop-at ${stopAt[name]}`,
                ],
              },
            ],
          ]),
        ),
        read: {
          stage: "read",
          rules: bySchedule,
          timeout: "60 minutes",
          parallel: {
            matrix: [{ SHARD: Array.from({ length: shards }, (_, at) => String(at + 1)) }],
          },
          id_tokens: identityToken,
          variables: { ARM_USE_OIDC: "true", ARM_CLIENT_ID: "$ARM_REVIEW_CLIENT_ID" },
          script: [
            ...setUp,
            `npx --no-install apponly certificates --shard "$SHARD/${shards}" --record records || true`,
            `npx --no-install apponly drift --shard "$SHARD/${shards}" --record records || true`,
          ],
          artifacts: records,
        },
        "report-up": { ...reportJob, rules: byHand.map((rule) => ({ ...rule, when: "always" })) },
        "report-read": {
          ...reportJob,
          rules: bySchedule.map((rule) => ({ ...rule, when: "always" })),
        },
      },
    ),
  ];
}
