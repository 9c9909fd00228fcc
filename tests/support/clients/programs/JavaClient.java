import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.identity.ClientAssertionCredentialBuilder;
import com.azure.identity.ClientCertificateCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IClientCredential;
import com.microsoft.aad.msal4j.MsalServiceException;
import com.microsoft.graph.core.tasks.PageIterator;
import com.microsoft.graph.models.Application;
import com.microsoft.graph.models.ServicePrincipal;
import com.microsoft.graph.models.ServicePrincipalCollectionResponse;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** Signs in with Microsoft's libraries for Java, and uses its Graph SDK; the step is the argument. */
public final class JavaClient {
  private static final String SCOPE = "https://graph.microsoft.com/.default";

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "MSAL: sign-in by secret" -> msal(ClientCredentialFactory.createFromSecret(variable("CLIENT_SECRET")));
      case "MSAL: sign-in by certificate" -> msal(ClientCredentialFactory.createFromCertificate(privateKey(), certificate()));
      case "MSAL: sign-in by federated token" -> msal(ClientCredentialFactory.createFromClientAssertion(assertion()));
      case "MSAL: a wrong secret is AADSTS7000215" -> wrongSecret();
      case "azure-identity: sign-in by secret" -> identity(bySecret());
      case "azure-identity: sign-in by certificate" ->
          identity(
              new ClientCertificateCredentialBuilder()
                  .tenantId(variable("TENANT_ID"))
                  .clientId(variable("CLIENT_ID"))
                  .pemCertificate(variable("CLIENT_PEM"))
                  .build());
      case "azure-identity: sign-in by federated token" ->
          identity(
              new ClientAssertionCredentialBuilder()
                  .tenantId(variable("TENANT_ID"))
                  .clientId(variable("CLIENT_ID"))
                  .clientAssertion(JavaClient::assertion)
                  .build());
      case "Graph SDK: application made, read, changed and removed" -> application();
      case "Graph SDK: pages of service principals" -> pages();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    System.exit(0);
  }

  private static void msal(IClientCredential credential) throws Exception {
    ConfidentialClientApplication client =
        ConfidentialClientApplication.builder(variable("CLIENT_ID"), credential)
            .authority("https://login.microsoftonline.com/" + variable("TENANT_ID"))
            .build();
    String token =
        client.acquireToken(ClientCredentialParameters.builder(Set.of(SCOPE)).build()).get().accessToken();
    System.out.println(token.split("\\.").length == 3 ? "token" : "no token");
  }

  private static void wrongSecret() throws Exception {
    try {
      msal(ClientCredentialFactory.createFromSecret("wrong"));
    } catch (ExecutionException problem) {
      MsalServiceException answer = (MsalServiceException) problem.getCause();
      System.out.println(answer.errorCode() + " " + answer.getMessage().split(":")[0]);
    }
  }

  private static TokenCredential bySecret() {
    return new ClientSecretCredentialBuilder()
        .tenantId(variable("TENANT_ID"))
        .clientId(variable("CLIENT_ID"))
        .clientSecret(variable("CLIENT_SECRET"))
        .build();
  }

  private static void identity(TokenCredential credential) {
    String token = credential.getTokenSync(new TokenRequestContext().addScopes(SCOPE)).getToken();
    System.out.println(token.split("\\.").length == 3 ? "token" : "no token");
  }

  private static void application() {
    GraphServiceClient graph = new GraphServiceClient(bySecret(), SCOPE);
    Application wished = new Application();
    wished.setDisplayName("java-try");
    String id = graph.applications().post(wished).getId();
    Application change = new Application();
    change.setNotes("tried");
    graph.applications().byApplicationId(id).patch(change);
    Application read =
        graph
            .applications()
            .byApplicationId(id)
            .get(request -> request.queryParameters.select = new String[] {"displayName", "notes"});
    graph.applications().byApplicationId(id).delete();
    long left =
        graph
            .applications()
            .get(
                request -> {
                  request.queryParameters.filter = "displayName eq 'java-try'";
                  request.queryParameters.count = true;
                  request.headers.add("ConsistencyLevel", "eventual");
                })
            .getOdataCount();
    System.out.println(read.getDisplayName() + " " + read.getNotes() + " " + left);
  }

  private static void pages() throws Exception {
    GraphServiceClient graph = new GraphServiceClient(bySecret(), SCOPE);
    ServicePrincipalCollectionResponse first =
        graph.servicePrincipals().get(request -> request.queryParameters.top = 2);
    int[] found = {0};
    new PageIterator.Builder<ServicePrincipal, ServicePrincipalCollectionResponse>()
        .client(graph)
        .collectionPage(first)
        .collectionPageFactory(ServicePrincipalCollectionResponse::createFromDiscriminatorValue)
        .processPageItemCallback(
            one -> {
              found[0] += 1;
              return true;
            })
        .build()
        .iterate();
    System.out.println("found " + found[0]);
  }

  private static String variable(String name) {
    return System.getenv(name);
  }

  private static String assertion() {
    return pem("CLIENT_ASSERTION_FILE").trim();
  }

  private static PrivateKey privateKey() throws Exception {
    byte[] key = Base64.getMimeDecoder().decode(part("PRIVATE KEY"));
    return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key));
  }

  private static X509Certificate certificate() throws Exception {
    byte[] bytes = Base64.getMimeDecoder().decode(part("CERTIFICATE"));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
  }

  /** What stands in the PEM file between the lines of a label. */
  private static String part(String label) {
    return pem("CLIENT_PEM").split("-----(BEGIN|END) " + label + "-----")[1];
  }

  private static String pem(String variable) {
    try {
      return Files.readString(Path.of(variable(variable)));
    } catch (java.io.IOException problem) {
      throw new IllegalStateException(problem);
    }
  }
}
