import { childNames, generationInName } from "../../components/names";
import { readPublicCertificate } from "../../policy/rules/certificateText";
import { isStackUrn, type ViewedResource } from "../../policy/rules/stackView";
import { types } from "../../policy/rules/types";
import {
  listOf,
  asProperty,
  type Properties,
  propertiesOf,
  textOf,
  textsOf,
} from "../../policy/rules/values";
import type { Preview } from "../input/preview";
import { nameInUrn, parseUrn } from "../input/urn";
import { parseJson } from "../input/previewText";

/** What a preview shows of a public certificate. */
export interface ShownCertificate {
  /** SHA-1 thumbprint, upper-case hexadecimal: what pipelines and the portal show. */
  readonly thumbprint?: string;
  readonly subject?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** Where its key is, in words; absent where that is in no vault. */
  readonly keyIn?: string;
}

interface ShownGeneration extends ShownCertificate {
  readonly name: string;
}

/** The view that facts are taken from: before the update, or after it. */
export type Side = "before" | "after";

/**
 * Identifies public certificates. The provider marks the certificate itself secret, so it is taken
 * from what is plain: outputs of the stack and of its components, a self-signed certificate of the
 * `tls` provider, and the configuration.
 */
export class Certificates {
  private readonly outputs: Readonly<Record<Side, readonly ShownGeneration[]>>;
  private readonly configured: ReadonlyMap<string, ShownCertificate>;
  private readonly generations: ReadonlySet<string>;

  constructor(private readonly preview: Preview) {
    const { before, after } = preview;
    this.outputs = { before: this.listed("before"), after: this.listed("after") };
    this.configured = configuredCertificates(preview.config);
    this.generations = new Set([
      ...[...this.outputs.before, ...this.outputs.after].map(({ name }) => name),
      ...this.configured.keys(),
      ...[before, after]
        .flatMap((view) => view.ofType(types.access))
        .flatMap(({ inputs }) => textsOf(inputs.generations)),
    ]);
  }

  /** Number of generations that the stack's outputs list before the update, where there are any. */
  listedBefore(): number | undefined {
    const count = this.outputs.before.length;
    return count > 0 ? count : undefined;
  }

  /** Name of a credential's generation, or of the resource where it belongs to none. */
  generationNameOf({ parent, name }: ViewedResource): string {
    return (parent && this.generationOf(parent)) ?? name;
  }

  /** Thumbprint, subject and validity of a credential, as far as a view shows them. */
  factsOf(credential: ViewedResource | undefined, side: Side): ShownCertificate {
    if (credential === undefined) {
      return {};
    }
    const facts =
      factsIn(credential.outputs) ??
      this.fromComponent(credential, side) ??
      this.fromStack(credential, side) ??
      this.fromSelfSigned(credential, side) ??
      (side === "after" ? this.configured.get(this.generationNameOf(credential)) : undefined);
    return {
      ...shownCertificate(credential),
      ...facts,
      ...asProperty("keyIn", this.keyIn(this.generationNameOf(credential), side)),
    };
  }

  /** What the outputs say of a generation's key; of one that is new, the settings. */
  private keyIn(generation: string, side: Side): string | undefined {
    const listed = this.outputs[side].find(({ name }) => name === generation);
    return listed === undefined && side === "after"
      ? this.configured.get(generation)?.keyIn
      : listed?.keyIn;
  }

  /** What a component or the stack registers; the preview need not show it anew. */
  private registered(component: ViewedResource | undefined, side: Side): Properties {
    const { outputs = {} } = component ?? {};
    const { before } = this.preview;
    return side === "after" && before.find(component?.urn ?? "")?.outputs === outputs
      ? {}
      : outputs;
  }

  private listed(side: Side): ShownGeneration[] {
    const [stack] = this.preview[side].ofType(types.stack);
    return listOf(this.registered(stack, side).certificates).flatMap((one) => {
      const name = textOf(propertiesOf(one).name);
      const { key, exportable } = propertiesOf(propertiesOf(one).vault);
      return name === undefined
        ? []
        : [{ name, ...factsIn(one), ...keyPlace(key, exportable === true) }];
    });
  }

  /** By the name of the access around it; where that is hidden, only if one generation fits. */
  private generationOf(component: string): string | undefined {
    const { after, before } = this.preview;
    const name = nameInUrn(component);
    const access = (after.find(component) ?? before.find(component))?.parent;
    if (access !== undefined && parseUrn(access)?.type === types.access) {
      return generationInName(name, nameInUrn(access));
    }
    const fitting = [...this.generations].filter((generation) =>
      name.endsWith(childNames.certificate("", generation)),
    );
    return fitting.length === 1 ? fitting[0] : undefined;
  }

