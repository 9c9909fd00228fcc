import { X509Certificate } from "node:crypto";
import type { PreviewStep, PreviewSteps, StepState } from "../input/previewSteps";
import { isRecord, listOf, recordOf, textOf, textsOf } from "../input/shape";
import { nameOf } from "../input/urn";
import { knownText } from "../values/values";
import { type Ownership, stackType } from "./ownership";
import { components, selfSignedCertificate } from "./types";

/** What a preview shows of a public certificate. */
export interface CertificateFacts {
  /** SHA-1 thumbprint, upper-case hexadecimal: what pipelines and the portal show. */
  readonly thumbprint?: string;
  readonly subject?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
}

interface Generation extends CertificateFacts {
  readonly name: string;
}

/** The side of a step: before the update, or after it. */
export type Side = "before" | "after";

/**
 * Identifies public certificates. The provider marks the certificate itself secret, so it is taken
 * from what is plain: outputs of the stack and of its components, a self-signed certificate of the
 * `tls` provider, and the configuration.
 */
export class Certificates {
  private readonly outputs: Readonly<Record<Side, readonly Generation[]>>;
  private readonly steps = new Map<string, PreviewStep>();
  private readonly selfSigned: readonly PreviewStep[];
  private readonly configured: ReadonlyMap<string, CertificateFacts>;
  private readonly generations: ReadonlySet<string>;

  constructor(
    preview: PreviewSteps,
    private readonly ownership: Ownership,
  ) {
    const stack = preview.steps.find(({ type }) => type === stackType);
    this.outputs = {
      before: generationsOf(stack?.old?.outputs.certificates),
      after: generationsOf(stack?.new?.outputs.certificates),
    };
    for (const step of preview.steps) {
      this.steps.set(step.urn, step);
    }
    this.selfSigned = preview.steps.filter(({ type }) => type === selfSignedCertificate);
    this.configured = configuredCertificates(preview.config);
    this.generations = new Set([
      ...this.outputs.before.map(({ name }) => name),
      ...this.outputs.after.map(({ name }) => name),
      ...this.configured.keys(),
      ...preview.steps
        .filter(({ type }) => type === components.access)
        .flatMap(({ old, new: next }) => [
          ...textsOf(old?.inputs.generations),
          ...textsOf(next?.inputs.generations),
        ]),
    ]);
  }

  /** Number of generations that the stack's outputs list, where there are any. */
  listed(side: Side): number | undefined {
    const count = this.outputs[side].length;
    return count > 0 ? count : undefined;
  }

  /** Name of a credential's generation, or of the resource where it belongs to none. */
  nameOf(step: PreviewStep): string {
    const parent = this.ownership.parentOf(step.urn);
    return (parent && this.generationOf(parent)) ?? nameOf(step.urn);
  }

  /** Thumbprint, subject and validity of a credential, as far as the preview shows them. */
  factsOf(step: PreviewStep, side: Side): CertificateFacts {
    const state = side === "before" ? step.old : (step.new ?? undefined);
    if (state === undefined) {
      return {};
    }
    const found =
      this.fromComponent(step, side) ??
      this.fromStack(step, side, state) ??
      this.fromSelfSigned(step, side, state) ??
      (side === "after" ? this.fromConfiguration(step) : undefined);
    return { ...validityOf(state), ...found };
  }

  private generationOf(component: string): string | undefined {
    const name = nameOf(component);
    const marker = name.lastIndexOf("-certificate-");
    const generation = marker < 0 ? undefined : name.slice(marker + "-certificate-".length);
    return generation !== undefined && this.generations.has(generation) ? generation : undefined;
  }

  private fromComponent(step: PreviewStep, side: Side): CertificateFacts | undefined {
    const parent = this.steps.get(this.ownership.parentOf(step.urn) ?? "");
    if (parent?.type !== components.certificate) {
      return undefined;
    }
    return factsIn((side === "before" ? parent.old : parent.new)?.outputs);
  }

