const fromSdk = require("./fromSdk");

/** What the SDK uses of semver, whose index loads each of its functions; the rest comes from there. */
const parts = {
  SemVer: "classes/semver",
  eq: "functions/eq",
  gt: "functions/gt",
  lt: "functions/lt",
  parse: "functions/parse",
};

module.exports = new Proxy(
  {},
  {
    get: (_, name) =>
      name === "__esModule" ||
      (Object.hasOwn(parts, name)
        ? fromSdk(`semver/${parts[name]}`)
        : fromSdk("semver/index.js")[name]),
  },
);
