/** Closes a run with one plain line, `N passed, N failed`, that people and CI can read alike. */
class SummaryReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.numPendingTests + results.numTodoTests;
    // A file that could not be loaded counts as a failure even though none of its tests ran.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const line = `${results.numPassedTests} passed, ${failed} failed`;
    // jest's own summary is printed after every reporter; this line is to be the last.
    process.once("exit", () => {
      process.stdout.write(`\n${line}${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
    });
  }
}
module.exports = SummaryReporter;
