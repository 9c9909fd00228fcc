import { literal } from "../connect/literal";
import { ExportError } from "./exportError";
import { secretsOf, variablesOf } from "./pipelineValues";
import type { StackAccess } from "./stackAccess";

/** Methods that are tried in turn where none is asked for: those that need no further file first. */
const preferred = ["certificate-object", "access-token"];

/**
 * A script that sets the variables of the stack and then runs its connect script, one per workload.
 *
 * @param method How the credential is handed over, a name in the output `connect`.
 * @throws {ExportError} If the stack has no such method, or secrets are wanted of a certificate
 * that was supplied.
 */
export function powershellDocument(
  access: StackAccess,
  includeSecrets: boolean,
  method = preferred.find((one) => methodsOf(access).includes(one)),
): string {
  const methods = methodsOf(access);
  if (method === undefined || !methods.includes(method)) {
    throw new ExportError(
      `--method "${method ?? ""}" is not a way in which the stack "${access.stack}" connects. Use one of: ${methods.join(", ")}.`,
      "usage",
    );
  }
  const values = [...variablesOf(access), ...(includeSecrets ? secretsOf(access) : [])];
  return [
    `# App-only access of the stack ${access.stack}.`,
    ...(includeSecrets ? ["# Contains secrets: whoever reads this file has the access."] : []),
    ...values.map(({ name, value }) => `$env:${name} = ${literal(value)}`),
    ...access.workloads.flatMap((workload) => ["", access.connect[workload]?.[method] ?? ""]),
  ].join("\n");
}

/** The methods that every workload of the stack has. */
function methodsOf({ connect, workloads }: StackAccess): string[] {
  const [first = "", ...others] = workloads;
  return Object.keys(connect[first] ?? {}).filter((method) =>
    others.every((workload) => connect[workload]?.[method] !== undefined),
  );
}
