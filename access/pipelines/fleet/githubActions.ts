import type { PipelineFile } from "../types";
import { fleetFile, type FleetPlan, stopAt, toldTo, waveNames } from "./plan";

/** Actions by commit, as GitHub advises. @see https://docs.github.com/actions/reference/security/secure-use */
const pinnedActions = {
  checkout: "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1",
  node: "actions/setup-node@820762786026740c76f36085b0efc47a31fe5020",
  pulumi: "pulumi/actions@8e5e406f4007fca908480587cb9893c07090f58d",
  upload: "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02",
  download: "actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093",
} as const;

const machine = "ubuntu-24.04";

/** GitHub runs at most so many jobs of a matrix. @see https://docs.github.com/actions/reference/limits */
const mostGitHubJobs = 256;

const checkoutActions = [
  { uses: pinnedActions.checkout, with: { "persist-credentials": false } },
  { uses: pinnedActions.node, with: { "node-version": 24, "package-manager-cache": false } },
  // Without scripts, which could ask for the job's identity token.
  { run: "npm ci --omit=dev --ignore-scripts --no-audit --no-fund" },
];
const pulumi = { uses: pinnedActions.pulumi, with: { "pulumi-version": "3.259.0" } };
const backendSecrets = {
  PULUMI_ACCESS_TOKEN: "${{ secrets.PULUMI_ACCESS_TOKEN }}",
  PULUMI_CONFIG_PASSPHRASE: "${{ secrets.PULUMI_CONFIG_PASSPHRASE }}",
};
const upload = (name: string) => ({
  name: "Keep the record",
  if: "always()",
  uses: pinnedActions.upload,
  with: { name, path: "records", "if-no-files-found": "ignore", overwrite: true },
});
const download = {
  name: "Gather the records",
  uses: pinnedActions.download,
  with: { pattern: "records-*", path: "records", "merge-multiple": true },
};

/**
 * Two workflows: one rolls out tenant by tenant in waves, one reads all tenants in shards. The stacks
 * are found in each run, so that the files stay as they are when a tenant comes or goes.
 */
export function githubFleet({ tickets }: Pick<FleetPlan, "tickets">): PipelineFile[] {
  return [rollOutWorkflow(), readWorkflow(tickets)];
}

const planOutputs = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, `\${{ steps.plan.outputs.${name} }}`]));

function rollOutWorkflow(): PipelineFile {
  return fleetFile(
    ".github/workflows/fleet-up.yml",
    [
      "Rolls out to every tenant: a job for each, with the environment, the identity and the approval",
      "of that tenant. The canaries (apponly:tags has wave: canary) go first, then a tenth, then the",
      "rest; a wave does not begin when failures of one class repeat in the one before.",
      "One run takes at most 256 tenants: of more, run it for each part, 1/20, 2/20 and so on.",
    ],
    {
      name: "fleet-up",
      on: {
        workflow_dispatch: {
          inputs: {
            part: { description: "Part of the tenants, I/N", default: "1/1", type: "string" },
          },
        },
      },
      permissions: {},
      jobs: {
        plan: {
          "runs-on": machine,
          "timeout-minutes": 15,
          permissions: { contents: "read" },
          outputs: planOutputs(...waveNames),
          steps: [
            ...checkoutActions,
            {
              id: "plan",
              env: { PART: "${{ inputs.part }}" },
              run: [
                'npx --no-install apponly stacks --fleet --shard "$PART" > plan.json',
                ...waveNames.map(
                  (name) =>
                    `echo "${name}=$(jq -c '.waves.${name}' plan.json)" >> "$GITHUB_OUTPUT"`,
                ),
                `jq -e '[.waves[] | length] | max <= ${mostGitHubJobs}' plan.json > /dev/null || { echo "::error::More than ${mostGitHubJobs} tenants in one wave: run it for smaller parts."; exit 1; }`,
                "",
              ].join("\n"),
            },
          ],
        },
        ...Object.fromEntries(waveNames.flatMap((name, at) => waveJobs(name, waveNames[at - 1]))),
        report: gatherJob(waveNames, "needs.plan.outputs"),
      },
    },
  );
}

type WaveName = (typeof waveNames)[number];

