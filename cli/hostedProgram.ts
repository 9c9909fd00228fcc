import { accessOutputs, program } from "../index";
import { sayRejectionsOnce } from "./rejections";

/** The program as Pulumi runs it, whose failures are said in words under Pulumi's own host. */
async function hostedProgram(): Promise<Record<string, unknown>> {
  if (/[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run([\\/]|$)/.test(process.argv[1] ?? "")) {
    sayRejectionsOnce();
  }
  return program();
}

// Pulumi calls what the module itself is; others import the names.
module.exports = Object.assign(hostedProgram, { accessOutputs, program });
