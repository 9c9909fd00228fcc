/**
 * The SDK takes the stack of every promise that it makes, for a list of those that never end, which is a
 * tenth of what a program does. Only where that list is asked for it has the stacks.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/debuggable.ts
 */
const fromSdk = require("./fromSdk");
const { debuggablePromise, ...others } = fromSdk("./runtime/debuggable.js");

function withoutStack(promise, context) {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return debuggablePromise(promise, context);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

module.exports = {
  ...others,
  debuggablePromise: process.env.PULUMI_DEBUG_PROMISE_LEAKS ? debuggablePromise : withoutStack,
};
