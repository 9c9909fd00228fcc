/** An error as Key Vault words it. */
export function failure(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
  innererror?: Record<string, unknown>,
): Response {
  return new Response(JSON.stringify({ error: { code, message, innererror } }), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}

/** A name that a deleted one still has. */
export function recoverable(kind: "Certificate" | "Key", name: string): Response {
  return failure(
    409,
    "Conflict",
    `${kind} ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the ${kind.toLowerCase()} can only be recovered or purged.`,
    {},
    { code: "ObjectIsDeletedButRecoverable" },
  );
}
