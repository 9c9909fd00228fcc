/**
 * One comment, whoever writes when: runs are interleaved at every request in every order that
 * fast-check finds. Not proven here: the forges' own interfaces, and that of two runs for the same
 * commit the newer one wins where the older one's write is under way while the newer one looks for
 * the last time; forges have no conditional writes.
 */
import fc from "fast-check";
import { type CommentStore, keepOneComment, type Report } from "../../../forge/keepOneComment";
import { runOfComment, withMarker } from "../../../forge/marker";

const head = "a".repeat(40);
const report = (run: number, at = head): Report => ({
  run: { key: ".", head: at, run: String(run), attempt: 1 },
  text: `report of run ${run}\n`,
  attention: true,
});

class MemoryStore implements CommentStore {
  comments: { id: number; body: string }[] = [];
  tip = head;
  private next = 1;

  constructor(private readonly turn: (what: string) => Promise<void> = () => Promise.resolve()) {}

  async list() {
    await this.turn("list");
    return this.comments.map((one) => ({ ...one }));
  }

  async create(body: string) {
    await this.turn("create");
    const comment = { id: this.next++, body };
    this.comments.push(comment);
    return { ...comment };
  }

  async update(id: number, body: string) {
    await this.turn("update");
    const found = this.comments.find((one) => one.id === id);
    if (found !== undefined) {
      found.body = body;
    }
    return found && { ...found };
  }

  async remove(id: number) {
    await this.turn("remove");
    this.comments = this.comments.filter((one) => one.id !== id);
  }

  async currentHead() {
    await this.turn("head");
    return this.tip;
  }
}

test("creates, then updates the same comment", async () => {
  const store = new MemoryStore();
  expect(await keepOneComment(store, report(1))).toEqual({ outcome: "created" });
  expect(await keepOneComment(store, report(2))).toEqual({ outcome: "updated" });
  expect(store.comments).toEqual([
    {
      id: 1,
      body: `<!-- apponly-review key=. head=${head} run=2 attempt=1 -->\nreport of run 2\n`,
    },
  ]);
});

test("an older run does not overwrite a newer report", async () => {
  const store = new MemoryStore();
  await keepOneComment(store, report(10));
  expect(await keepOneComment(store, report(9))).toEqual({ outcome: "outdated" });
  expect(store.comments[0]?.body).toContain("report of run 10");
});

test("numbers of runs are compared as numbers, however long", async () => {
  const store = new MemoryStore();
  await keepOneComment(store, {
    ...report(0),
    run: { key: ".", head, run: "9007199254740993", attempt: 1 },
  });
  expect(
    await keepOneComment(store, {
      ...report(0),
      run: { key: ".", head, run: "9007199254740992", attempt: 9 },
    }),
  ).toEqual({ outcome: "outdated" });
});

test("nothing is written for a commit that is no longer the tip", async () => {
  const store = new MemoryStore();
  store.tip = "b".repeat(40);
  expect(await keepOneComment(store, report(1))).toEqual({ outcome: "outdated" });
  expect(store.comments).toEqual([]);
});

test("where nothing is to be said, no comment is created, but an old one is updated", async () => {
  const store = new MemoryStore();
  const quiet = { ...report(2), createIfMissing: false };
  expect(await keepOneComment(store, quiet)).toEqual({ outcome: "none" });
  await keepOneComment(store, report(1));
  expect(await keepOneComment(store, quiet)).toEqual({ outcome: "updated" });
});

test("a comment that somebody deletes meanwhile is written again", async () => {
  const store = new MemoryStore();
  await keepOneComment(store, report(1));
  const update = store.update.bind(store);
  store.update = async (id, body) => {
    store.comments = [];
    store.update = update;
    return update(id, body);
  };
  await keepOneComment(store, report(2));
  expect(store.comments.map(({ body }) => runOfComment(body)?.run)).toEqual(["2"]);
});

test("a list that lags behind a write does not make a second comment", async () => {
  const store = new MemoryStore();
  const list = store.list.bind(store);
  let lists = 0;
  store.list = async () => {
    lists += 1;
    return lists === 2 ? [] : list();
  };
  await keepOneComment(store, report(1));
  expect(store.comments).toHaveLength(1);
});

test("two runs that both create leave the newest report in the oldest comment", async () => {
  for (const order of [
    [1, 2],
    [2, 1],
  ]) {
    const store = new MemoryStore();
    const waiting: (() => void)[] = [];
    const list = store.list.bind(store);
    let lists = 0;
    // Both have looked before either has written.
    store.list = async () => {
      const found = await list();
      lists += 1;
      if (lists < 2) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else {
        waiting.forEach((go) => go());
      }
      return found;
    };
    await Promise.all(order.map((run) => keepOneComment(store, report(run))));
    expect(store.comments).toEqual([
      { id: 1, body: expect.stringContaining("report of run 2") as unknown },
    ]);
  }
});

test("runs at once leave one whole comment, in whatever order requests arrive", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 2, max: 3 }),
      fc.boolean(),
      async (scheduler, runs, existing) => {
        const store = new MemoryStore((what) => scheduler.schedule(Promise.resolve(), what));
        if (existing) {
          store.comments.push({ id: 0, body: withMarker(report(0).run, report(0).text) });
        }
        const kept = Array.from({ length: runs }, (_, at) => keepOneComment(store, report(at + 1)));
        await scheduler.waitFor(Promise.all(kept));
        expect(store.comments).toHaveLength(1);
        const { body } = store.comments[0]!;
        expect(body).toContain(`report of run ${runOfComment(body)?.run}`);
        expect(Number(runOfComment(body)?.run)).toBeGreaterThan(0);
      },
    ),
    { numRuns: 300 },
  );
});