  private fromStack(step: PreviewStep, side: Side, state: StepState): CertificateFacts | undefined {
    const parent = this.ownership.parentOf(step.urn);
    const name = parent === undefined ? undefined : this.generationOf(parent);
    const generations = this.outputs[side];
    const byName = generations.find((one) => one.name === name);
    const found = byName ?? generations.find((one) => sameValidity(one, validityOf(state)));
    return found?.thumbprint === undefined ? undefined : found;
  }

  private fromSelfSigned(
    step: PreviewStep,
    side: Side,
    state: StepState,
  ): CertificateFacts | undefined {
    const sources = new Set(textsOf(state.propertyDependencies.value));
    const parent = this.ownership.parentOf(step.urn);
    const within = this.steps.get(parent ?? "")?.type === stackType ? undefined : parent;
    const outputsOf = (one: PreviewStep) =>
      recordOf((side === "before" ? one.old : one.new)?.outputs);
    const found = this.selfSigned.find(
      (one) =>
        sources.has(one.urn) ||
        (within !== undefined && this.ownership.parentOf(one.urn) === within) ||
        sameValidity(
          {
            ...optional("notBefore", knownText(outputsOf(one).validityStartTime)),
            ...optional("notAfter", knownText(outputsOf(one).validityEndTime)),
          },
          validityOf(state),
        ),
    );
    const pem = found && knownText(outputsOf(found).certPem);
    return pem === undefined ? undefined : readPublic(pem);
  }

  private fromConfiguration(step: PreviewStep): CertificateFacts | undefined {
    return this.configured.get(this.nameOf(step));
  }
}

function generationsOf(value: unknown): Generation[] {
  return listOf(value).flatMap((one) => {
    const name = textOf(recordOf(one).name);
    return name === undefined ? [] : [{ name, ...factsIn(one) }];
  });
}

function factsIn(value: unknown): CertificateFacts | undefined {
  const { thumbprint, subject, notBefore, notAfter } = recordOf(value);
  const print = knownText(thumbprint);
  return print === undefined
    ? undefined
    : {
        thumbprint: print,
        ...optional("subject", knownText(subject)),
        ...optional("notBefore", knownText(notBefore)),
        ...optional("notAfter", knownText(notAfter)),
      };
}

function validityOf({ inputs, outputs }: StepState): CertificateFacts {
  return {
    ...optional("notBefore", knownText(inputs.startDate) ?? knownText(outputs.startDate)),
    ...optional("notAfter", knownText(inputs.endDate) ?? knownText(outputs.endDate)),
  };
}

function sameValidity(a: CertificateFacts, b: CertificateFacts): boolean {
  return sameInstant(a.notBefore, b.notBefore) && sameInstant(a.notAfter, b.notAfter);
}

/** To the second: the tls provider writes fractions, and Microsoft Graph keeps none. */
function sameInstant(a: string | undefined, b: string | undefined): boolean {
  const [first, second] = [a, b].map((text) => Math.floor(Date.parse(text ?? "") / 1000));
  return first !== undefined && !Number.isNaN(first) && first === second;
}

/** Certificates brought in the configuration are plain there, even where every output is unknown. */
function configuredCertificates(
  config: Readonly<Record<string, string>>,
): Map<string, CertificateFacts> {
  const found = new Map<string, CertificateFacts>();
  for (const generation of listOf(parseJson(config["apponly:certificates"]))) {
    const name = textOf(recordOf(generation).name);
    const source = isRecord(generation) ? textOf(generation.source) : undefined;
    const facts = source === undefined ? undefined : readPublic(source);
    if (name !== undefined && facts !== undefined) {
      found.set(name, facts);
    }
  }
  return found;
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function readPublic(source: string): CertificateFacts | undefined {
  try {
    const certificate = new X509Certificate(
      source.includes("-----BEGIN") ? source : Buffer.from(source, "base64"),
    );
    return {
      thumbprint: certificate.fingerprint.replaceAll(":", ""),
      subject: certificate.subject.split("\n").join(", "),
      notBefore: instant(certificate.validFrom),
      notAfter: instant(certificate.validTo),
    };
  } catch {
    return undefined;
  }
}

function instant(text: string): string {
  return new Date(text).toISOString().replace(".000Z", "Z");
}

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
}
