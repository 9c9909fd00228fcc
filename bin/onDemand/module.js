/** Stands for a CommonJS module that is loaded when something of it is used. */
module.exports = (load) =>
  new Proxy(function module() {}, {
    // Asked first by every importer, which copies what is not a module of its kind: then all of it would be used.
    get: (_, name) => name === "__esModule" || (name === "default" ? load() : load()[name]),
    has: (_, name) => name in load(),
    construct: (_, args) => new (load())(...args),
    apply: (_, self, args) => load().apply(self, args),
  });
