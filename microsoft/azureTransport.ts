import type { HttpClient } from "@azure/core-rest-pipeline";
import { type HttpRequest, NoAnswer, send } from "./http";

/**
 * How clients of the Azure SDK send: their own way heeds no `SSL_CERT_FILE`, and reads the proxy's
 * variables by rules of its own.
 *
 * @example new CertificateClient(vaultUrl, credential, { httpClient: await azureTransport() });
 * @see https://learn.microsoft.com/javascript/api/@azure/core-rest-pipeline/httpclient
 */
export async function azureTransport(): Promise<HttpClient> {
  const { createHttpHeaders, RestError } = await import("@azure/core-rest-pipeline");
  return {
    async sendRequest(request) {
      const { url, method, headers, body, timeout } = request;
      if (body !== undefined && body !== null && typeof body !== "string") {
        throw new RestError("Only text is sent to Azure.", { request });
      }
      try {
        const answer = await send(url, {
          // TRACE and OPTIONS, which no client of Azure sends, are missing.
          method: method as HttpRequest["method"],
          headers: headers.toJSON({ preserveCase: true }),
          ...(body ? { body } : {}),
          ...(timeout > 0 ? { timeoutMs: timeout } : {}),
        });
        const { status, headers: answered, body: bodyAsText } = answer;
        return { request, status, headers: createHttpHeaders({ ...answered }), bodyAsText };
      } catch (error) {
        throw error instanceof NoAnswer
          ? new RestError(error.message, { code: error.code, request })
          : error;
      }
    },
  };
}
