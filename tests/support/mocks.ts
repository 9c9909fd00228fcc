import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** Ids that the mocked tenant answers with. */
export const mockIds = {
  tenantId: "aaaabbbb-0000-cccc-1111-dddd2222eeee",
  deployer: "11111111-1111-1111-1111-111111111111",
  exchangeOnline: "22222222-2222-2222-2222-222222222222",
  exchangeOnlineProtection: "33333333-3333-3333-3333-333333333333",
};

const resources: Record<string, string> = {
  "00000002-0000-0ff1-ce00-000000000000": mockIds.exchangeOnline,
  "00000007-0000-0ff1-ce00-000000000000": mockIds.exchangeOnlineProtection,
};

/**
 * Mocks the engine. A call or a resource nobody expected fails the test instead of being answered
 * with nothing.
 *
 * @param outputs State of a resource by type, from its inputs.
 */
export async function mockEngine(
  outputs: Record<string, (args: pulumi.runtime.MockResourceArgs) => Record<string, unknown>>,
): Promise<Registered[]> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        const state = outputs[args.type];
        if (state === undefined && !args.type.startsWith("apponly:")) {
          throw new Error(`No mock for a resource of type ${args.type}`);
        }
        registered.push({
          type: args.type,
          name: args.name,
          inputs: args.inputs as Record<string, unknown>,
        });
        return { id: `${args.name}-id`, state: { ...args.inputs, ...state?.(args) } };
      },
      call({ token, inputs }) {
        switch (token) {
          case "azuread:index/getClientConfig:getClientConfig":
            return { tenantId: mockIds.tenantId, clientId: "c", objectId: mockIds.deployer };
          case "azuread:index/getServicePrincipal:getServicePrincipal": {
            const objectId = resources[(inputs as { clientId: string }).clientId];
            if (objectId === undefined) {
              throw new Error("No service principal found");
            }
            return { objectId };
          }
          case "azuread:index/getDomains:getDomains":
            return { domains: [{ domainName: "contoso.onmicrosoft.com", initial: true }] };
          default:
            throw new Error(`No mock for the call ${token}`);
        }
      },
    },
    "apponly",
    "dev",
  );
  // The SDK's mocks take hooks with resources and lack the call that registers one.
  Object.assign(pulumi.runtime.getMonitor() ?? {}, {
    registerResourceHook: (_request: unknown, done: (error: null) => void) => {
      done(null);
    },
  });
  return registered;
}

/** Urns of everything registered so far, without the stack itself. A urn names the chain of parents. */
export function registeredUrns(): string[] {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    getRegisteredResources(): Map<string, unknown>;
  };
  return [...monitor.getRegisteredResources().keys()].filter(
    (urn) => !urn.includes("pulumi:Stack"),
  );
}
