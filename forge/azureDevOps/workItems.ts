import { WorkItemErrorPolicy } from "azure-devops-node-api/interfaces/WorkItemTrackingInterfaces";
import { textOf } from "../../policy/rules/values";
import { escapedHtml } from "../../review/render/htmlPage";
import type { Environment } from "../../system/environment";
import { ForgeFailure } from "../forgeFailure";
import {
  markOfTicket,
  readTicketMark,
  type StoredTicket,
  type TicketStore,
  ticketWay,
  titleOfTicket,
  type WantedTicket,
} from "../tickets";
import { askAzureDevOps, connectAzureDevOps, type Pace } from "./calls";
import { readAzureDevOpsJob } from "./context";
import { accountOf } from "./threads";

/** By this people find the tickets, and the program lists them. */
const ticketTag = "apponly";

/** Ids that a query answers at once: it refuses where there are more than 20,000. */
const wiqlPage = 10_000;

/** Work items that are read at once, the most that the service allows. */
const batchSize = 200;

const workItemNeed = {
  allow:
    '"Edit work items in this node" on the area path, and "Create tag definition" on the project, to the build service account',
  unseen:
    "the token does not see the project's work items. Let the pipeline's job authorization reach the project",
  rule: "Set APPONLY_WORK_ITEM_TYPE to a type of the project's process that asks for no more than a title",
};

/**
 * The tickets as work items of the project whose pipeline runs: those with the tag and the mark that the
 * job's own account has created. The type is that of `APPONLY_WORK_ITEM_TYPE`, else `Task`, which every
 * process of Azure Boards has; which state is open or closed is what the process says.
 *
 * @throws {ForgeFailure} If it is not a job of Azure Pipelines, or has no token.
 * @see https://learn.microsoft.com/azure/devops/boards/work-items/workflow-and-state-categories
 */
