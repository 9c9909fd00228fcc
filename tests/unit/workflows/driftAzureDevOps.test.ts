/**
 * azure-pipelines/drift.yml: read by the schema that Microsoft publishes and by ShellCheck, its scripts
 * run as they stand, with a stand-in of `npx` on PATH and of the work items' API on loopback. Not
 * proven here: Azure DevOps.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import { parse } from "yaml";
import { parseAgentCommand } from "../../support/azureDevOps/agentCommand";
import {
  describeWithTool,
  findCheckJsonschema,
  findJq,
  findShellcheck,
} from "../../support/externalTools";
import { serveOnLoopback } from "../../support/loopback";
import { asText, publishedSchema } from "../../support/publishedSchema";
import { standInPrograms } from "../../support/standInPrograms";

interface Step {
  name?: string;
  displayName?: string;
  bash?: string;
  inputs?: { inlineScript?: string; azureSubscription?: string };
  env?: Record<string, string>;
}
interface Pipeline {
  schedules: { cron: string }[];
  jobs: { job: string; steps: Step[] }[];
}

const text = readFileSync(join(__dirname, "../../../azure-pipelines/drift.yml"), "utf8");
const pipeline = parse(text) as Pipeline;
const steps = pipeline.jobs.flatMap((job) => job.steps);
const scriptOf = (name: string) => {
  const step = steps.find((one) => one.name === name || one.displayName?.includes(name));
  return step?.bash ?? step?.inputs?.inlineScript ?? "";
};
const scripts = steps.flatMap(({ bash, inputs }) => bash ?? inputs?.inlineScript ?? []);

describeWithTool("the schema that Microsoft publishes", findCheckJsonschema(), (tool) => {
  test("takes the pipeline, and finds a fault", () => {
    const validate = publishedSchema(tool, "azure-pipelines");
    // The schema does not know that a matrix may be an expression, which the documentation shows:
    // https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/jobs-job-strategy
    const expression = /matrix: \$\[.*\]/;
    expect(text).toMatch(expression);
    const evaluated = text.replace(expression, "matrix: { t1_contoso: { STACK: contoso } }");
    expect([validate(asText(parse(evaluated))), validate.errors?.slice(0, 2)]).toEqual([
      true,
      undefined,
    ]);
    for (const [right, wrong] of [
      ["maxParallel:", "maxParalel:"],
      ["azureSubscription:", "azureSubscripton:"],
      ["schedules:", "schedule:"],
    ] as const) {
      expect(validate(asText(parse(evaluated.replace(right, wrong))))).toBe(false);
    }
  });
});

/** Variables of the task and of jq, and dollars that are meant as they stand. */
const intended = "SC2154,SC2016";

describeWithTool("ShellCheck", findShellcheck(), ({ command }) => {
  test.each(scripts)("finds nothing in %j", (script) => {
    expect(() =>
      execFileSync(command, ["--shell", "bash", "--exclude", intended, "-"], { input: script }),
    ).not.toThrow();
  });
});

test("it runs each day, as a reader, and its scripts hold no expression", () => {
  expect(pipeline.schedules).toHaveLength(1);
  expect(steps.flatMap(({ inputs }) => inputs?.azureSubscription ?? [])).toEqual([
    "apponly-auditor",
  ]);
  expect(scripts.filter((script) => /\$\{\{|\$\(\w+\.\w+\)/.test(script))).toEqual([]);
  // What installs packages gets no secret.
  const installing = steps.filter(({ bash }) => bash?.includes("npm ci") === true);
  expect(installing.map(({ env }) => env)).toEqual([undefined, undefined]);
});

const commandsIn = (said: string) =>
  said.split("\n").flatMap((one) => parseAgentCommand(one) ?? []);

describeWithTool("the stacks", findJq(), () => {
  test.each([
    [
      ["contoso", "contoso-eu"],
      { t1_contoso: { STACK: "contoso" }, t2_contoso_eu: { STACK: "contoso-eu" } },
    ],
    [[], {}],
  ])("%j become jobs", async (stacks, matrix) => {
    const place = await standInPrograms({ npx: `echo '${JSON.stringify(stacks)}'` });
    const { code, stdout } = await place.run(scriptOf("list"), {});
    expect(code).toBe(0);
    const [command] = commandsIn(stdout);
    expect(command).toMatchObject({ event: "setvariable", properties: { isoutput: "true" } });
    expect(JSON.parse(command?.data ?? "")).toEqual(matrix);
  });
});

describe("comparing", () => {
  test.each([
    [0, 0, "false"],
    [3, 0, "true"],
    [1, 1, undefined],
    [2, 2, undefined],
  ])("where the command ends with %d, the step ends with %d", async (ended, code, drift) => {
    const place = await standInPrograms({
      npx: `printf '%s|%s|' "$ARM_TENANT_ID" "\${PULUMI_ACCESS_TOKEN-unset}" >> "$LOG"; exit ${ended}`,
    });
    const step = await place.run(scriptOf("compare"), {
      STACK: "contoso",
      tenantId: "tenant",
      servicePrincipalId: "client",
      idToken: "token",
      PULUMI_ACCESS_TOKEN: "$(PULUMI_ACCESS_TOKEN)",
      PULUMI_CONFIG_PASSPHRASE: "phrase",
    });
    expect(step.code).toBe(code);
    const set = commandsIn(step.stdout).filter(({ event }) => event === "setvariable");
    expect(set.map(({ properties, data }) => [properties.variable, data])).toEqual(
      drift === undefined ? [] : [["DRIFT", drift]],
    );
    expect(await place.calls()).toEqual([
      "npx [--no-install] [apponly] [drift] [--stack] [contoso] [--fail-on] [low] [--format] [markdown]",
      "tenant|unset|",
    ]);
  });
});

interface WorkItem {
  id: number;
  fields: Record<string, string>;
}

/** The API of work items, of a process whose states have names of their own. */
function workItemsApi(items: WorkItem[]) {
  const queries: string[] = [];
  const app = new Hono();
  app.use(async (context, next) =>
    context.req.header("authorization") === "Bearer job-token" &&
    context.req.query("api-version") === "7.1"
      ? next()
      : context.text("", 401),
  );
  const patched = async (request: { json: () => Promise<unknown> }, item: WorkItem) => {
    for (const { path, value } of (await request.json()) as { path: string; value: string }[]) {
      // Versions of jq write an apostrophe in one of two ways.
      item.fields[path.replace("/fields/", "")] = value.replaceAll("&apos;", "&#39;");
    }
  };
  app.get("/project/_apis/wit/workitemtypes/Task/states", (context) =>
    context.json({
      value: [
        { name: "Neu", category: "Proposed" },
        { name: "Bob's", category: "InProgress" },
        { name: "Fertig", category: "Completed" },
        { name: "Weg", category: "Removed" },
      ],
    }),
  );
  app.post("/project/_apis/wit/wiql", async (context) => {
    const { query } = await context.req.json<{ query: string }>();
    queries.push(query);
    const title = /\[System\.Title\] = '((?:[^']|'')*)'/.exec(query)?.[1]?.replaceAll("''", "'");
    const open = /\[System\.State\] IN \((.*)\) ORDER/.exec(query)?.[1] ?? "";
    const states = [...open.matchAll(/'((?:[^']|'')*)'/g)].map(([, one]) =>
      one?.replaceAll("''", "'"),
    );
    const found = items.filter(
      ({ fields }) => fields["System.Title"] === title && states.includes(fields["System.State"]),
    );
    return context.json({ workItems: found.map(({ id }) => ({ id })) });
  });
  app.post("/project/_apis/wit/workitems/:type", async (context) => {
    expect(context.req.param("type")).toBe("$Task");
    expect(context.req.header("content-type")).toBe("application/json-patch+json");
    const item = { id: items.length + 1, fields: { "System.State": "Neu" } };
    await patched(context.req, item);
    items.push(item);
    return context.json(item);
  });
  app.patch("/project/_apis/wit/workitems/:id", async (context) => {
    const item = items.find(({ id }) => String(id) === context.req.param("id"));
    await patched(context.req, item ?? { id: 0, fields: {} });
    return context.json(item ?? {});
  });
  return { app, queries };
}

