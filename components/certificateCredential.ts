import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { CertificateCredentialArgs } from "./args";
import { type CertificateFacts, readCertificate } from "./certificateFacts";
import { childNames } from "./names";
import { keptPfx } from "./pkcs12/keptPfx";
import { friendlyNameFor } from "./pkcs12/options";
import { derivePfxPassword } from "./pkcs12/password";
import { credentialArgs } from "./resolve";
import { isDnsName } from "./subject";
import type { GeneratedCertificate, ResolvedCertificate } from "./validation/resolvedCertificate";

/**
 * One generation of an application's certificate: the key and self-signed certificate, unless a
 * certificate is supplied; the credential on the application; the `.pfx` for those who sign in.
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
  /** Whether the stack made the key; otherwise the certificate was supplied. */
  public readonly generated: boolean;
  /** The `.pfx`, base64, secret; empty for a supplied certificate. */
  public readonly pfx: pulumi.Output<string>;
  /** Password of the `.pfx`, secret; empty for a supplied certificate. */
  public readonly pfxPassword: pulumi.Output<string>;

  constructor(
    name: string,
    args: CertificateCredentialArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const certificate = credentialArgs.resolve(args);
    super("apponly:index:CertificateCredential", name, {}, opts);
    certificates.set(this, certificate);

    const made: CertificateMaterial =
      certificate.kind === "generated"
        ? generate(name, certificate, this)
        : {
            facts: pulumi.output(certificate.facts),
            pfx: pulumi.output(""),
            pfxPassword: pulumi.output(""),
          };
    const credential = register(name, args.applicationId, made.facts, this);
    const facts = valueOnceRegistered(made.facts, credential);

    this.thumbprint = facts.thumbprint;
    this.thumbprintSha256 = facts.thumbprintSha256;
    this.subject = facts.subject;
    this.notBefore = facts.notBefore;
    this.notAfter = facts.notAfter;
    this.cer = facts.cer;
    this.keyId = credential.keyId;
    this.generated = certificate.kind === "generated";
    this.pfx = pulumi.secret(valueOnceRegistered(made.pfx, credential));
    this.pfxPassword = pulumi.secret(made.pfxPassword);
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

// Kept beside the class, so that it is not part of the component package's schema.
const certificates = new WeakMap<pulumi.Resource, ResolvedCertificate>();

/** What a component registers; `undefined` for anything but a {@link CertificateCredential}. */
export function resolvedCertificateOf(
  resource: pulumi.Resource | undefined,
): ResolvedCertificate | undefined {
  return resource && certificates.get(resource);
}

/**
 * Hands a value over once the certificate is registered, so that an update which fails to register
 * it leaves pipelines with the outputs they had. A preview shows the value as soon as it is known.
 */
function valueOnceRegistered<T>(
  value: pulumi.Output<T>,
  credential: azuread.ApplicationCertificate,
): pulumi.Output<T> {
  return pulumi.runtime.isDryRun()
    ? value
    : pulumi.all([value, credential.id]).apply(([known]) => known as T);
}

interface CertificateMaterial {
  facts: pulumi.Output<CertificateFacts>;
  /** Empty, as its password is, where the key is elsewhere. */
  pfx: pulumi.Output<string>;
  pfxPassword: pulumi.Output<string>;
}

function generate(
  name: string,
  { name: generation, subject, keyBits, validityDays, pfxEncryption }: GeneratedCertificate,
  parent: pulumi.Resource,
): CertificateMaterial {
  const key = new tls.PrivateKey(
    childNames.key(name),
    { algorithm: "RSA", rsaBits: keyBits },
    { parent },
  );
  // The provider marks the key secret; wrapping it here keeps that true under any provider.
  const privateKeyPem = pulumi.secret(key.privateKeyPem);
  const certificate = new tls.SelfSignedCert(
    childNames.selfSigned(name),
    {
      privateKeyPem,
      subject,
      ...(isDnsName(subject.commonName) ? { dnsNames: [subject.commonName] } : {}),
      validityPeriodHours: validityDays * 24,
      allowedUses: ["digital_signature", "key_encipherment"],
    },
    { parent },
  );
  const pfxPassword = privateKeyPem.apply((pem) => derivePfxPassword(pem, generation));
  const pfx = pulumi
    .all([privateKeyPem, certificate.certPem, pfxPassword])
    .apply(([keyPem, certificatePem, password]) =>
      keptPfx({
        privateKeyPem: keyPem,
        certificatePem,
        password,
        friendlyName: friendlyNameFor(`${subject.commonName} ${generation}`),
        encryption: pfxEncryption,
        saltSeed: generation,
      }).toString("base64"),
    );
  // A certificate is public even though it was computed with a secret key as an input.
  const facts = pulumi.unsecret(certificate.certPem).apply(readCertificate);
  return { facts, pfx, pfxPassword };
}

function register(
  name: string,
  applicationId: pulumi.Input<string>,
  facts: pulumi.Output<CertificateFacts>,
  parent: pulumi.Resource,
): azuread.ApplicationCertificate {
  return new azuread.ApplicationCertificate(
    childNames.credential(name),
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
