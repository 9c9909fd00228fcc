// Does by azure-identity and Microsoft's Graph client for JavaScript what the argument names.
import {
  ClientCertificateCredential,
  ClientSecretCredential,
  WorkloadIdentityCredential,
} from "@azure/identity";
import { Client, PageIterator } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";

const { TENANT_ID: tenantId, CLIENT_ID: clientId, ...given } = process.env;
const scopes = ["https://graph.microsoft.com/.default"];
const secret = () => new ClientSecretCredential(tenantId, clientId, given.CLIENT_SECRET);
const signIn = async (credential) => ((await credential.getToken(scopes)).token ? "Bearer" : "");

const graph = Client.initWithMiddleware({
  authProvider: new TokenCredentialAuthenticationProvider(secret(), { scopes }),
});

const steps = {
  "sign-in by secret": () => signIn(secret()),
  "sign-in by certificate": () =>
    signIn(new ClientCertificateCredential(tenantId, clientId, given.CLIENT_PEM)),
  "sign-in by workload identity": () =>
    signIn(
      new WorkloadIdentityCredential({
        tenantId,
        clientId,
        tokenFilePath: given.CLIENT_ASSERTION_FILE,
      }),
    ),
  "application made, read with its owners, changed, removed": async () => {
    const { id } = await graph.api("/applications").post({ displayName: "by JavaScript" });
    const one = () => graph.api(`/applications/${id}`);
    const read = await one().select("id,displayName").expand("owners").get();
    await one().patch({ notes: "changed" });
    await one().delete();
    return `${read.displayName}, ${read.owners.length} owners`;
  },
  "pages of service principals": async () => {
    let count = 0;
    const first = await graph.api("/servicePrincipals").top(2).get();
    await new PageIterator(graph, first, () => (count += 1) > 0).iterate();
    return `${count > 2 && first["@odata.nextLink"] !== undefined}`;
  },
  "filter, count and search": async () => {
    await graph.api("/applications").post({ displayName: "Okapi one", tags: ["spotted"] });
    const asked = () => graph.api("/applications").header("ConsistencyLevel", "eventual");
    const filtered = await asked().filter("tags/any(t:t eq 'spotted')").count().get();
    const found = await asked().search('"displayName:okapi"').get();
    return `found ${filtered["@odata.count"]} ${found.value.length}`;
  },
};

console.log(await steps[process.argv[2]]());
