import { accessOutputs, program } from "../index";
import { sayRejectionsOnce } from "./rejections";

/** The program as Pulumi runs it, whose failures are said in words under Pulumi's own host. */
async function hostedProgram(): Promise<Record<string, unknown>> {
  if (/[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run([\\/]|$)/.test(process.argv[1] ?? "")) {
    sayRejectionsOnce();
    leaveSdkStacksUnmapped();
  }
  return program();
}

/**
 * The SDK takes the stack of every promise that it makes, and its host maps each to the lines of the SDK's
 * own sources, which takes a twelfth of a preview. Errors of the program are mapped as ever.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/debuggable.ts
 */
function leaveSdkStacksUnmapped(): void {
  const mapped = Error.prepareStackTrace?.bind(Error);
  if (mapped !== undefined) {
    Error.prepareStackTrace = (error, frames) =>
      /[\\/]node_modules[\\/]@(pulumi|grpc)[\\/]/.test(frames[0]?.getFileName() ?? "")
        ? [`${error.name}: ${error.message}`, ...frames.map(String)].join("\n    at ")
        : (mapped(error, frames) as unknown);
  }
}

// Pulumi calls what the module itself is; others import the names.
module.exports = Object.assign(hostedProgram, { accessOutputs, program });
