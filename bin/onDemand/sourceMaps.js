/**
 * Stands for `source-map-support/register`, with which the SDK's host maps where an error was made to the
 * lines of the sources: it is loaded when the first error has lines.
 */
const fromSdk = require("./fromSdk");

const waiting = (error, frames) => {
  if (frames.length === 0) {
    return `${error.name}: ${error.message}`;
  }
  if (Error.prepareStackTrace === waiting) {
    fromSdk("source-map-support").install();
  }
  return Error.prepareStackTrace(error, frames);
};

Error.prepareStackTrace = waiting;
