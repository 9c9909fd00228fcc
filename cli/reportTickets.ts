/* oxlint-disable typescript/no-require-imports -- see commandTable.ts */
import { lookedAgainIn, type TicketRow, ticketRows } from "../fleet/tickets";
import type { FleetReport } from "../fleet/report/documentShape";
import { ForgeFailure } from "../forge/forgeFailure";
import { keepTickets } from "../forge/keepTickets";
import { commentKey } from "../forge/marker";
import type * as WorkItems from "../forge/azureDevOps/workItems";
import type * as Issues from "../forge/github/issues";
import type { TicketStore, TicketText } from "../forge/tickets";
import type { Environment } from "../system/environment";
import { UsageFailure } from "../system/failure";
import type { Io } from "./io";
import { projectIn } from "./projectFolder";
import { runStep } from "./steps";

/**
 * Keeps a ticket for each tenant and finding of a report where the pipeline's forge keeps its tickets.
 *
 * @throws {UsageFailure} If no pipeline of a forge runs this.
 * @throws {ForgeFailure} If the forge refuses something.
 */
export async function keepReportTickets(
  report: FleetReport,
  io: Pick<Io, "progress">,
  environment: Environment = process.env,
  open = openTicketStore,
): Promise<void> {
  const store = storeOf(open, environment);
  const project = commentKey(await projectPath(environment));
  const wanted = ticketRows(report).map((row) => {
    const { stack, key, foundBy } = row;
    return { project, stack, key, foundBy, ...ticketText(row) };
  });
  await runStep(
    io.progress,
    "Tickets",
    (step) =>
      keepTickets(store, wanted, project, lookedAgainIn(report), (written, of) =>
        step.progress(`${written} of ${of} written`),
      ),
    ({ opened, updated, closed, declined, left }) =>
      `${opened} opened, ${updated} updated, ${closed} closed${declined > 0 ? `, ${declined} left closed` : ""}${left > 0 ? `; ${left} more are written by the next runs` : ""}`,
  );
}

/** What the environment lacks is the command line's fault; nothing is asked yet. */
function storeOf(open: typeof openTicketStore, environment: Environment): TicketStore {
  try {
    return open(environment);
  } catch (error) {
    throw error instanceof ForgeFailure ? new UsageFailure(error.message) : error;
  }
}

/** The forge's client is loaded only where there are tickets. */
function openTicketStore(environment: Environment): TicketStore {
  return environment.TF_BUILD
    ? (require("../forge/azureDevOps/workItems") as typeof WorkItems).azureDevOpsWorkItems(
        environment,
      )
    : (require("../forge/github/issues") as typeof Issues).gitHubIssues(environment);
}

/** Where the project lies in the repository; its root for a folder of records without a project. */
async function projectPath(environment: Environment): Promise<string> {
  const checkout = environment.GITHUB_WORKSPACE ?? environment.BUILD_SOURCESDIRECTORY;
  return projectIn(process.cwd(), checkout).then(
    ({ path }) => path,
    () => "",
  );
}

function ticketText(row: TicketRow): TicketText {
  const { tenant, stack, risk, subject, target, text, remedy, who, when } = row;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Tenant", tenant],
    ["Stack", stack],
    ["Risk", risk],
    ["Concerns", target],
    ["What to do", remedy],
    ["Made so by", who],
    ["When", when],
  ];
  return {
    title: `${tenant}: ${subject}`,
    about: text,
    facts: facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  };
}
