import { microsoftApplicationName } from "../../policy/rules/data/microsoftApplications";
import type { StackView, ViewedResource } from "../../policy/rules/stackView";
import { applicationTypes, types } from "../../policy/rules/types";
import { bareId, isUnknown, textOf } from "../../policy/rules/values";
import type { Preview } from "../input/preview";
import { Certificates } from "./certificates";

/** An application, a service principal, a user or a group that a resource names. */
export interface Party {
  /** URN, where it is a resource of the stack. */
  readonly urn?: string;
  /** Display name, or an id where no name is known. */
  readonly label?: string;
  /** Client id, where it is known. */
  readonly clientId?: string;
}

/** Certificates of an application after the update. */
export interface CertificateCount {
  /** Those that it had before, with the same key. */
  readonly kept: number;
  /** Those that it gets. */
  readonly added: number;
}

const principalTypes: readonly string[] = [types.servicePrincipal, types.user, types.group];
const roleTypes: readonly string[] = [types.directoryRole, types.customDirectoryRole];

/** What the rest of a preview says about one of its resources. */
export class Evidence {
  readonly certificates: Certificates;
  /** Whether unchanged resources are among the steps. */
  readonly showsSames: boolean;
  private readonly operations = new Map<string, string>();
  private readonly labels: ReadonlyMap<string, string>;
  private credentials: ReadonlyMap<string, readonly string[]> | undefined;

  /**
   * @param now Day of the review, for what expires.
   * @param principals Names by object id of whom the stack does not have.
   */
  constructor(
    private readonly preview: Preview,
    readonly now: Date,
    private readonly principals: ReadonlyMap<string, string> = new Map(),
  ) {
    this.showsSames = preview.showsSames;
    this.certificates = new Certificates(preview);
    this.labels = labelsFromOutputs(preview);
    for (const { urn, op } of preview.steps) {
      if (op !== "delete-replaced" || !this.operations.has(urn)) {
        this.operations.set(urn, op);
      }
    }
  }

  /** The application that an `applicationId` or `clientId` names. */
  application(resource: ViewedResource, key: string): Party {
    const application = this.partyResource(resource, key, applicationTypes);
    if (application !== undefined) {
      return this.party(application, this.displayNameOf(application));
    }
    const id = textOf(resource.inputs[key]);
    return id === undefined ? {} : { label: this.labelOf(id), clientId: id };
  }

  /** The service principal, user or group that a `principalObjectId` names. */
  principal(resource: ViewedResource, key: string): Party {
    const principal = this.partyResource(resource, key, principalTypes, [types.servicePrincipal]);
    if (principal !== undefined) {
      return this.party(principal, this.principalName(principal));
    }
    const id = textOf(resource.inputs[key]);
    return id === undefined ? {} : { label: this.labelOf(id) };
  }

  /** Name of a service principal, user or group: its own, or that of its application. */
  principalName(principal: ViewedResource): string | undefined {
    const own = this.displayNameOf(principal);
    if (principal.type !== types.servicePrincipal) {
      return own;
    }
    // The directory renames it with its application, and the state does not learn of that.
    const { urn, label } = this.application(principal, clientIdKey(principal));
    return urn === undefined ? (own ?? label) : (label ?? own);
  }

  /** Name of a service principal, user or group by its object id, where it is known. */
  nameOfPrincipal(id: string): string | undefined {
    const { after, before } = this.preview;
    const own = after.withId(id, principalTypes) ?? before.withId(id, principalTypes);
    return own === undefined ? this.principals.get(bareId(id)) : this.principalName(own);
  }

  /** The directory role of the stack that an input names. */
  role(resource: ViewedResource, key: string): ViewedResource | undefined {
    return this.source(resource, key, roleTypes);
  }

  /** Client id of the service principal of the stack that an input names. */
  clientIdOf(resource: ViewedResource, key: string): string | undefined {
    const principal = this.source(resource, key, [types.servicePrincipal]);
    return principal && this.application(principal, clientIdKey(principal)).clientId;
  }

  /** Display name of a resource as it will be, or is now. */
  displayNameOf({ urn }: Pick<ViewedResource, "urn">): string | undefined {
    for (const view of [this.preview.after, this.preview.before]) {
      const { inputs, outputs } = view.find(urn) ?? {};
      const name = textOf(inputs?.displayName) ?? textOf(outputs?.displayName);
      if (name !== undefined) {
        return name;
      }
    }
    return undefined;
  }

  /** Display name of the one application that a component holds, shown or not. */
  applicationWithin(component: string): string | undefined {
    const { before, after } = this.preview;
    const application =
      after.findWithin(component, [types.application]) ??
      before.findWithin(component, [types.application]);
    const [configured] = this.labels.values();
    return application === undefined ? configured : this.displayNameOf(application);
  }

