/** What pipelines receive of a generation waits until the certificate is registered. */
import * as pulumi from "@pulumi/pulumi";
import { CertificateCredential } from "../../../components/certificateCredential";
import { makeCertificate } from "../../support/certificates";

const { privateKeyPem, certificatePem } = makeCertificate({ commonName: "contoso.org" });

test("a certificate is handed over once it is registered, and not before", async () => {
  let register: () => void = () => undefined;
  const registered = new Promise<void>((resolve) => {
    register = resolve;
  });
  await pulumi.runtime.setMocks(
    {
      async newResource({ type, name, inputs }) {
        if (type === "azuread:index/applicationCertificate:ApplicationCertificate") {
          await registered;
        }
        return { id: name, state: { ...inputs, privateKeyPem, certPem: certificatePem } };
      },
      call: () => ({}),
    },
    "apponly",
    "dev",
  );
  const generation = { name: "2026-11", subject: "contoso.org" };
  const one = new CertificateCredential("g", { applicationId: "/applications/1", generation });
  const { thumbprint, thumbprintSha256, cer, notAfter, pfx, generated } = one;
  const handedOver: string[] = [];
  for (const [name, output] of Object.entries({
    thumbprint,
    thumbprintSha256,
    cer,
    notAfter,
    pfx,
  })) {
    output.apply(() => handedOver.push(name));
  }
  expect(generated).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(handedOver).toEqual([]);
  register();
  await pulumi.runtime.disconnect();
  expect(handedOver.sort()).toEqual(["cer", "notAfter", "pfx", "thumbprint", "thumbprintSha256"]);
});
