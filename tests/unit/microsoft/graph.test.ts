/**
 * Microsoft Graph's reader against the simulated tenant: pages to the end, batches, and what is
 * throttled or refused inside of one. Not proven here: Graph's own limits.
 */
import type { Client } from "@microsoft/microsoft-graph-client";
import { askTogether, readTogether } from "../../../microsoft/graph/batch";
import { graphClient, readAll } from "../../../microsoft/graph/client";
import { deployerToken } from "../../simulator/support/clients";
import { simulated } from "../../simulator/support/simulated";

const context = simulated();
let graph: Client;
let waited: number[];

const pause = (milliseconds: number) => {
  waited.push(milliseconds);
  return Promise.resolve();
};

beforeEach(async () => {
  const { graph: address, login } = context.simulator.endpoints;
  waited = [];
  graph = graphClient({ graph: address, login }, await deployerToken(context));
});

async function makeApplications(count: number): Promise<string[]> {
  const made: { id: string }[] = [];
  for (let index = 0; index < count; index += 1) {
    made.push((await graph.api("/applications").post({ displayName: `App ${index}` })) as never);
  }
  context.simulator.journal.clear();
  return made.map(({ id }) => id);
}

const requestsOfBatches = () =>
  context.simulator.journal.entries().filter(({ path }) => path.endsWith("/$batch")).length;

test("a list is read to its last page", async () => {
  await makeApplications(5);
  const names = await readAll<{ displayName: string }>(graph, "/applications?$top=2");
  expect(names.map(({ displayName }) => displayName).sort()).toEqual(
    expect.arrayContaining(["App 0", "App 4"]),
  );
});

test.each([
  "/applications/../users",
  "/directory/deletedItems/x/%2e%2e/y",
  "/applications/a\\b",
  "/applications/a#b",
  "/applications/a%2f..%2fb",
  "/applications/a b",
])("an id that leads elsewhere is not asked for: %s", async (path) => {
  context.simulator.journal.clear();
  const refused = "is not a path of Microsoft Graph, and was not asked for.";
  await expect(graph.api(path).get()).rejects.toThrow(refused);
  await expect(readTogether(graph, ["/applications", path], pause)).rejects.toThrow(refused);
  expect(context.simulator.journal.entries()).toEqual([]);
});

test("forty-one objects are read in three requests, in the order asked for", async () => {
  const ids = await makeApplications(41);
  const read = await readTogether(
    graph,
    ids.map((id) => `/applications/${id}?$select=id`),
    pause,
  );
  expect(read.map((one) => (one as { id: string }).id)).toEqual(ids);
  expect(requestsOfBatches()).toBe(3);
  expect(waited).toEqual([]);
});

test("what is throttled inside of a batch is asked for again by itself, after as long as Graph says", async () => {
  const [first = "", second = ""] = await makeApplications(2);
  context.tenant.faults.add({
    kind: "throttle",
    retryAfterSeconds: 7,
    times: 1,
    match: { method: "GET", path: new RegExp(second) },
  });
  const read = await readTogether(
    graph,
    [`/applications/${first}`, `/applications/${second}`],
    pause,
  );
  expect(read).toMatchObject([{ id: first }, { id: second }]);
  expect(waited).toEqual([7_000]);
  const reads = context.simulator.journal.entries().map(({ path }) => path.split("/").pop());
  expect(reads.filter((path) => path === first)).toHaveLength(1);
});

test("a part that is refused fails the whole, and is never taken for nothing", async () => {
  const [id = ""] = await makeApplications(1);
  const missing = "00000000-0000-4000-8000-000000000001";
  await expect(
    readTogether(graph, [`/applications/${id}`, `/applications/${missing}`], pause),
  ).rejects.toMatchObject({ statusCode: 404, code: "Request_ResourceNotFound" });
});

test("a part that is refused takes nothing else with it where each is asked for itself", async () => {
  const [id = ""] = await makeApplications(1);
  const missing = "00000000-0000-4000-8000-000000000001";
  const [found, lost] = await askTogether(
    graph,
    [`/applications/${id}`, `/applications/${missing}`],
    pause,
  );
  expect(found).toMatchObject({ value: { id } });
  expect(lost).toMatchObject({ error: { statusCode: 404 } });
});
