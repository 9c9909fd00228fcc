import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import type { CertificateLimit } from "./catalog/certificateLimit";
import { applicationObjectIdIn } from "./catalog/providerIds";
import { types } from "../policy/rules/types";
import { resolvedCertificateOf } from "./certificateCredential";
import { formatFault } from "./faults";
import { lifetimeFault } from "./validation/certificateLifetime";
import type { ResolvedCertificate } from "./validation/resolvedCertificate";

/**
 * Asks a tenant.
 *
 * @param applicationObjectId Object id of the app registration; absent before it exists.
 */
export type ReadLimit = (applicationObjectId: string | undefined) => Promise<CertificateLimit>;

/**
 * Makes the engine ask, in a preview and in an update, before a certificate is registered, whether
 * the tenant's app management policy lets it live that long. Where nothing is registered nothing is
 * asked. What cannot be found out is a warning.
 *
 * @example
 * const guard = new LifetimeGuard(readLimit);
 * const access = new ExchangeAppOnly("access", args, { transformations: [guard.transformation] });
 * guard.requireGuarded(Object.values(access.certificates));
 * @see https://www.pulumi.com/docs/iac/concepts/options/hooks/
 */
export class LifetimeGuard {
  private readonly guarded = new Set<pulumi.Resource>();
  private readonly limits = new Map<string | undefined, Promise<CertificateLimit>>();
  private warned = false;
  // The engine calls a hook from outside of the program's run, where its log has nowhere to go.
  private readonly inRun = AsyncLocalStorage.snapshot();

  /** @param namespace Prefix of the paths in errors, for example `apponly:`. */
  constructor(
    private readonly readLimit: ReadLimit,
    private readonly namespace = "",
  ) {}

  /**
   * For the components that register certificates. Unlike a transform it sees the resources
   * themselves, so that a certificate's own component says what it registers.
   *
   * @throws {RunError} If a certificate is registered of which nothing is known.
   */
  readonly transformation: pulumi.ResourceTransformation = ({ type, name, props, opts }) => {
    if (type !== types.applicationCertificate) {
      return undefined;
    }
    const certificate = resolvedCertificateOf(opts.parent);
    if (opts.parent === undefined || certificate === undefined) {
      throw new pulumi.RunError(
        `Nothing is known of the certificate that "${name}" registers, so whether the tenant lets it live that long cannot be checked. Register it with CertificateCredential.`,
      );
    }
    this.guarded.add(opts.parent);
    const hook = new pulumi.ResourceHook(
      `${name}-lifetime`,
      ({ newInputs }) => this.inRun(() => this.check(certificate, newInputs?.applicationId)),
      { onDryRun: true },
    );
    return { props, opts: pulumi.mergeOptions(opts, { hooks: { beforeCreate: [hook] } }) };
  };

  /**
   * A guard that guards nothing passes in silence: this says so.
   *
   * @throws {RunError} If one of the certificates is registered without being checked.
   */
  requireGuarded(certificates: readonly pulumi.Resource[]): void {
    const missed = certificates.filter((one) => !this.guarded.has(one));
    if (missed.length > 0) {
      const names = missed
        .map((one) => `"${resolvedCertificateOf(one)?.name ?? "unknown"}"`)
        .join(", ");
      throw new pulumi.RunError(
        `The lifetime of the generations ${names} would not be checked. Hand the guard's transformation to the component that registers them.`,
      );
    }
  }

  private async check(certificate: ResolvedCertificate, applicationId: unknown): Promise<void> {
    const answer = await this.limitOf(applicationObjectIdIn(applicationId));
    if (!answer.known) {
      if (!this.warned) {
        this.warned = true;
        await pulumi.log.warn(answer.why);
      }
      return;
    }
    const fault = answer.limit && lifetimeFault(certificate, answer.limit);
    if (fault !== undefined) {
      throw new Error(formatFault(fault, this.namespace));
    }
  }

  /** Asks once for each application; a check that fails must not stop an update. */
  private limitOf(applicationObjectId: string | undefined): Promise<CertificateLimit> {
    const asked =
      this.limits.get(applicationObjectId) ??
      this.readLimit(applicationObjectId).catch((error: unknown): CertificateLimit => {
        const why = error instanceof Error ? error.message : String(error);
        return {
          known: false,
          why: `The tenant's app management policy could not be read, so a certificate that lives longer than it allows is refused only during the update: ${why}`,
        };
      });
    this.limits.set(applicationObjectId, asked);
    return asked;
  }
}
