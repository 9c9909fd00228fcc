/** An error as Azure DevOps words it. */
export function azureFailure(
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify({ $id: "1", message, typeKey: "GitException" }), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}
