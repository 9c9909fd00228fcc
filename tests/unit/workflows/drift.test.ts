/**
 * The scripts of drift.yml as they stand, with stand-ins of `node` and `gh` on PATH. That the command
 * ends with 3 where there is drift is shown beside it. Not proven here: GitHub.
 */
import { chmod, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { describeWithTool, findJq } from "../../support/externalTools";
import { parseOutputs } from "../../support/github/step";
import { runBash } from "../../support/command";

interface Workflow {
  jobs: { drift: { steps: { id?: string; name?: string; run?: string }[] } };
}

async function scripts(): Promise<{ compare: string; issue: string }> {
  const file = join(__dirname, "../../../.github/workflows/drift.yml");
  const { steps } = (parse(await readFile(file, "utf8")) as Workflow).jobs.drift;
  return {
    compare: steps.find(({ id }) => id === "compare")?.run ?? "",
    issue: steps.find(({ name }) => name?.includes("issue"))?.run ?? "",
  };
}

/** A folder with programs that write down how they were called. */
async function standIns(programs: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "apponly-drift-"));
  const bin = join(folder, "bin");
  await mkdir(bin);
  for (const [name, body] of Object.entries(programs)) {
    const file = join(bin, name);
    const log = `printf '%s' "${name}" >> "$LOG"; printf ' [%s]' "$@" >> "$LOG"; echo >> "$LOG"`;
    await writeFile(file, `#!/usr/bin/env bash\n${log}\n${body}\n`);
    await chmod(file, 0o755);
  }
  const log = join(folder, "log");
  const output = join(folder, "output");
  const summary = join(folder, "summary");
  for (const file of [log, output, summary]) {
    await writeFile(file, "");
  }
  return {
    run: (script: string, environment: Record<string, string>) =>
      // A stand-in of node itself has to come before the node that bash is given.
      runBash(`PATH="${bin}:$PATH"\n${script}`, folder, {
        ...environment,
        LOG: log,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
      }),
    calls: async () => (await readFile(log, "utf8")).trim().split("\n"),
    outputs: async () => parseOutputs(await readFile(output, "utf8")),
    summary: () => readFile(summary, "utf8"),
    written: (name: string) => readFile(join(folder, name), "utf8"),
  };
}

describe("comparing", () => {
  test.each([
    [0, 0, { drift: "false" }],
    [3, 0, { drift: "true" }],
    [1, 1, {}],
    [2, 2, {}],
  ])("where the command ends with %d, the step ends with %d", async (ended, code, outputs) => {
    const place = await standIns({ node: `echo "## Drift"; exit ${ended}` });
    const step = await place.run((await scripts()).compare, { STACK: "contoso" });
    expect(step.code).toBe(code);
    expect(await place.outputs()).toEqual(outputs);
    expect(await place.summary()).toBe(ended === 3 ? "## Drift\n" : "");
    expect(await place.calls()).toEqual([
      "node [bin/apponly.js] [drift] [--stack] [contoso] [--fail-on] [low] [--format] [markdown]",
    ]);
  });
});

describeWithTool("the issue", findJq(), () => {
  const list =
    "gh [issue] [list] [--repo] [contoso/access] [--state] [open] [--author] [app/github-actions] [--limit] [1000] [--json] [number,title]";
  async function decide(drift: boolean, issues: { number: number; title: string }[]) {
    const answer = `if [ "$2" = list ]; then echo '${JSON.stringify(issues)}'; fi`;
    const place = await standIns({ gh: answer });
    const { code } = await place.run((await scripts()).issue, {
      STACK: "contoso",
      DRIFT: String(drift),
      RUN: "RUN",
      GITHUB_REPOSITORY: "contoso/access",
    });
    return {
      code,
      calls: await place.calls(),
      ...(drift ? { body: await place.written("drift.md") } : {}),
    };
  }

  const open = [
    { number: 9, title: "Drift in contoso-eu" },
    { number: 12, title: "Drift in contoso" },
  ];

  test("is opened where there is none for the stack, and the job fails", async () => {
    expect(await decide(true, open.slice(0, 1))).toEqual({
      code: 1,
      calls: [
        list,
        "gh [issue] [create] [--repo] [contoso/access] [--title] [Drift in contoso] [--body-file] [drift.md]",
      ],
      body: "\nSeen last by RUN\n",
    });
  });

  test("is renewed where there is one, and the job fails", async () => {
    expect(await decide(true, open)).toEqual({
      code: 1,
      calls: [list, "gh [issue] [edit] [12] [--repo] [contoso/access] [--body-file] [drift.md]"],
      body: "\nSeen last by RUN\n",
    });
  });

  test("is closed once the drift is gone; without one, nothing is done", async () => {
    expect(await decide(false, open)).toEqual({
      code: 0,
      calls: [
        list,
        "gh [issue] [close] [12] [--repo] [contoso/access] [--comment] [The tenant is as declared again: RUN]",
      ],
    });
    expect(await decide(false, [])).toEqual({ code: 0, calls: [list] });
  });
});
