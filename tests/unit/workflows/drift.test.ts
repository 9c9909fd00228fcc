/**
 * The scripts of drift.yml as they stand, with stand-ins of `npx` and `gh` on PATH. That the command
 * ends with 3 where there is drift is shown beside it. Not proven here: GitHub.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { describeWithTool, findJq } from "../../support/externalTools";
import { parseOutputs } from "../../support/github/step";
import { standInPrograms } from "../../support/standInPrograms";

interface Workflow {
  jobs: { drift: { steps: { id?: string; name?: string; run?: string }[] } };
}

async function scripts(): Promise<{ compare: string; issue: string }> {
  const file = join(__dirname, "../../../template/.github/workflows/drift.yml");
  const { steps } = (parse(await readFile(file, "utf8")) as Workflow).jobs.drift;
  return {
    compare: steps.find(({ id }) => id === "compare")?.run ?? "",
    issue: steps.find(({ name }) => name?.includes("issue"))?.run ?? "",
  };
}

describe("comparing", () => {
  test.each([
    [0, 0, { drift: "false" }],
    [3, 0, { drift: "true" }],
    [1, 1, {}],
    [2, 2, {}],
  ])("where the command ends with %d, the step ends with %d", async (ended, code, outputs) => {
    const place = await standInPrograms({ npx: `echo "## Drift"; exit ${ended}` });
    const step = await place.run((await scripts()).compare, { STACK: "contoso" });
    expect(step.code).toBe(code);
    expect(parseOutputs(await place.outputs())).toEqual(outputs);
    expect(await place.summary()).toBe(ended === 3 ? "## Drift\n" : "");
    expect(await place.calls()).toEqual([
      "npx [--no-install] [apponly] [drift] [--stack] [contoso] [--fail-on] [low] [--format] [markdown]",
    ]);
  });
});

describeWithTool("the issue", findJq(), () => {
  const list =
    "gh [issue] [list] [--repo] [contoso/access] [--state] [open] [--author] [app/github-actions] [--limit] [1000] [--json] [number,title]";
  async function decide(drift: boolean, issues: { number: number; title: string }[]) {
    const answer = `if [ "$2" = list ]; then echo '${JSON.stringify(issues)}'; fi`;
    const place = await standInPrograms({ gh: answer });
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
