// The program is the package's own; what it makes is settings, in Pulumi.yaml and Pulumi.STACK.yaml.
module.exports = require("apponly/program");
