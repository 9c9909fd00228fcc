/**
 * What requests use of undici, whose version is fixed: its index loads web sockets, caches and a mock
 * server too. Whatever else is asked for comes from there.
 */
Object.assign(require("undici/lib/dispatcher/dispatcher").prototype, require("undici/lib/api"));

const parts = {
  Agent: () => require("undici/lib/dispatcher/agent"),
  EnvHttpProxyAgent: () => require("undici/lib/dispatcher/env-http-proxy-agent"),
  setGlobalDispatcher: () => require("undici/lib/global").setGlobalDispatcher,
  // Only packages with requests of their own use it.
  fetch: () => require("undici/lib/web/fetch").fetch,
};

module.exports = new Proxy(
  {},
  {
    get: (_, name) =>
      name === "__esModule" ? undefined : (parts[name]?.() ?? require("undici/index.js")[name]),
  },
);