  private fromComponent(credential: ViewedResource, side: Side): ShownCertificate | undefined {
    const parent = this.preview[side].parentOf(credential);
    return parent?.type === types.generation ? factsIn(this.registered(parent, side)) : undefined;
  }

  private fromStack(credential: ViewedResource, side: Side): ShownCertificate | undefined {
    const { parent } = credential;
    const name = parent === undefined ? undefined : this.generationOf(parent);
    const generations = this.outputs[side];
    const generation =
      generations.find((one) => one.name === name) ??
      generations.find((one) => sameValidity(one, shownCertificate(credential)));
    return generation?.thumbprint === undefined ? undefined : generation;
  }

  private fromSelfSigned(credential: ViewedResource, side: Side): ShownCertificate | undefined {
    const { parent, dependencies } = credential;
    const sources = dependencies?.value ?? [];
    const within = parent === undefined || isStackUrn(parent) ? undefined : parent;
    const selfSigned = this.preview[side].ofType(types.selfSignedCert).find(
      ({ urn, parent: other, outputs }) =>
        sources.includes(urn) ||
        (within !== undefined && other === within) ||
        sameValidity(
          {
            ...asProperty("notBefore", textOf(outputs.validityStartTime)),
            ...asProperty("notAfter", textOf(outputs.validityEndTime)),
          },
          shownCertificate(credential),
        ),
    );
    const pem = textOf(selfSigned?.outputs.certPem);
    return pem === undefined ? undefined : publicFacts(pem);
  }
}

function factsIn(value: unknown): ShownCertificate | undefined {
  const { thumbprint, subject, notBefore, notAfter } = propertiesOf(value);
  const print = textOf(thumbprint);
  return print === undefined
    ? undefined
    : {
        thumbprint: print,
        ...asProperty("subject", textOf(subject)),
        ...asProperty("notBefore", textOf(notBefore)),
        ...asProperty("notAfter", textOf(notAfter)),
      };
}

function shownCertificate({ inputs, outputs }: ViewedResource): ShownCertificate {
  return {
    ...asProperty("notBefore", textOf(inputs.startDate) ?? textOf(outputs.startDate)),
    ...asProperty("notAfter", textOf(inputs.endDate) ?? textOf(outputs.endDate)),
  };
}

function sameValidity(a: ShownCertificate, b: ShownCertificate): boolean {
  return sameInstant(a.notBefore, b.notBefore) && sameInstant(a.notAfter, b.notAfter);
}

/** To the second: the tls provider writes fractions, and Microsoft Graph keeps none. */
function sameInstant(a: string | undefined, b: string | undefined): boolean {
  const [first, second] = [a, b].map((text) => Math.floor(Date.parse(text ?? "") / 1000));
  return first !== undefined && !Number.isNaN(first) && first === second;
}

/** Where a key is, by an address of the vault. */
function keyPlace(address: unknown, exportable: boolean): Pick<ShownCertificate, "keyIn"> {
  const text = textOf(address) ?? "";
  return URL.canParse(text)
    ? { keyIn: `${new URL(text).host}${exportable ? ", from which it may be fetched" : ""}` }
    : {};
}

/**
 * Certificates that are supplied, or made in a vault, are plain in the configuration, even where every
 * output is unknown.
 */
function configuredCertificates(
  config: Readonly<Record<string, string>>,
): Map<string, ShownCertificate> {
  return new Map(
    listOf(parseJson(config["apponly:certificates"])).flatMap((one) => {
      const { name, source, vault, cer, exportable } = propertiesOf(one);
      const [text, facts] = [textOf(name), publicFacts(textOf(cer) ?? textOf(source) ?? "")];
      const place = keyPlace(vault, exportable === true);
      return text === undefined || facts === undefined ? [] : [[text, { ...facts, ...place }]];
    }),
  );
}

function publicFacts(source: string): ShownCertificate | undefined {
  const certificate = readPublicCertificate(source);
  return (
    certificate && {
      thumbprint: certificate.thumbprint,
      subject: certificate.subject,
      notBefore: instantText(certificate.notBefore),
      notAfter: instantText(certificate.notAfter),
    }
  );
}

function instantText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(".000Z", "Z");
}
