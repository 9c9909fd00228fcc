import type { ConnectInput } from "../../access/connect/recipes";

/** The values of the document's six commands, and every other way to connect. */
export const documentInput: ConnectInput = {
  cloud: "global",
  workloads: ["exchange", "compliance"],
  applicationId: "36ee4c6c-0812-40a2-b820-b22ebd02bce3",
  organization: "contosoelectronics.onmicrosoft.com",
  tenantId: "aaaabbbb-0000-cccc-1111-dddd2222eeee",
  certificate: {
    thumbprint: "012THISISADEMOTHUMBPRINT",
    generation: "2026-11",
    pfxPath: "C:\\Users\\johndoe\\Desktop\\automation-cert.pfx",
  },
  federated: true,
  federatedCredentials: [
    { issuer: "https://token.actions.githubusercontent.com" },
    { issuer: "https://vstoken.dev.azure.com/aaaabbbb-0000-cccc-1111-dddd2222eeee" },
  ],
  managedIdentity: "system",
};
