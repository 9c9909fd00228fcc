/** Stands for a module of functions and classes, each of which is loaded when it is called or made. */
module.exports = (load) =>
  new Proxy(
    {},
    {
      get: (_, name) => name === "__esModule" || require("./module")(() => load()[name]),
    },
  );
