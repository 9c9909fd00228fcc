import type { Context, Hono } from "hono";
import { azureFailure } from "./answers";

/** A work item, as far as tickets go. */
export interface WorkItem {
  id: number;
  rev: number;
  fields: { "System.CreatedBy"?: { id: string | undefined } } & {
    [name in `System.${"WorkItemType" | "State" | "Title" | "Description" | "Tags" | "History"}`]?:
      | string
      | undefined;
  };
}

/** What the stand-in knows of work items. */
export interface WorkItems {
  readonly workItems: WorkItem[];
  /** States of each type, in the order of the process. */
  workItemTypes: Record<string, { name: string; category: string }[]>;
  /** Fields that a rule of the project wants filled. */
  requiredFields: string[];
}

/** Types of the processes, with their states. */
export const processes = {
  basic: {
    Task: [
      { name: "To Do", category: "Proposed" },
      { name: "Doing", category: "InProgress" },
      { name: "Done", category: "Completed" },
    ],
  },
  agile: {
    Task: [
      { name: "New", category: "Proposed" },
      { name: "Active", category: "InProgress" },
      { name: "Closed", category: "Completed" },
      { name: "Removed", category: "Removed" },
    ],
    Bug: [
      { name: "New", category: "Proposed" },
      { name: "Active", category: "InProgress" },
      { name: "Resolved", category: "Resolved" },
      { name: "Closed", category: "Completed" },
    ],
  },
};

/** Where the client finds each resource. */
const witLocations = [
  ["1a9c53f7-f243-4447-b110-35ef023636e4", "wiql", "{project}/_apis/wit/wiql"],
  ["62d3d110-0047-428c-ad3c-4fe872c91c74", "workItems", "{project}/_apis/wit/workItems/${type}"],
  ["72c7ddf8-2cdc-4f60-90cd-ab71c14a399b", "workItems", "{project}/_apis/wit/workItems/{id}"],
  ["908509b6-4248-4475-a1cd-829139ba419f", "workItemsBatch", "{project}/_apis/wit/workItemsBatch"],
  [
    "7c9d7a76-4a09-43e8-b5df-bd792f4ac6aa",
    "states",
    "{project}/_apis/wit/workItemTypes/{type}/states",
  ],
] as const;

/**
 * The part of Azure Boards' REST API that is about work items: WIQL by tag, batches, JSON patches with
 * states by type. After learn.microsoft.com/rest/api/azure/devops/wit.
 */
export function serveWorkItems(
  app: Hono,
  state: WorkItems,
  accountOf: (c: Context) => string | undefined,
): void {
  const { workItems } = state;
  const base = "/contoso/:project/_apis/wit";
  app.on("OPTIONS", "/contoso/_apis/wit", (c) =>
    c.json({
      count: witLocations.length,
      value: witLocations.map(([id, resourceName, routeTemplate]) => ({
        id,
        area: "wit",
        resourceName,
        routeTemplate,
        resourceVersion: 3,
        minVersion: "1.0",
        maxVersion: "7.2",
        releasedVersion: "7.1",
      })),
    }),
  );
  app.post(`${base}/wiql`, async (c) => {
    const { query } = await c.req.json<{ query: string }>();
    const [, tag = ""] = /\[System\.Tags\] CONTAINS '(\w+)'/.exec(query) ?? [];
    const [, after = "0"] = /\[System\.Id\] > (\d+) ORDER BY \[System\.Id\]$/.exec(query) ?? [];
    const top = Number(c.req.query("$top") ?? Infinity);
    const found = workItems
      .filter(
        ({ id, fields }) =>
          id > Number(after) && (fields["System.Tags"] ?? "").split("; ").includes(tag),
      )
      .sort((a, b) => a.id - b.id)
      .slice(0, top);
    if (found.length > 20_000) {
      return azureFailure(
        400,
        "VS402337: The number of work items returned exceeds the size limit of 20000. Change the query to return fewer items.",
      );
    }
    return c.json({ queryType: "flat", workItems: found.map(({ id }) => ({ id })) });
  });
  app.post(`${base}/workItemsBatch`, async (c) => {
    const { ids, fields } = await c.req.json<{ ids: number[]; fields: string[] }>();
    if (ids.length > 200) {
      return azureFailure(400, "VS403474: You can only get 200 work items at a time.");
    }
    const byId = new Map(workItems.map((one) => [one.id, one]));
    const value = ids.flatMap((id) => {
      const found = byId.get(id);
      const told = Object.fromEntries(
        fields.map((name) => [
          name,
          (found?.fields as Record<string, unknown> | undefined)?.[name],
        ]),
      );
      return found === undefined ? [] : [{ id, rev: found.rev, fields: told }];
    });
    return c.json({ count: value.length, value });
  });
  app.get(`${base}/workItemTypes/:type/states`, (c) => {
    const states = state.workItemTypes[c.req.param("type")];
    return states === undefined
      ? azureFailure(404, "VS402323: The work item type does not exist in the project.")
      : c.json({ count: states.length, value: states });
  });
  const changed = async (c: Context, item: WorkItem) => {
    if (
      !/^application\/json-patch\+json/.test(c.req.header("content-type") ?? "") ||
      !/api-version=\d/.test(`${c.req.header("accept")} ${c.req.query("api-version")}`)
    ) {
      return azureFailure(400, "TF400898: A JSON patch and a version of the API are needed.");
    }
    const patch = await c.req.json<{ op: string; path: string; value: string }[]>();
    const fields: WorkItem["fields"] & Record<string, unknown> = { ...item.fields };
    for (const { op, path, value } of patch) {
      const name = path.replace("/fields/", "");
      if (op !== "add" || name === path) {
        return azureFailure(400, "VS403691: The patch is not valid.");
      }
      // The service drops comments of HTML.
      fields[name] = name === "System.Description" ? value.replace(/<!--[\s\S]*?-->/g, "") : value;
    }
    const states = state.workItemTypes[String(fields["System.WorkItemType"])] ?? [];
    if (!states.some(({ name }) => name === fields["System.State"])) {
      return azureFailure(400, "TF401320: Rule Error for field State.");
    }
    const missing = state.requiredFields.find((name) => fields[name] === undefined);
    if (missing !== undefined) {
      return azureFailure(
        400,
        `TF401320: Rule Error for field ${missing}. Error code: Required, HasValues, LimitedToValues, AllowsOldValue, InvalidEmpty.`,
      );
    }
    if ((fields["System.Title"] ?? "").length > 255) {
      return azureFailure(400, "TF20012: The title is too long.");
    }
    Object.assign(item, { fields, rev: item.rev + 1 });
    return c.json(item);
  };
  app.post(`${base}/workItems/:type{\\$.+}`, async (c) => {
    const type = c.req.param("type").slice(1);
    const item = {
      id: 700 + workItems.length,
      rev: 0,
      fields: {
        "System.WorkItemType": type,
        "System.State": state.workItemTypes[type]?.[0]?.name,
        "System.CreatedBy": { id: accountOf(c) },
      },
    };
    const answer = await changed(c, item);
    if (answer.ok) {
      workItems.push(item);
    }
    return answer;
  });
  app.patch(`${base}/workItems/:id`, async (c) => {
    const found = workItems.find(({ id }) => id === Number(c.req.param("id")));
    return found === undefined
      ? azureFailure(404, "TF401232: The work item does not exist.")
      : changed(c, found);
  });
}