describeWithTool("the work item", findJq(), () => {
  /** Runs the step on work items, which it changes. */
  async function decide(drift: boolean, items: WorkItem[], { token = "job-token" } = {}) {
    const { app, queries } = workItemsApi(items);
    const server = await serveOnLoopback(app);
    const place = await standInPrograms({});
    await writeFile(place.path("drift.md"), "## Drift\n| <b>bold</b> & 'quoted' |\n");
    const { code, stdout, stderr } = await place.run(scriptOf("work item"), {
      STACK: "contoso",
      DRIFT: String(drift),
      RUN: "https://dev.azure.com/contoso/run?buildId=7",
      SYSTEM_ACCESSTOKEN: token,
      SYSTEM_COLLECTIONURI: `${server.url}/`,
      SYSTEM_TEAMPROJECTID: "project",
    });
    await server.close();
    return { code, said: stdout + stderr, queries };
  }
  const item = (id: number, title: string, state: string): WorkItem => ({
    id,
    fields: { "System.Title": title, "System.State": state },
  });
  const otherItems = () => [
    item(1, "Drift in contoso-eu", "Neu"),
    item(2, "Drift in contoso", "Fertig"),
  ];
  const description =
    "<pre>## Drift\n| &lt;b&gt;bold&lt;/b&gt; &amp; &#39;quoted&#39; |\n</pre>Seen last by https://dev.azure.com/contoso/run?buildId=7";

  test("is opened where none is open for the stack, as text, and the job fails", async () => {
    const items = otherItems();
    const { code, queries } = await decide(true, items);
    expect(code).toBe(1);
    expect(items.slice(2)).toEqual([
      {
        id: 3,
        fields: {
          "System.State": "Neu",
          "System.Title": "Drift in contoso",
          "System.Description": description,
        },
      },
    ]);
    expect(queries).toEqual([expect.stringContaining("[System.CreatedBy] = @Me")]);
  });

  test("is renewed where one is open, whatever its state is called, and the job fails", async () => {
    const items = [...otherItems(), item(3, "Drift in contoso", "Bob's")];
    expect((await decide(true, items)).code).toBe(1);
    expect(items).toHaveLength(3);
    expect(items[2]?.fields).toMatchObject({
      "System.State": "Bob's",
      "System.Description": description,
    });
  });

  test("is closed once the drift is gone; without one, nothing is done", async () => {
    const items = [...otherItems(), item(3, "Drift in contoso", "Neu")];
    expect((await decide(false, items)).code).toBe(0);
    expect(items[2]?.fields).toMatchObject({
      "System.State": "Fertig",
      "System.History": expect.stringContaining("as declared again") as string,
    });
    const none = otherItems();
    expect((await decide(false, none)).code).toBe(0);
    expect(none).toEqual(otherItems());
  });

  test("where the API refuses, the job fails and the token is not told", async () => {
    const items = otherItems();
    const { code, said } = await decide(false, items, { token: "wrong-token" });
    expect(code).not.toBe(0);
    expect(said).toContain("401");
    expect(said).not.toContain("wrong-token");
  });
});
