/**
 * RSA keys that are valid, of a permitted size, and still fit into no Windows CSP. Node cannot make
 * them, so OpenSSL does.
 */
import { derivePfxPassword } from "../../components/pkcs12/password";
import { describeWithTool, findOpenssl } from "../support/externalTools";
import { run } from "./readers/contract";

describeWithTool("OpenSSL", findOpenssl(), ({ command }) => {
  test.each([
    ["rsa_keygen_primes:3", "is an RSA key of more than two primes"],
    ["rsa_keygen_pubexp:4294967311", "has a public exponent of more than 32 bits"],
  ])("a key made with %s is refused", (option, rule) => {
    const size = "rsa_keygen_bits:2048";
    const pem = run(command, [
      ...["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", size, "-pkeyopt", option],
    ]);
    expect(() => derivePfxPassword(pem, "2026-11")).toThrow(
      `privateKeyPem: ${rule}, which a Windows CSP cannot keep.`,
    );
  });

  test("a key made with the usual exponent in the same way is accepted", () => {
    const option = "rsa_keygen_pubexp:65537";
    const pem = run(command, ["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", option]);
    expect(derivePfxPassword(pem, "2026-11")).toHaveLength(43);
  });
});