  /** Whether a party, named by a known id, is not among the stack's resources. */
  isForeign({ urn, label }: Party): boolean {
    return this.showsSames && urn === undefined && label !== undefined;
  }

  /** Whether a party is deleted, or deleted and created anew, in the same update. */
  isRemoved({ urn }: Party): boolean {
    const op = urn === undefined ? undefined : this.operations.get(urn);
    return op === "delete" || op === "replace";
  }

  /**
   * How many certificates an application has after the update; `undefined` where the preview does
   * not show it.
   */
  certificatesOf(application: Party): CertificateCount | undefined {
    this.credentials ??= this.credentialsByApplication();
    const visible = this.credentials.get(partyKey(application)) ?? [];
    const count = (...ops: string[]) =>
      visible.filter((urn) => ops.includes(this.operations.get(urn) ?? "")).length;
    const added = count("create", "replace", "create-replacement", "import");
    if (this.showsSames) {
      return { added, kept: visible.length - added - count("delete") };
    }
    // The document hides what stays. The stack's outputs list every certificate, but not of which
    // application.
    const applications = this.preview.steps.filter(({ type }) => applicationTypes.includes(type));
    const listed = applications.length <= 1 ? this.certificates.listedBefore() : undefined;
    const gone = count("delete", "replace", "create-replacement");
    return listed === undefined ? undefined : { added, kept: Math.max(0, listed - gone) };
  }

  private credentialsByApplication(): Map<string, string[]> {
    const { after, before, steps } = this.preview;
    const credentials = new Map<string, string[]>();
    for (const { urn, type } of steps) {
      const credential = after.find(urn) ?? before.find(urn);
      if (type === types.applicationCertificate && credential !== undefined) {
        const key = partyKey(this.application(credential, "applicationId"));
        credentials.set(key, [...(credentials.get(key) ?? []), urn]);
      }
    }
    return credentials;
  }

  /** By id, by what the input is computed from, or the only one near where nothing tells. */
  private partyResource(
    resource: ViewedResource,
    key: string,
    wanted: readonly string[],
    guessed = wanted,
  ): ViewedResource | undefined {
    const source = this.source(resource, key, wanted);
    if (source !== undefined || !isUnknown(resource.inputs[key])) {
      return source;
    }
    const [own, other] = this.viewsFor(resource);
    return own.nearest(resource, guessed) ?? other.nearest(resource, guessed);
  }

  /** A known id may be that of a resource which only the other view has. */
  private source(
    resource: ViewedResource,
    key: string,
    wanted: readonly string[],
  ): ViewedResource | undefined {
    const [own, other] = this.viewsFor(resource);
    const reference = own.source(resource, key, wanted);
    if (reference.kind === "resource") {
      return reference.resource;
    }
    const id = textOf(resource.inputs[key]);
    return id === undefined ? undefined : other.withId(id, wanted);
  }

  /** The view that a resource is in, and the other one. */
  private viewsFor(resource: ViewedResource): [StackView, StackView] {
    const { before, after } = this.preview;
    return after.find(resource.urn) === resource ? [after, before] : [before, after];
  }

  private party(resource: ViewedResource, label: string | undefined): Party {
    const { before, after } = this.preview;
    const clientId = [after, before]
      .map((view) => textOf(view.find(resource.urn)?.outputs.clientId))
      .find((id) => id !== undefined);
    return {
      urn: resource.urn,
      ...(label === undefined ? {} : { label }),
      ...(clientId === undefined ? {} : { clientId }),
    };
  }

  private labelOf(id: string): string {
    const bare = bareId(id);
    return this.labels.get(bare) ?? microsoftApplicationName(bare) ?? bare;
  }
}

/**
 * A document hides the application while it does not change. The stack's outputs still have its
 * ids, and the configuration has its name.
 */
function labelsFromOutputs({ before, config }: Preview): Map<string, string> {
  const name = textOf(config["apponly:displayName"]);
  const { outputs = {} } = before.ofType(types.stack)[0] ?? {};
  const ids = ["applicationId", "applicationObjectId", "servicePrincipalObjectId"]
    .map((key) => textOf(outputs[key]))
    .filter((id) => id !== undefined);
  return new Map(name === undefined ? [] : ids.map((id) => [bareId(id), name]));
}

/** `clientId`, or what the provider called it before version 6. */
export function clientIdKey({ inputs }: ViewedResource): "clientId" | "applicationId" {
  return inputs.clientId === undefined ? "applicationId" : "clientId";
}

function partyKey({ urn, label }: Party): string {
  return urn ?? label ?? "";
}
