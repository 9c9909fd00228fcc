/**
 * What the SDK asks V8 with when it serializes a function. The SDK's host connects to the debugger before
 * it loads a program, which makes everything that is loaded afterwards slower. Connected when a function
 * is serialized, it tells of every script that was loaded before, too.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/tot/Debugger/#method-enable
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/closure/v8Hooks.ts
 */
const urls = new Map();
let session;

function connect() {
  const { Session } = require("node:inspector");
  require("node:v8").setFlagsFromString("--allow-natives-syntax");
  const connected = new Session();
  connected.connect();
  connected.on("Debugger.scriptParsed", ({ params }) => urls.set(params.scriptId, params.url));
  return new Promise((resolve, reject) => {
    connected.post("Debugger.enable", (error) => (error ? reject(error) : resolve(connected)));
  });
}

module.exports = {
  getSessionAsync: async () => (session ??= connect()),
  isInitializedAsync: async () => undefined,
  getScriptUrl: (id) => urls.get(id),
};
