/** What is told the time and its surroundings does not look for them: a rule for the linter. */
const rule = {
  create: (context) => ({
    NewExpression(node) {
      if (node.callee.name === "Date" && node.arguments.length === 0) {
        context.report({ node, message: "Take the time." });
      }
    },
    MemberExpression(node) {
      if (node.object.name === "Date" && node.property.name === "now") {
        context.report({ node, message: "Take the time." });
      }
    },
    Identifier(node) {
      if (node.name === "process") {
        context.report({ node, message: "Take what you need of the process." });
      }
    },
  }),
};

export default { meta: { name: "surroundings" }, rules: { "take-what-you-need": rule } };
