import { isGuid } from "../../system/guid";
import { jsonText } from "../../system/visibleText";
import { PipelineError, type PipelinePlan } from "./types";

const guid = { test: isGuid };

/**
 * Checks what a pipeline is written from. A platform may read a value before PowerShell does, as
 * GitHub reads `${{` and Azure DevOps `$(`, so that quoting only for PowerShell is not enough.
 *
 * @throws {PipelineError} If a value could be more than itself.
 */
export function checkNames(plan: PipelinePlan): void {
  const { target, identity, environment, federation } = plan;
  check("stack", target.stack, /^[A-Za-z0-9_.-]{1,100}$/, "letters, digits, _ . and -");
  check("tenantId", target.tenantId, guid, "a GUID");
  check("applicationId", target.applicationId, guid, "a GUID");
  check("organization", target.organization, /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, "a domain name");
  if (identity !== "system") {
    check("--identity", identity, guid, "system, or the client id of a managed identity");
  }
  check("--environment", environment, name, "1 to 255 plain characters");
  if (federation !== undefined) {
    const { audience = "", subject } = federation;
    check(
      "federated credential",
      federation.name,
      /^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/,
      credentialForm,
    );
    check("audience", audience, /^[\w:/.~-]*$/, "a plain URI");
    check("subject", subject, name, "1 to 255 plain characters");
  }
}

const credentialForm = "3 to 120 letters, digits, dashes and underscores";

/** Nothing that nobody sees, and nothing that a platform expands or obeys. */
const name = /^(?!.*(\$[({[]|##\[|##vso\[))[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,255}$/iu;

function check(key: string, value: string, rule: Pick<RegExp, "test">, form: string): void {
  if (!rule.test(value)) {
    throw new PipelineError(`${key} ${jsonText(value, 0)} has to be ${form}.`);
  }
}
