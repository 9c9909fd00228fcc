import { requestDeployerToken } from "../../../microsoft/deployer/token";
import { openDeployer } from "../../../operations/deployer";
import type { ReadableStack } from "../../../operations/readableStack";

/** A token of Microsoft Graph holds for an hour at least; asked for again long before. */
const reusedForMs = 30 * 60_000;

/**
 * Microsoft Graph tokens of a stack's deployer, who can look up what was granted. Nothing is
 * requested before the first one is wanted; one that was refused is not asked for again at once.
 *
 * @param graph Base of Microsoft Graph to which the token may be sent.
 */
export function deployerGraphToken(stack: ReadableStack, graph: string): () => Promise<string> {
  let asked: { readonly at: number; readonly token: Promise<string> } | undefined;
  return () => {
    if (asked === undefined || Date.now() - asked.at > reusedForMs) {
      asked = { at: Date.now(), token: request(stack, graph) };
    }
    return asked.token;
  };
}

async function request(stack: ReadableStack, graph: string): Promise<string> {
  const { signIn, settings, authority, environment } = await openDeployer(stack);
  if (authority.graph !== graph) {
    throw new Error(`The deployer signs in for ${authority.graph}, not for ${graph}.`);
  }
  return requestDeployerToken(signIn, settings, authority, environment);
}
