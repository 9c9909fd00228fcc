const { statSync } = require("node:fs");
const { sep } = require("node:path");
const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Those that take longest first, so that no worker is left with one of them at the end. Which ones
 * did is not known in a fresh clone: those that start a program again and again, then other journeys,
 * the longer text first.
 */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) =>
      /rotationEveryRequest|pullRequestAction|lost(Answers|Connection)|signals|package|pfx(Readback|Damage)/.test(
        path,
      )
        ? 0
        : path.includes(`${sep}journeys${sep}`)
          ? 1
          : 2;
    return [...tests].sort(
      (one, other) =>
        rank(one) - rank(other) || statSync(other.path).size - statSync(one.path).size,
    );
  }
};
