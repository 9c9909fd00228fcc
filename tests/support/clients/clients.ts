import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A client as its registry has it, and what is tried with it. */
export interface Client {
  readonly name: string;
  /** With their versions. */
  readonly packages: readonly string[];
  /** Script that installs them into the current folder. */
  install(packages: readonly string[]): string;
  readonly steps: readonly Step[];
}

interface Step {
  /** What it shows, for the page. */
  readonly name: string;
  /** For the shell, in the folder that the client was installed in. */
  readonly script: string;
  /** What the output has to match. */
  readonly prints: RegExp;
}

const python = (packages: readonly string[]) =>
  `python3 -m venv . && bin/pip install --quiet ${packages.join(" ")}`;
const npm = (packages: readonly string[]) =>
  `npm install --prefix . --no-audit --no-fund --silent ${packages.join(" ")}`;
const go = (program: string) => (packages: readonly string[]) =>
  `cp "$PROGRAMS/${program}" main.go && go mod init clients && go get ${packages.join(" ")} && go build -o client .`;

/** By Maven, and a store that trusts the simulator's authority for the JVM, which reads no PEM. */
const java = (program: string) => (packages: readonly string[]) => {
  const dependencies = packages.map((one) => {
    const [group, artifact, version] = one.split(":");
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return `cat > pom.xml <<'END'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>clients</groupId><artifactId>clients</artifactId><version>1</version><dependencies>${dependencies.join("")}</dependencies></project>
END
mvn --quiet --batch-mode dependency:copy-dependencies -DoutputDirectory=lib
javac -cp 'lib/*' -d . "$PROGRAMS/${program}.java"`;
};

/** A program of this folder, by the Python that the client was installed for. */
const pythonSteps = (program: string, steps: Readonly<Record<string, RegExp>>): Step[] =>
  Object.entries(steps).map(([name, prints]) => ({
    name,
    script: `bin/python "$PROGRAMS/${program}" "${name}"`,
    prints,
  }));
/** A program of Node finds its packages beside itself, and asks by the proxy only where it is told. */
const nodeSteps = (program: string, steps: Readonly<Record<string, RegExp>>): Step[] =>
  Object.entries(steps).map(([name, prints]) => ({
    name,
    script: `cp "$PROGRAMS/${program}" . && NODE_USE_ENV_PROXY=1 node ${program} "${name}"`,
    prints,
  }));
const goSteps = (steps: Readonly<Record<string, RegExp>>): Step[] =>
  Object.entries(steps).map(([name, prints]) => ({ name, script: `./client "${name}"`, prints }));

const javaSteps = (program: string, steps: Readonly<Record<string, RegExp>>): Step[] =>
  Object.entries(steps).map(([name, prints]) => ({
    name,
    script: `rm -f trust.p12; keytool -importcert -noprompt -alias simulator -file "$SSL_CERT_FILE" -keystore trust.p12 -storepass changeit 2>/dev/null; address=\${HTTPS_PROXY#http://}; java -cp '.:lib/*' -Djavax.net.ssl.trustStore=trust.p12 -Djavax.net.ssl.trustStorePassword=changeit -Dhttps.proxyHost="\${address%:*}" -Dhttps.proxyPort="\${address#*:}" ${program} "${name}"`,
    prints,
  }));

const azureLogin = `bin/az login --service-principal --username "$CLIENT_ID" --tenant "$TENANT_ID" --allow-no-subscriptions --query '[].user.type' -o tsv`;
const azure = (name: string, script: string, prints: RegExp): Step => ({ name, script, prints });
const m365 = "node_modules/.bin/m365";

/** The commands of the page that give the deployer its first role in Exchange, with the ids filled in. */
const firstExchangeRole = (() => {
  const page = readFileSync(join(__dirname, "../../../docs/how-to/exchange-roles.md"), "utf8");
  const commands =
    /^```sh\n(graph=.*)\n(az rest --method get .*)\n(az rest --method post .*)\n```$/m.exec(page);
  if (commands === null) {
    throw new Error("docs/how-to/exchange-roles.md gives no commands for the first role");
  }
  const [, address = "", find = "", assign = ""] = commands;
  const filled = assign.replace("OBJECT-ID", `'"$object"'`).replace("ROLE-ID", `'"$role"'`);
  return `${address}; role=$(${find}); object=$(az ad sp show --id "$CLIENT_ID" --query id -o tsv); ${filled}`;
})();

/** Every client, the quick ones first. */
export const clients: readonly Client[] = [
  {
    name: "MSAL for Python",
    packages: ["msal==1.39.0", "cryptography==50.0.2", "requests"],
    install: python,
    steps: pythonSteps("msalClient.py", {
      "sign-in by secret": /^Bearer$/m,
      "sign-in by certificate": /^Bearer$/m,
      "sign-in by federated token": /^Bearer$/m,
      "a wrong secret is AADSTS7000215": /^invalid_client AADSTS7000215$/m,
    }),
  },
  {
    name: "azure-identity and Graph SDK for Python",
    packages: ["azure-identity==1.27.0", "msgraph-sdk==1.65.0"],
    install: python,
    steps: pythonSteps("graphClient.py", {
      "sign-in by secret": /^Bearer$/m,
      "sign-in by certificate": /^Bearer$/m,
      "sign-in by workload identity": /^Bearer$/m,
      "application made, read with its owners, changed, removed": /^made and removed$/m,
      "pages of service principals": /^pages [2-9]/m,
      "filter, count and search": /^found 1 1$/m,
      "delta of applications": /^changed 1 removed 1$/m,
    }),
  },
  {
    name: "azure-identity and Graph client for JavaScript",
    packages: ["@azure/identity@4.13.1", "@microsoft/microsoft-graph-client@3.0.7"],
    install: npm,
    steps: nodeSteps("graphClient.mjs", {
      "sign-in by secret": /^Bearer$/m,
      "sign-in by certificate": /^Bearer$/m,
      "sign-in by workload identity": /^Bearer$/m,
      "application made, read with its owners, changed, removed": /^by JavaScript, \d owners$/m,
      "pages of service principals": /^true$/m,
      "filter, count and search": /^found 1 1$/m,
    }),
  },
  {
    name: "MSAL for Go",
    packages: ["github.com/AzureAD/microsoft-authentication-library-for-go@v1.10.1"],
    install: go("msalClient.go"),
    steps: goSteps({
      "sign-in by secret": /^token$/m,
      "sign-in by certificate": /^token$/m,
      "sign-in by federated token": /^token$/m,
    }),
  },
  {
    name: "MSAL, azure-identity and Graph SDK for Java",
    packages: [
      "com.microsoft.azure:msal4j:1.26.1",
      "com.azure:azure-identity:1.18.4",
      "com.microsoft.graph:microsoft-graph:6.65.0",
    ],
    install: java("JavaClient"),
    steps: javaSteps("JavaClient", {
      "MSAL: sign-in by secret": /^token$/m,
      "MSAL: sign-in by certificate": /^token$/m,
      "MSAL: sign-in by federated token": /^token$/m,
      "MSAL: a wrong secret is AADSTS7000215": /^invalid_client AADSTS7000215$/m,
      "azure-identity: sign-in by secret": /^token$/m,
      "azure-identity: sign-in by certificate": /^token$/m,
      "azure-identity: sign-in by federated token": /^token$/m,
      "Graph SDK: application made, read, changed and removed": /^java-try tried 0$/m,
      "Graph SDK: pages of service principals": /^found [5-9]$/m,
    }),
  },
  {
    name: "Azure CLI",
    packages: ["azure-cli==2.91.0"],
    install: python,
    steps: [
      azure("login by secret", `${azureLogin} --password="$CLIENT_SECRET"`, /^servicePrincipal$/m),
      ...[
        "https://outlook.office365.com",
        "https://ps.compliance.protection.outlook.com",
        "https://graph.microsoft.com",
      ].map((resource) =>
        azure(
          `get-access-token for ${new URL(resource).host}`,
          `bin/az account get-access-token --resource ${resource} --query tokenType -o tsv`,
          /^Bearer$/m,
        ),
      ),
      azure("logout", "bin/az logout && ! bin/az account show", /Please run 'az login'/),
      azure(
        "login by federated token",
        `${azureLogin} --federated-token "$(cat "$CLIENT_ASSERTION_FILE")"`,
        /^servicePrincipal$/m,
      ),
      azure(
        "login by certificate",
        `bin/az logout; ${azureLogin} --certificate "$CLIENT_PEM"`,
        /^servicePrincipal$/m,
      ),
      azure(
        "ad app create, show, update, list",
        "app=$(bin/az ad app create --display-name az-try --query appId -o tsv); bin/az ad app update --id $app --set notes=tried; bin/az ad app show --id $app --query notes -o tsv; bin/az ad app list --display-name az-try --query '[].displayName' -o tsv",
        /^tried\naz-try$/m,
      ),
      azure(
        "ad app permission add, credential reset, owner list",
        "app=$(bin/az ad app list --display-name az-try --query '[0].appId' -o tsv); bin/az ad app permission add --id $app --api 00000002-0000-0ff1-ce00-000000000000 --api-permissions dc50a0fb-09a3-484d-be87-e023b12c6440=Role; bin/az ad app permission list --id $app --query '[].resourceAccess[].type' -o tsv; bin/az ad app credential reset --id $app --query tenant -o tsv; bin/az ad app credential list --id $app --query 'length(@)'; bin/az ad app owner list --id $app --query 'length(@)'",
        /^Role\n[0-9a-f-]{36}\n1\n0$/m,
      ),
      azure(
        "ad app federated-credential create, show, update, delete",
        `app=$(bin/az ad app list --display-name az-try --query '[0].appId' -o tsv); bin/az ad app federated-credential create --id $app --parameters '{"name":"pipeline","issuer":"https://token.actions.githubusercontent.com","subject":"repo:a/b:ref:refs/heads/main","audiences":["api://AzureADTokenExchange"]}' --query name -o tsv; bin/az ad app federated-credential update --id $app --federated-credential-id pipeline --parameters '{"name":"pipeline","issuer":"https://token.actions.githubusercontent.com","subject":"repo:a/c:ref:refs/heads/main","audiences":["api://AzureADTokenExchange"]}'; bin/az ad app federated-credential show --id $app --federated-credential-id pipeline --query subject -o tsv; bin/az ad app federated-credential delete --id $app --federated-credential-id pipeline; bin/az ad app federated-credential list --id $app --query 'length(@)'`,
        /^pipeline\nrepo:a\/c:ref:refs\/heads\/main\n0$/m,
      ),
      azure(
        "ad sp create, show, list, credential reset, delete; create-for-rbac",
        "app=$(bin/az ad app list --display-name az-try --query '[0].appId' -o tsv); bin/az ad sp create --id $app --query displayName -o tsv; bin/az ad sp list --display-name az-try --query '[].servicePrincipalType' -o tsv; bin/az ad sp credential reset --id $app --query tenant -o tsv >/dev/null; bin/az ad sp owner list --id $app --query 'length(@)'; bin/az ad sp delete --id $app; bin/az ad sp create-for-rbac --name az-rbac --create-cert --query displayName -o tsv; bin/az ad app delete --id $app",
        /^az-try\nApplication\n0\naz-rbac$/m,
      ),
      azure(
        "ad group and ad user",
        "bin/az ad group create --display-name az-group --mail-nickname az-group --query displayName -o tsv; ada=$(bin/az ad user show --id ada@contoso.onmicrosoft.com --query id -o tsv); bin/az ad group member add --group az-group --member-id $ada; bin/az ad group member check --group az-group --member-id $ada --query value; bin/az ad user list --query '[].displayName' -o tsv; bin/az ad user get-member-groups --id $ada --query '[].displayName' -o tsv; bin/az ad group delete --group az-group",
        /^az-group\ntrue\nAda\naz-group$/m,
      ),
      azure(
        "rest",
        "bin/az rest --url 'https://graph.microsoft.com/v1.0/organization?$select=displayName' --query 'value[].displayName' -o tsv",
        /^Contoso$/m,
      ),
      azure(
        "the first role in Exchange, as docs/how-to/exchange-roles.md gives it",
        `az() { bin/az "$@"; }; ${firstExchangeRole}`,
        /"roleDefinitionId": "[0-9a-f-]{36}"/,
      ),
      azure(
        "what apponly drift prints for tags and claims, which the provider leaves",
        `${["app", "sp"].map((kind) => `id=$(bin/az ad ${kind} list --all --query "[?appId=='$CLIENT_ID'].id" -o tsv); bin/az ad ${kind} update --id $id --set tags='["HideApp"]'; bin/az ad ${kind} show --id $id --query 'length(tags)'; bin/az ad ${kind} update --id $id --set tags='[]'; bin/az ad ${kind} show --id $id --query 'length(tags)'`).join("; ")}; bin/az ad app update --id "$CLIENT_ID" --set optionalClaims='{"accessToken":[{"name":"upn"}]}'; bin/az ad app update --id "$CLIENT_ID" --set optionalClaims='null'; bin/az ad app show --id "$CLIENT_ID" --query 'optionalClaims==null'`,
        /^1\n0\n1\n0\ntrue$/m,
      ),
      azure(
        "login in a cloud that is registered by its metadata, without a proxy",
        `unset HTTPS_PROXY https_proxy; export AZURE_CONFIG_DIR="$AZURE_CONFIG_DIR-own"; bin/az cloud register -n Simulator --endpoint-resource-manager "https://$METADATA_HOST"; bin/az cloud set -n Simulator; bin/az config set core.instance_discovery=false; ${azureLogin} --password="$CLIENT_SECRET"; bin/az ad app list --query '[].displayName' -o tsv`,
        /^servicePrincipal\nDeployer/m,
      ),
    ],
  },
  {
    name: "CLI for Microsoft 365",
    packages: ["@pnp/cli-microsoft365@11.11.0"],
    install: npm,
    steps: [
      {
        name: "sign-in by secret",
        script: `${m365} login --authType secret --appId "$CLIENT_ID" --tenant "$TENANT_ID" --secret "$CLIENT_SECRET" --output json; ${m365} status --output json`,
        prints: /"connectedAs"/,
      },
      {
        name: "sign-in by certificate",
        script: `${m365} logout; ${m365} login --authType certificate --appId "$CLIENT_ID" --tenant "$TENANT_ID" --certificateFile "$CLIENT_PEM" --output json; ${m365} status --output json`,
        prints: /"connectedAs"/,
      },
      {
        name: "entra app add, get, list, remove",
        script: `${m365} entra app add --name m365-try --output json >/dev/null; ${m365} entra app get --name m365-try --query displayName --output text; ${m365} entra app remove --name m365-try --force; ${m365} entra app list --query "[?displayName=='m365-try'] | length(@)" --output text`,
        prints: /^m365-try\n0$/m,
      },
      {
        name: "entra approleassignment add, list, remove",
        script: `id=$(${m365} entra app add --name m365-role --query appId --output text); ${m365} entra enterpriseapp add --id $id --output json >/dev/null; ${m365} entra approleassignment add --appId $id --resource "Office 365 Exchange Online" --scopes Exchange.ManageAsApp --output json >/dev/null; ${m365} entra approleassignment list --appId $id --query '[].roleName' --output text; ${m365} entra approleassignment remove --appId $id --resource "Office 365 Exchange Online" --scopes Exchange.ManageAsApp --force; ${m365} entra approleassignment list --appId $id --query 'length(@)' --output text`,
        prints: /^Exchange\.ManageAsApp\n0$/m,
      },
      {
        name: "exo approleassignment add, entra group add, roledefinition list, pim role assignment list",
        script: `id=$(${m365} entra enterpriseapp get --displayName m365-role --query id --output text); ${m365} exo approleassignment add --roleDefinitionName "Application Mail.Read" --principalId $id --scope tenant --query directoryScopeId --output text; ${m365} entra group add --displayName m365-group --type security --query displayName --output text; ${m365} entra roledefinition list --filter "displayName eq 'Exchange Administrator'" --query '[].displayName' --output text; ${m365} entra pim role assignment list --query 'length(@)' --output text`,
        prints: /^\/\nm365-group\nExchange Administrator\n\d+$/m,
      },
      {
        name: "entra user add, remove, recyclebinitem list and restore; groupsetting add; policy list; administrativeunit member get",
        script: `domain=$(${m365} request --url "@graph/domains" --query 'value[0].id' --output text); id=$(${m365} entra user add --displayName Gone --userName "gone@$domain" --query id --output text); ${m365} entra user remove --id $id --force; ${m365} entra user recyclebinitem list --query '[].displayName' --output text; ${m365} entra user recyclebinitem restore --id $id --output json >/dev/null; ${m365} entra groupsettingtemplate get --displayName Group.Unified --query id --output text; ${m365} entra groupsetting add --templateId 62375ab9-6b52-47ed-826b-58e47e0e304b --DefaultClassification MBI --output json | grep -o Group.Unified; ${m365} entra policy list --type tokenLifetime --query 'length(@)' --output text; ${m365} entra administrativeunit add --displayName m365-unit --output json >/dev/null; ${m365} entra administrativeunit member add --administrativeUnitName m365-unit --userId $id; ${m365} entra administrativeunit member get --administrativeUnitName m365-unit --id $id --properties displayName --query displayName --output text`,
        prints: /^Gone\n62375ab9-6b52-47ed-826b-58e47e0e304b\nGroup\.Unified\n0\nGone$/m,
      },
      {
        name: "entra m365group add, get, user list, renew; group remove, m365group recyclebinitem list and restore",
        script: `id=$(${m365} entra m365group add --displayName m365-team --description Team --mailNickname m365-team --members ada@contoso.onmicrosoft.com --query id --output text); ${m365} entra m365group get --id $id --query mail --output text; ${m365} entra m365group user list --groupId $id --role Member --query '[].displayName' --output text; ${m365} entra m365group renew --id $id; ${m365} entra group remove --id $id --force; ${m365} entra m365group recyclebinitem list --query '[].displayName' --output text; ${m365} entra m365group recyclebinitem restore --id $id --output json >/dev/null; ${m365} entra m365group list --query '[].displayName' --output text`,
        prints: /^m365-team@contoso\.onmicrosoft\.com\nAda\nm365-team\nm365-team$/m,
      },
    ],
  },
  {
    name: "azidentity and Graph SDK for Go",
    packages: [
      "github.com/Azure/azure-sdk-for-go/sdk/azidentity@v1.15.0",
      "github.com/microsoftgraph/msgraph-sdk-go@v1.89.0",
    ],
    install: go("graphClient.go"),
    steps: goSteps({ "application made, read and removed": /^made and removed$/m }),
  },
];
