import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { CertificateGenerationArgs } from "./args";
import { type CertificateFacts, readCertificate } from "./certificateFacts";
import { createPfx } from "./pkcs12/createPfx";
import { derivePfxPassword } from "./pkcs12/password";
import type { PfxEncryption } from "./pkcs12/options";
import { isDnsName, parseSubject, type Subject } from "./subject";
import { isGenerated } from "./validation/certificates";

/** Arguments of {@link CertificateCredential}. */
export interface CertificateCredentialArgs {
  /** Resource id of the app registration, `/applications/{object id}`. */
  applicationId: pulumi.Input<string>;
  /** The generation: its name, and a certificate to generate or one that is brought. */
  generation: CertificateGenerationArgs;
}

/**
 * One generation of an application's certificate: the key and self-signed certificate, unless a
 * certificate is brought; the credential on the application; the `.pfx` for those who sign in.
 *
 * @example
 * new CertificateCredential("contoso", {
 *   applicationId: application.id,
 *   generation: { name: "2026-11", subject: "contoso.org" },
 * });
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export class CertificateCredential extends pulumi.ComponentResource {
  /** SHA-1 thumbprint, upper-case hexadecimal. */
  public readonly thumbprint: pulumi.Output<string>;
  /** SHA-256 thumbprint, upper-case hexadecimal. */
  public readonly thumbprintSha256: pulumi.Output<string>;
  /** Subject of the certificate. */
  public readonly subject: pulumi.Output<string>;
  /** First instant of validity, whole seconds with `Z`. */
  public readonly notBefore: pulumi.Output<string>;
  /** Last instant of validity, whole seconds with `Z`. */
  public readonly notAfter: pulumi.Output<string>;
  /** Content of a `.cer` file, base64. */
  public readonly cer: pulumi.Output<string>;
  /** Key id of the credential on the app registration. */
  public readonly keyId: pulumi.Output<string>;
  /** Whether the stack made the key; otherwise the certificate was brought. */
  public readonly generated: boolean;
  /** The `.pfx`, base64, secret; empty for a certificate that was brought. */
  public readonly pfx: pulumi.Output<string>;
  /** Password of the `.pfx`, secret; empty for a certificate that was brought. */
  public readonly pfxPassword: pulumi.Output<string>;

  constructor(
    name: string,
    args: CertificateCredentialArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("apponly:index:CertificateCredential", name, {}, opts);
    const { generation } = args;

    const made = isGenerated(generation) ? generate(name, generation, this) : undefined;
    const described = made?.facts ?? pulumi.output(readCertificate(generation.source ?? ""));
    const credential = register(name, args.applicationId, described, this);
    const facts = onceRegistered(described, credential);

    this.thumbprint = facts.thumbprint;
    this.thumbprintSha256 = facts.thumbprintSha256;
    this.subject = facts.subject;
    this.notBefore = facts.notBefore;
    this.notAfter = facts.notAfter;
    this.cer = facts.cer;
    this.keyId = credential.keyId;
    this.generated = made !== undefined;
    this.pfx = pulumi.secret(onceRegistered(made?.pfx ?? pulumi.output(""), credential));
    this.pfxPassword = pulumi.secret(made?.pfxPassword ?? "");
    this.registerOutputs({
      thumbprint: this.thumbprint,
      thumbprintSha256: this.thumbprintSha256,
      subject: this.subject,
      notBefore: this.notBefore,
      notAfter: this.notAfter,
      cer: this.cer,
      keyId: this.keyId,
      pfx: this.pfx,
      pfxPassword: this.pfxPassword,
    });
  }
}

/**
 * Hands a value over once the certificate is registered, so that an update which fails to register
 * it leaves pipelines with the outputs they had. A preview shows the value as soon as it is known.
 */
function onceRegistered<T>(
  value: pulumi.Output<T>,
  credential: azuread.ApplicationCertificate,
): pulumi.Output<T> {
  return pulumi.runtime.isDryRun()
    ? value
    : pulumi.all([value, credential.id]).apply(([known]) => known as T);
}

interface GeneratedMaterial {
  facts: pulumi.Output<CertificateFacts>;
  pfx: pulumi.Output<string>;
  pfxPassword: pulumi.Output<string>;
}

function generate(
  name: string,
  generation: CertificateGenerationArgs,
  parent: pulumi.Resource,
): GeneratedMaterial {
  const subject = requireSubject(generation);
  const key = new tls.PrivateKey(
    `${name}-key`,
    { algorithm: "RSA", rsaBits: generation.keyBits ?? 2048 },
    { parent },
  );
  // The provider marks the key secret; wrapping it here keeps that true under any provider.
  const privateKeyPem = pulumi.secret(key.privateKeyPem);
  const certificate = new tls.SelfSignedCert(
    `${name}-self-signed`,
    {
      privateKeyPem,
      subject,
      ...(isDnsName(subject.commonName) ? { dnsNames: [subject.commonName] } : {}),
      validityPeriodHours: (generation.validityDays ?? 365) * 24,
      allowedUses: ["digital_signature", "key_encipherment"],
    },
    { parent },
  );
  const pfxPassword = privateKeyPem.apply((pem) => derivePfxPassword(pem, generation.name));
  const pfx = pulumi
    .all([privateKeyPem, certificate.certPem, pfxPassword])
    .apply(([keyPem, certificatePem, password]) =>
      createPfx({
        privateKeyPem: keyPem,
        certificatePem,
        password,
        friendlyName: `${subject.commonName} ${generation.name}`,
        encryption: (generation.pfxEncryption ?? "modern") as PfxEncryption,
        saltSeed: generation.name,
      }).toString("base64"),
    );
  // A certificate is public even though it was computed with a secret key as an input.
  const facts = pulumi.unsecret(certificate.certPem).apply(readCertificate);
  return { facts, pfx, pfxPassword };
}

function requireSubject(generation: CertificateGenerationArgs): Subject {
  const subject = parseSubject(generation.subject ?? "");
  if (subject === undefined) {
    throw new pulumi.InputPropertyError({
      propertyPath: "generation.subject",
      reason: `subject of generation "${generation.name}" is neither a DNS name nor a distinguished name with a CN. Write contoso.org, or CN=contoso.org, O=Contoso.`,
    });
  }
  return subject;
}

function register(
  name: string,
  applicationId: pulumi.Input<string>,
  facts: pulumi.Output<CertificateFacts>,
  parent: pulumi.Resource,
): azuread.ApplicationCertificate {
  return new azuread.ApplicationCertificate(
    `${name}-credential`,
    {
      applicationId,
      // Left out, the type is sent empty and read back filled: a replacement at every preview.
      type: "AsymmetricX509Cert",
      encoding: "pem",
      value: facts.pem,
      startDate: facts.notBefore,
      endDate: facts.notAfter,
    },
    { parent },
  );
}
