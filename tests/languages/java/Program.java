import com.google.gson.Gson;
import com.pulumi.apponly.CertificateCredential;
import com.pulumi.apponly.CertificateCredentialArgs;
import com.pulumi.apponly.ExchangeAppOnly;
import com.pulumi.apponly.ExchangeAppOnlyArgs;
import com.pulumi.apponly.WorkloadGrants;
import com.pulumi.apponly.WorkloadGrantsArgs;
import com.pulumi.apponly.inputs.CertificateGenerationArgs;
import com.pulumi.exchangeonline.ManagementScope;
import com.pulumi.exchangeonline.ManagementScopeArgs;
import com.pulumi.test.Mocks;
import com.pulumi.test.PulumiTest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Makes each component, and one of Exchange's resources, and prints what was made as JSON by type. */
public class Program {
  private static final Map<String, Object> made = new TreeMap<>();

  /** The engine's answer: what is made gets its inputs as its state. */
  private static class Recording implements Mocks {
    @Override
    public CompletableFuture<ResourceResult> newResourceAsync(ResourceArgs one) {
      synchronized (made) {
        made.put(one.type, one.inputs);
      }
      return CompletableFuture.completedFuture(
          ResourceResult.of(Optional.of(one.name + "_id"), one.inputs));
    }
  }

  public static void main(String[] arguments) {
    PulumiTest.withMocks(new Recording())
        .runTest(
            context -> {
              new ExchangeAppOnly(
                  "a",
                  ExchangeAppOnlyArgs.builder()
                      .displayName("A")
                      .workloads("exchange")
                      .directoryRoles("Global Reader")
                      .certificates(
                          CertificateGenerationArgs.builder()
                              .name("2026-11")
                              .subject("contoso.org")
                              .keyBits(3072)
                              .build())
                      .build());
              new WorkloadGrants(
                  "g",
                  WorkloadGrantsArgs.builder()
                      .servicePrincipalObjectId("1")
                      .workloads("exchange")
                      .directoryRoles("Global Reader")
                      .build());
              new CertificateCredential(
                  "c",
                  CertificateCredentialArgs.builder()
                      .applicationId("1")
                      .generation(CertificateGenerationArgs.builder().name("2026-11").build())
                      .build());
              new ManagementScope(
                  "s",
                  ManagementScopeArgs.builder()
                      .name("Sales")
                      .recipientFilter("Department -eq 'Sales'")
                      .build());
            })
        .throwOnError();
    System.out.println(new Gson().toJson(made));
    // The mocked engine's threads would keep the process.
    System.exit(0);
  }
}