export function azureDevOpsWorkItems(environment: Environment, pace: Pace = {}): TicketStore {
  const job = readAzureDevOpsJob(environment);
  const { project } = job;
  const type = environment.APPONLY_WORK_ITEM_TYPE || "Task";
  const connection = connectAzureDevOps(job);
  const ask = <T>(doing: string, call: () => Promise<T>, need = workItemNeed) =>
    askAzureDevOps(doing, pace, call, need);
  let opened: ReturnType<typeof connection.getWorkItemTrackingApi> | undefined;
  const itemsOf = async () =>
    (opened ??= ask("offer its work items", () => connection.getWorkItemTrackingApi()));

  const known = new Map<string, Promise<ReadonlyMap<string, string>>>();
  const categoriesOf = (one: string) => {
    const states = known.get(one) ?? readStates(one);
    known.set(one, states);
    return states;
  };
  const readStates = async (one: string) => {
    const states = await ask(
      `tell the states of the work item type "${one}"`,
      async () => (await itemsOf()).getWorkItemTypeStates(project, one),
      {
        ...workItemNeed,
        unseen:
          "the project has no such type, or the token does not see it. Set APPONLY_WORK_ITEM_TYPE to a type of the project's process",
      },
    );
    return new Map(states.map(({ name = "", category = "" }) => [name, category] as const));
  };
  /** The first state of a category, in the order of the process. */
  const stateOf = async (one: string, category: "Proposed" | "Completed") => {
    const [state] = [...(await categoriesOf(one))].find(([, its]) => its === category) ?? [];
    if (state === undefined) {
      throw new ForgeFailure(
        `Azure DevOps has no state of the category "${category}" for the work item type "${one}". Set APPONLY_WORK_ITEM_TYPE to a type that has one, for example Task.`,
      );
    }
    return state;
  };
  const typeOf = new Map<number, string>();
  const patch = (id: number, doing: string, fields: Readonly<Record<string, string>>) =>
    ask(doing, async () => (await itemsOf()).updateWorkItem(null, patchOf(fields), id, project));

  const read = async (ids: readonly number[], author: string): Promise<StoredTicket[]> => {
    const found = await ask("show the tickets", async () =>
      (await itemsOf()).getWorkItemsBatch(
        { ids: [...ids], fields: fieldsRead, errorPolicy: WorkItemErrorPolicy.Omit },
        project,
      ),
    );
    const tickets: StoredTicket[] = [];
    // What was deleted meanwhile is left out, or null.
    for (const { id = 0, fields = {} } of found.filter((one) => (one as unknown) !== null)) {
      const text = (name: string) => textOf((fields as Record<string, unknown>)[name]) ?? "";
      const by = (fields as Record<string, { id?: string } | undefined>)["System.CreatedBy"]?.id;
      const mark = readTicketMark(text("System.Description"));
      if (mark === undefined || by !== author) {
        continue;
      }
      typeOf.set(id, text("System.WorkItemType"));
      const category = (await categoriesOf(text("System.WorkItemType"))).get(text("System.State"));
      tickets.push({ ...mark, id, status: statusOfCategory(category) });
    }
    return tickets;
  };
  return {
    list: async () => {
      const author = await accountOf(connection, pace);
      const ids: number[] = [];
      for (let page = wiqlPage; page === wiqlPage;) {
        const query = `${wiql} AND [System.Id] > ${ids.at(-1) ?? 0} ORDER BY [System.Id]`;
        const { workItems = [] } = await ask("list the tickets", async () =>
          (await itemsOf()).queryByWiql({ query }, { project }, undefined, wiqlPage),
        );
        page = workItems.length;
        ids.push(...workItems.flatMap(({ id }) => id ?? []));
      }
      const tickets: StoredTicket[] = [];
      for (let at = 0; at < ids.length; at += batchSize) {
        tickets.push(...(await read(ids.slice(at, at + batchSize), author ?? "")));
      }
      return tickets.sort((a, b) => a.id - b.id);
    },
    create: async (ticket) => {
      // Says by itself where the project has no such type.
      await categoriesOf(type);
      await ask("open a ticket", async () =>
        (await itemsOf()).createWorkItem(
          null,
          patchOf({ ...fieldsOf(ticket), "System.Tags": ticketTag }),
          project,
          type,
        ),
      );
    },
    rewrite: async ({ id, status }, ticket) => {
      await patch(id, "update a ticket", {
        ...fieldsOf(ticket),
        ...(status !== "open" && {
          "System.State": await stateOf(typeOf.get(id) ?? type, "Proposed"),
        }),
      });
    },
    close: async ({ id }, duplicateOf) => {
      await patch(id, "close a ticket", {
        "System.State": await stateOf(typeOf.get(id) ?? type, "Completed"),
        "System.History":
          duplicateOf === undefined
            ? "The finding is gone."
            : `The ticket ${duplicateOf.id} is about the same finding.`,
      });
    },
  };
}

const wiql = `SELECT [System.Id] FROM workitems WHERE [System.TeamProject] = @project AND [System.Tags] CONTAINS '${ticketTag}'`;

const fieldsRead = [
  "System.Description",
  "System.State",
  "System.CreatedBy",
  "System.WorkItemType",
];

/** Somebody who has removed a work item does not want it. */
function statusOfCategory(category: string | undefined): StoredTicket["status"] {
  return category === "Removed" ? "declined" : category === "Completed" ? "closed" : "open";
}

/** @see https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/update */
function patchOf(fields: Readonly<Record<string, string>>): object[] {
  return Object.entries(fields).map(([name, value]) => ({
    op: "add",
    path: `/fields/${name}`,
    value,
  }));
}

function fieldsOf(ticket: WantedTicket): Record<string, string> {
  const { about, facts } = ticket;
  const list = facts.map(
    ([name, value]) => `<li><b>${escapedHtml(name)}:</b> ${escapedHtml(value)}</li>`,
  );
  return {
    "System.Title": titleOfTicket(ticket),
    // The service keeps no comments of HTML, so the mark can be seen.
    "System.Description": `<div><p>${markOfTicket(ticket)}</p><p>${escapedHtml(about)}</p><ul>${list.join("")}</ul><p>${ticketWay} Removed, it stays removed.</p></div>`,
  };
}
