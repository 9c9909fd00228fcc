/**
 * One comment, whoever writes when: runs are interleaved at every request in every order that
 * fast-check finds. Not proven here: the forges' own interfaces, that of two runs for the same
 * commit and the same stacks the newer one wins where the older one's write is under way while the
 * newer one looks for the last time, and that no write takes longer than a part waits; forges have no
 * conditional writes.
 */
import fc from "fast-check";
import { type CommentStore, keepOneComment, type Report } from "../../../forge/keepOneComment";
import {
  commentKey,
  keyOfComment,
  partKey,
  partsOfComment,
  withMarker,
} from "../../../forge/marker";

const head = "a".repeat(40);
const report = (run: number, at = head): Report => ({
  run: { key: ".", head: at, run: String(run), attempt: 1 },
  text: `report of run ${run}\n`,
  attention: true,
  says: "",
});
const runOf = (body = "") => partsOfComment(body)[0]?.run.run;

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

  async settle() {
    await this.turn("settle");
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
      body: `<!-- apponly-review key=. head=${head} run=2 attempt=1 attention -->\nreport of run 2\n`,
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
  expect(store.comments.map(({ body }) => runOf(body))).toEqual(["2"]);
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
          store.comments.push({ id: 0, body: withMarker(report(0)) });
        }
        const kept = Array.from({ length: runs }, (_, at) => keepOneComment(store, report(at + 1)));
        await scheduler.waitFor(Promise.all(kept));
        expect(store.comments).toHaveLength(1);
        const { body } = store.comments[0]!;
        expect(body).toContain(`report of run ${runOf(body)}`);
        expect(Number(runOf(body))).toBeGreaterThan(0);
      },
    ),
    { numRuns: 200 },
  );
});

