/**
 * An edit made to a text, given the text as its writer would write it before and after: every line
 * that the edit did not touch stays as it is, with its own line end, indentation, quotes and blanks.
 *
 * @param original The text as a person has it.
 * @param before The same as the writer would write it.
 * @param after What the writer makes of it with the edit.
 * @example editedLines("a:   1\r\nb: 2\r\n", "a: 1\nb: 2\n", "a: 1\nb: 3\n") // "a:   1\r\nb: 3\r\n"
 */
export function editedLines(original: string, before: string, after: string): string {
  const [written, wanted] = [blockLines(before), blockLines(after)];
  const steps = stepsBetween(written, wanted);
  const blocks = blocksOf(blockLines(original), written, linesTouched(steps));
  const end = original.includes("\r\n") ? "\r\n" : "\n";
  const result: string[] = [];
  const add = (lines: readonly string[]) => {
    for (const line of lines) {
      // The last line of a file may have no end; what comes behind it needs one.
      const last = result.at(-1);
      if (last !== undefined && !last.endsWith("\n")) {
        result[result.length - 1] = last + end;
      }
      result.push(line);
    }
  };
  const addWritten = (line = "") => add([line.replace(/\r?\n?$/, end)]);
  let next = 0;
  const addOwnUpTo = (line: number) => {
    for (
      let block = blocks[next];
      block?.count === 0 && block.first <= line;
      block = blocks[next]
    ) {
      add(block.own);
      next += 1;
    }
  };
  for (const { from, to } of steps) {
    if (from === undefined) {
      addWritten(wanted[to ?? 0]);
      continue;
    }
    // Lines that only the person's text has, blank ones for example, stay where they were.
    addOwnUpTo(from);
    const block = blocks[next];
    if (block?.touched === true) {
      if (to !== undefined) {
        addWritten(wanted[to]);
      }
    } else if (from === block?.first) {
      add(block.own);
    }
    if (block !== undefined && from === block.first + block.count - 1) {
      next += 1;
    }
  }
  addOwnUpTo(written.length);
  const text = result.join("");
  return original === "" || original.endsWith("\n") ? text : text.replace(/\r?\n$/, "");
}

/** Lines with their ends. */
function blockLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A line of one text and the same line of the other; one of them only where it has no equal. */
interface Step {
  readonly from?: number;
  readonly to?: number;
}

/** The longest common subsequence of two texts, lines being equal that differ in blanks only. */
function stepsBetween(one: readonly string[], other: readonly string[]): Step[] {
  const [from, to] = [one, other].map((lines) => lines.map((line) => line.replace(/\s+/g, ""))) as [
    string[],
    string[],
  ];
  // Lengths of the longest common subsequences of what begins at each pair of lines.
  const lengths = Array.from({ length: from.length + 1 }, () => new Uint32Array(to.length + 1));
  const lengthAt = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = from.length - 1; i >= 0; i -= 1) {
    for (let j = to.length - 1; j >= 0; j -= 1) {
      lengths[i]![j] =
        from[i] === to[j]
          ? lengthAt(i + 1, j + 1) + 1
          : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  const steps: Step[] = [];
  for (let i = 0, j = 0; i < from.length || j < to.length;) {
    if (i < from.length && j < to.length && from[i] === to[j]) {
      steps.push({ from: i++, to: j++ });
    } else if (i < from.length && (j === to.length || lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
      steps.push({ from: i++ });
    } else {
      steps.push({ to: j++ });
    }
  }
  return steps;
}

/** Lines of the first text that the second has not, and pairs of its lines between which it has more. */
interface Touched {
  readonly removed: ReadonlySet<number>;
  /** The line behind which something was added. */
  readonly addedBehind: ReadonlySet<number>;
}

function linesTouched(steps: readonly Step[]): Touched {
  const [removed, addedBehind] = [new Set<number>(), new Set<number>()];
  let last = -1;
  for (const { from, to } of steps) {
    if (from === undefined) {
      addedBehind.add(last);
    } else {
      last = from;
      if (to === undefined) {
        removed.add(from);
      }
    }
  }
  return { removed, addedBehind };
}

/** Lines of the person's text with the lines of the writer's that stand for them. */
interface Block {
  readonly own: readonly string[];
  readonly first: number;
  readonly count: number;
  readonly touched: boolean;
}

function blocksOf(own: readonly string[], written: readonly string[], edit: Touched): Block[] {
  const blocks: Block[] = [];
  const push = (lines: readonly string[], first: number, count: number) => {
    const indexes = Array.from({ length: count }, (_, at) => first + at);
    const touched =
      indexes.some((line) => edit.removed.has(line)) ||
      indexes.slice(0, -1).some((line) => edit.addedBehind.has(line));
    if (lines.length + count > 0) {
      blocks.push({ own: lines, first, count, touched });
    }
  };
  let [ownAt, writtenAt] = [0, 0];
  for (const { from, to } of [
    ...stepsBetween(own, written),
    { from: own.length, to: written.length },
  ]) {
    if (from !== undefined && to !== undefined) {
      push(own.slice(ownAt, from), writtenAt, to - writtenAt);
      push(own.slice(from, from + 1), to, from < own.length ? 1 : 0);
      [ownAt, writtenAt] = [from + 1, to + 1];
    }
  }
  return blocks;
}