function waveJobs(name: WaveName, before: WaveName | undefined): [string, unknown][] {
  const needs = before === undefined ? ["plan"] : ["plan", `after-${before}`];
  const goesOn = before === undefined ? "" : ` && needs.after-${before}.result == 'success'`;
  const some = `needs.plan.outputs.${name} != '[]'`;
  return [
    [
      name,
      {
        needs,
        if: `!cancelled() && needs.plan.result == 'success'${goesOn} && ${some}`,
        strategy: {
          "fail-fast": false,
          "max-parallel": 20,
          matrix: { stack: `\${{ fromJSON(needs.plan.outputs.${name}) }}` },
        },
        "runs-on": machine,
        "timeout-minutes": 90,
        environment: "${{ matrix.stack }}",
        permissions: { contents: "read", "id-token": "write" },
        concurrency: { group: "stack-${{ matrix.stack }}", "cancel-in-progress": false },
        env: {
          STACK: "${{ matrix.stack }}",
          ARM_USE_OIDC: "true",
          ARM_CLIENT_ID: "${{ vars.ARM_CLIENT_ID }}",
          ARM_TENANT_ID: "${{ vars.ARM_TENANT_ID }}",
          PULUMI_BACKEND_URL: "${{ vars.PULUMI_BACKEND_URL }}",
        },
        steps: [
          ...checkoutActions,
          pulumi,
          {
            name: "Roll out and verify",
            env: backendSecrets,
            run: 'npx --no-install apponly up --stack "$STACK" --yes --wait 30m --record records',
          },
          upload("records-${{ matrix.stack }}"),
        ],
      },
    ],
    [
      `after-${name}`,
      {
        needs: [...needs, name],
        // A wave with nobody in it lets the next one begin.
        if: `!cancelled() && needs.plan.result == 'success'${goesOn}`,
        "runs-on": machine,
        "timeout-minutes": 15,
        permissions: { contents: "read" },
        env: { EXPECTED: `\${{ needs.plan.outputs.${name} }}` },
        steps: [
          ...checkoutActions,
          { ...download, if: some },
          {
            name: "Stop where failures of one class repeat",
            if: some,
            run: [
              "mkdir -p records",
              'echo "$EXPECTED" > expected.json',
              `npx --no-install apponly report --from records --expect expected.json --only-expected --stop-at ${stopAt[name]} >> "$GITHUB_STEP_SUMMARY"`,
              "",
            ].join("\n"),
          },
        ],
      },
    ],
  ];
}

function gatherJob(
  names: readonly string[],
  outputs: string,
  tickets = false,
): Record<string, unknown> {
  const all = names.map((name) => `\${{ ${outputs}.${name} }}`).join(" ");
  return {
    needs: ["plan", ...names],
    if: "always() && needs.plan.result == 'success'",
    "runs-on": machine,
    "timeout-minutes": 15,
    permissions: { contents: "read", ...(tickets ? { issues: "write" } : {}) },
    env: { EXPECTED: all },
    steps: [
      ...checkoutActions,
      download,
      {
        name: "Report",
        env: {
          APPONLY_NOTIFY_URL: "${{ secrets.APPONLY_NOTIFY_URL }}",
          APPONLY_REPORT_URL:
            "${{ github.server_url }}/${{ github.repository }}/actions/runs/${{ github.run_id }}",
          ...(tickets ? { GITHUB_TOKEN: "${{ github.token }}" } : {}),
        },
        run: [
          "mkdir -p records",
          'echo "$EXPECTED" | jq -s add > expected.json',
          "npx --no-install apponly report --from records --expect expected.json --format html --out report.html --allow-failed",
          `npx --no-install apponly report --from records --expect expected.json --rows 20 ${toldTo(tickets)} >> "$GITHUB_STEP_SUMMARY"`,
          "",
        ].join("\n"),
      },
      {
        name: "Keep the report",
        if: "always()",
        uses: pinnedActions.upload,
        with: { name: "report", path: "report.html", overwrite: true },
      },
    ],
  };
}

function readWorkflow(tickets: boolean): PipelineFile {
  return fleetFile(
    ".github/workflows/fleet-report.yml",
    [
      "Reads every tenant each day, in parts that are the same in each run, by an identity that may",
      "only read, and makes one report. A tenant without a record has failed.",
    ],
    {
      name: "fleet-report",
      on: { schedule: [{ cron: "37 3 * * *" }], workflow_dispatch: null },
      permissions: {},
      jobs: {
        plan: {
          "runs-on": machine,
          "timeout-minutes": 15,
          permissions: { contents: "read" },
          outputs: planOutputs("stacks", "shards", "of"),
          steps: [
            ...checkoutActions,
            {
              id: "plan",
              run: [
                "npx --no-install apponly stacks --fleet > plan.json",
                ...["stacks", "shards", "of"].map(
                  (name) => `echo "${name}=$(jq -c '.${name}' plan.json)" >> "$GITHUB_OUTPUT"`,
                ),
                "",
              ].join("\n"),
            },
          ],
        },
        read: {
          needs: "plan",
          strategy: {
            "fail-fast": false,
            "max-parallel": 60,
            matrix: { shard: "${{ fromJSON(needs.plan.outputs.shards) }}" },
          },
          "runs-on": machine,
          "timeout-minutes": 60,
          permissions: { contents: "read", "id-token": "write" },
          env: {
            SHARD: "${{ matrix.shard }}/${{ needs.plan.outputs.of }}",
            ARM_USE_OIDC: "true",
            // One application in all tenants, which may only read.
            ARM_CLIENT_ID: "${{ vars.ARM_REVIEW_CLIENT_ID }}",
            PULUMI_BACKEND_URL: "${{ vars.PULUMI_BACKEND_URL }}",
          },
          steps: [
            ...checkoutActions,
            pulumi,
            {
              name: "Read",
              env: backendSecrets,
              // What fails is in the records, and the last job tells.
              run: [
                'npx --no-install apponly certificates --shard "$SHARD" --record records || true',
                'npx --no-install apponly drift --shard "$SHARD" --record records || true',
                "",
              ].join("\n"),
            },
            upload("records-${{ matrix.shard }}"),
          ],
        },
        report: {
          ...gatherJob(["read"], "needs.plan.outputs", tickets),
          env: { EXPECTED: "${{ needs.plan.outputs.stacks }}" },
        },
      },
    },
  );
}