describe("parts of one review", () => {
  const partOf = (stacks: string[], run = 1, at = head, attempt = 1): Report => ({
    run: { key: ".", part: partKey(stacks), head: at, run: String(run), attempt },
    text: `${stacks.join(" ")} of run ${run}, attempt ${attempt}`,
    attention: stacks.includes("bad"),
    says: `check of ${stacks.length}`,
  });
  const textsIn = (store: MemoryStore) => {
    expect(store.comments).toHaveLength(1);
    return partsOfComment(store.comments[0]!.body).map(({ text }) => text);
  };

  test("stand in one comment under a table, each with its own marker", async () => {
    const store = new MemoryStore();
    await keepOneComment(store, partOf(["b"]));
    await keepOneComment(store, partOf(["a", "bad"]));
    const marker = (part: string, more: string) =>
      `<!-- apponly-review key=. part=${part} head=${head} run=1 attempt=1${more} -->`;
    expect(store.comments[0]?.body.replace(/\n<!-- apponly-write [0-9a-f]{12} -->$/, "")).toBe(
      [
        "<!-- apponly-review key=. parts -->",
        "## Permission changes in 2 parts",
        "",
        "| Part | Result |",
        "| --- | --- |",
        "| `a bad` | check of 2 |",
        "| `b` | check of 1 |",
        "",
        marker("a%20bad", " attention says=check%20of%202"),
        "a bad of run 1, attempt 1",
        marker("b", " says=check%20of%201"),
        "b of run 1, attempt 1",
      ].join("\n"),
    );
  });

  test("are each renewed by their own job, also when it is run again", async () => {
    const store = new MemoryStore();
    for (const stack of ["a", "b", "c"]) {
      await keepOneComment(store, partOf([stack]));
    }
    await keepOneComment(store, partOf(["b"], 1, head, 2));
    expect(await keepOneComment(store, partOf(["b"]))).toEqual({ outcome: "outdated" });
    expect(textsIn(store)).toEqual([
      "a of run 1, attempt 1",
      "b of run 1, attempt 2",
      "c of run 1, attempt 1",
    ]);
  });

  test("of an earlier commit go with the first report of a later one", async () => {
    const store = new MemoryStore();
    await keepOneComment(store, partOf(["a"]));
    await keepOneComment(store, partOf(["b"]));
    store.tip = "b".repeat(40);
    await keepOneComment(store, partOf(["b"], 2, store.tip));
    expect(textsIn(store)).toEqual(["b of run 2, attempt 1"]);
    expect(await keepOneComment(store, partOf(["a"], 1))).toEqual({ outcome: "outdated" });
  });

  test("of some stacks do not overwrite one of all, and one of all replaces older ones", async () => {
    const store = new MemoryStore();
    await keepOneComment(store, report(1));
    await keepOneComment(store, partOf(["a"], 2));
    expect(textsIn(store)).toEqual(["report of run 1", "a of run 2, attempt 1"]);
    await keepOneComment(store, report(3));
    expect(textsIn(store)).toEqual(["report of run 3"]);
    expect(await keepOneComment(store, partOf(["a"], 2))).toEqual({ outcome: "outdated" });
  });

  test("that do not fit lose their details first, and no run undoes another's cut", async () => {
    const store = new MemoryStore();
    const long = (stack: string): Report => ({
      ...partOf([stack]),
      text: [
        `critical of ${stack}`,
        "<details><summary>Details</summary>",
        "x".repeat(12_000),
        "</details>",
        `mild of ${stack}`,
        "<details><summary>Details</summary>",
        ...Array.from({ length: 1_500 }, () => "detail"),
        "</details>",
      ].join("\n"),
    });
    const stacks = ["a", "b", "c", "d"];
    for (const stack of [...stacks, ...stacks]) {
      await keepOneComment(store, long(stack));
    }
    const [{ body } = { body: "" }] = store.comments;
    expect(body.length).toBeLessThan(65_536);
    for (const stack of stacks) {
      expect(body).toContain(`critical of ${stack}\n<details>`);
      expect(body).toContain(`mild of ${stack}\n> **Cut to fit a comment.**`);
    }
    let writes = 0;
    store.update = (id, text) => {
      writes += 1;
      return Promise.resolve({ id, body: text });
    };
    await keepOneComment(store, long("b"));
    expect(writes).toBe(0);
  });

  test("written at once are all there in the end, in whatever order requests arrive", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 2, max: 4 }),
        fc.boolean(),
        async (scheduler, jobs, existing) => {
          const store = new MemoryStore((what) => scheduler.schedule(Promise.resolve(), what));
          if (existing) {
            store.comments.push({ id: 0, body: withMarker(partOf(["s0"], 0)) });
          }
          // Between a look and the write that it leads to; to settle is to outlast those of others.
          const underWay = new Map<number, Promise<void>>();
          const viewOf = (job: number): CommentStore => {
            let end = () => {};
            const asOne = async <T>(run: () => Promise<T>, opens = false) => {
              try {
                return await run();
              } finally {
                end();
                underWay.delete(job);
                if (opens) {
                  underWay.set(job, new Promise((resolve) => (end = resolve)));
                }
              }
            };
            return {
              list: () => asOne(() => store.list(), true),
              create: (body) => asOne(() => store.create(body)),
              update: (id, body) => asOne(() => store.update(id, body)),
              remove: (id) => store.remove(id),
              currentHead: () => store.currentHead(),
              settle: () =>
                asOne(async () => {
                  underWay.delete(job);
                  await Promise.all([...underWay.values(), store.settle()]);
                }),
            };
          };
          const kept = Array.from({ length: jobs }, async (_, at) => {
            const view = viewOf(at);
            await keepOneComment(view, partOf([`s${at}`]));
            await view.settle();
          });
          await scheduler.waitFor(Promise.all(kept));
          expect(textsIn(store)).toEqual(
            Array.from({ length: jobs }, (_, at) => `s${at} of run 1, attempt 1`),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  test("have names of their own, whatever the order of their stacks and however many", () => {
    const many = Array.from({ length: 60 }, (_, at) => `tenant-${at}`);
    const keys = [["dev"], ["dev-tokyo"], ["dev", "dev-tokyo"], many, many.slice(1)].map(partKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(partKey(["b", "a", "b"])).toBe(partKey(["a", "b"]));
    expect(partKey()).toBe("");
    for (const key of [...keys, commentKey("infra/".repeat(100))]) {
      expect(key).toMatch(/^(?:[\w.]|%[0-9A-F]{2}){1,300}$/);
    }
  });

  test("are read from whatever somebody has written into the comment", () => {
    const marker = `<!-- apponly-review key=. part=%FF%zz head=${head} run=1 attempt=1 says=%E0%A4%A -->`;
    expect(partsOfComment(`${marker}\ntext`)).toHaveLength(1);
    expect(partsOfComment("text")).toEqual([]);
    expect(keyOfComment(`text\n${marker}`)).toBeUndefined();
  });
});
