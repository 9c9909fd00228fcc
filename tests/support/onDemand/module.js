/** Stands for a module that is loaded when something of it is asked for. */
module.exports = (load) =>
  new Proxy(function module() {}, {
    get: (_, name) => load()[name],
    has: (_, name) => name in load(),
    construct: (_, args) => new (load())(...args),
    apply: (_, self, args) => load().apply(self, args),
  });
