/** What begins a text in a script, and where it ends. */
const textKinds: readonly (readonly [begin: RegExp, end: RegExp])[] = [
  [/<#/y, /#>/g],
  [/#/y, /(?=\n)|$/g],
  [/@"[ \t]*\r?\n/y, /\n"@/g],
  [/@'[ \t]*\r?\n/y, /\n'@/g],
  [/"/y, /(?<!`)(?:``)*"(?!")/g],
  [/'/y, /'(?!')/g],
];

/** A word without quotes, before a comma. */
const wordBefore = /(?:^|[\s,(|;{:=])[A-Za-z*][\w*.\\/-]*\s*$/;
/** A word without quotes, after a comma. */
const wordAfter = /^\s*[A-Za-z*]/;

/**
 * A script in which nothing is written between the words of a list, as in
 * `-RecipientTypeDetails UserMailbox,SharedMailbox`: the grammar knows lists of texts and variables,
 * and none of words without quotes. Nothing moves, and a line that ends in a comma goes on.
 *
 * @see https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_parsing
 */
export function withoutCommas(source: string): string {
  const parts: string[] = [];
  let kept = 0;
  let brackets = 0;
  for (let at = 0; at < source.length; at += 1) {
    const end = endOfText(source, at);
    if (end > at) {
      at = end - 1;
      continue;
    }
    const sign = source[at];
    if (sign === "`") {
      at += 1;
    } else if (sign === "[" || sign === "]") {
      // Attributes and types have lists of words that the grammar does know.
      brackets = Math.max(0, brackets + (sign === "[" ? 1 : -1));
    } else if (sign === "," && brackets === 0) {
      const [before, after] = [
        source.slice(Math.max(0, at - 200), at),
        source.slice(at + 1, at + 200),
      ];
      if (wordBefore.test(before) || wordAfter.test(after)) {
        const [gap = ""] = /^[ \t]*(?=\r?\n)/.exec(after) ?? [undefined];
        const isLast = /^[ \t]*\r?\n/.test(after);
        parts.push(source.slice(kept, at), isLast ? `${" ".repeat(gap.length)}\`` : " ");
        kept = at + 1 + (isLast ? gap.length : 0);
      }
    }
  }
  return parts.join("") + source.slice(kept);
}

/** A script whose textKinds and comments are blank. Nothing moves. */
export function withoutTexts(source: string): string {
  const parts: string[] = [];
  let kept = 0;
  for (let at = 0; at < source.length; at += 1) {
    const end = endOfText(source, at);
    if (end > at) {
      parts.push(source.slice(kept, at), source.slice(at, end).replace(/[^\r\n]/g, " "));
      kept = end;
      at = end - 1;
    }
  }
  return parts.join("") + source.slice(kept);
}

/** Where a text or comment ends that begins here; here itself where none does. */
function endOfText(source: string, at: number): number {
  for (const [begin, end] of textKinds) {
    begin.lastIndex = at;
    const begun = begin.exec(source);
    if (begun !== null && !(begun[0] === "#" && /[\w$]/.test(source[at - 1] ?? " "))) {
      end.lastIndex = at + begun[0].length;
      const ended = end.exec(source);
      return ended === null ? source.length : ended.index + ended[0].length;
    }
  }
  return at;
}
