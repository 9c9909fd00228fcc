/**
 * Writes a stack as Node does. Compiled code has the lines of its source, so that no source map is
 * needed, which jest has asked for by now and which is looked for at every frame of every stack.
 */
Error.prepareStackTrace = (error, frames) =>
  [Error.prototype.toString.call(error), ...frames].join("\n    at ");
