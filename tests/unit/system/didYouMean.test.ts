/** Which word somebody may have meant. */
import { didYouMean, useOneOf } from "../../../system/didYouMean";

const roles = ["Exchange Administrator", "Exchange Recipient Administrator", "Global Reader"];

test.each([
  ["a letter that is missing", "Global Reder", "Global Reader"],
  ["two letters that are swapped", "Golbal Reader", "Global Reader"],
  ["a word that was cut short", "Exchange Admin", "Exchange Administrator"],
  ["another case", "global reader", "Global Reader"],
  ["of two near words the nearer", "Exchange Administrater", "Exchange Administrator"],
])("after %s the word is named", (_, word, meant) => {
  expect(didYouMean(word, roles)).toBe(`Did you mean "${meant}"? `);
});

test.each([["Teams Administrator"], [""], ["x"], ["Exch"], ["Glo"]])(
  "%j is near to none",
  (word) => {
    expect(didYouMean(word, roles)).toBe("");
  },
);

test("a short word is not near to every other short word", () => {
  expect(didYouMean("eu", ["dev", "qa"])).toBe("");
  expect(didYouMean("devv", ["dev", "qa"])).toBe('Did you mean "dev"? ');
});

test("a remedy names the near word first, then all", () => {
  expect(useOneOf("globl", ["global", "china"])).toBe(
    'Did you mean "global"? Use one of: global, china.',
  );
});
