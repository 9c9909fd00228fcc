const { statSync } = require("node:fs");
const { sep } = require("node:path");
const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Those that take longest first, so that no worker is left with one of them at the end. Which ones
 * did is not known in a fresh clone: those that start a program again and again, then what the engine
 * or a plugin is started for, the longer text first.
 */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) =>
      /checks|rotationEveryRequest|pullRequestAction|lost(Answers|Connection)|signals|package|pfx(Readback|Damage)|hostileCommands/.test(
        path,
      )
        ? 0
        : [`${sep}journeys${sep}`, `${sep}plugins${sep}`].some((place) => path.includes(place))
          ? 1
          : 2;
    return [...tests].sort(
      (one, other) =>
        rank(one) - rank(other) || statSync(other.path).size - statSync(one.path).size,
    );
  }
};
