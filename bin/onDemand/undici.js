/**
 * What requests use of undici, whose version is fixed: its index loads web sockets, caches and a mock
 * server too.
 */
Object.assign(require("undici/lib/dispatcher/dispatcher").prototype, require("undici/lib/api"));

module.exports = {
  Agent: require("undici/lib/dispatcher/agent"),
  EnvHttpProxyAgent: require("undici/lib/dispatcher/env-http-proxy-agent"),
  setGlobalDispatcher: require("undici/lib/global").setGlobalDispatcher,
  // Only packages with requests of their own use it.
  get fetch() {
    return require("undici/lib/web/fetch").fetch;
  },
};
