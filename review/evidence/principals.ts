import type { PreviewStep, PreviewSteps, StepState } from "../input/previewSteps";
import { textsOf } from "../input/shape";
import { microsoftApplicationName } from "../../policy/rules/data/microsoftApplications";
import { isUnknown, knownText } from "../values/values";
import { type Ownership, stackType } from "./ownership";
import { azuread } from "./types";

/** An application or service principal that a resource refers to. */
export interface Reference {
  /** URN, where it is a resource of the stack. */
  readonly urn?: string;
  /** Display name, or an id where no name is known. */
  readonly label?: string;
  /** Client id, where it is known. */
  readonly clientId?: string;
}

/** Finds out which application, principal or role an id in an input stands for. */
export class Principals {
  private readonly byUrn = new Map<string, PreviewStep>();
  private readonly byId = new Map<string, string>();
  private readonly labels: ReadonlyMap<string, string>;

  constructor(
    { steps, config }: Pick<PreviewSteps, "steps" | "config">,
    private readonly ownership: Ownership,
  ) {
    this.labels = labelsFromOutputs(steps, config);
    for (const step of steps) {
      this.byUrn.set(step.urn, step);
      if (identified.has(step.type)) {
        for (const id of idsOf(step)) {
          this.byId.set(id, step.urn);
        }
      }
    }
  }

  step(urn: string): PreviewStep | undefined {
    return this.byUrn.get(urn);
  }

  /** The step of the resource that an id belongs to, or that a not yet known id comes from. */
  behind(value: unknown, key: string, user: PreviewStep, state?: StepState): string | undefined {
    const id = knownText(value);
    if (id !== undefined) {
      return this.byId.get(bareId(id));
    }
    const sources = textsOf((state ?? user.new ?? user.old)?.propertyDependencies[key]);
    return sources.find((urn) => this.byUrn.has(urn));
  }

  /** The application that an `applicationId` or `clientId` stands for. */
  application(value: unknown, key: string, user: PreviewStep): Reference {
    const urn =
      this.behind(value, key, user) ??
      (isUnknown(value) ? this.nearestApplication(user.urn) : undefined);
    const step = urn === undefined ? undefined : this.byUrn.get(urn);
    if (step === undefined) {
      const id = knownText(value);
      const label = id === undefined ? undefined : this.labelOf(id);
      return {
        ...(label === undefined ? {} : { label }),
        ...(id === undefined ? {} : { clientId: id }),
      };
    }
    return referenceTo(step, displayNameOf(step));
  }

  /** The service principal, user or group that a `principalObjectId` stands for. */
  principal(value: unknown, key: string, user: PreviewStep): Reference {
    const urn =
      this.behind(value, key, user) ??
      (isUnknown(value) ? this.ownership.nearest(user.urn, azuread.servicePrincipal) : undefined);
    const step = urn === undefined ? undefined : this.byUrn.get(urn);
    if (step === undefined) {
      const id = knownText(value);
      return id === undefined ? {} : { label: this.labelOf(id) };
    }
    return referenceTo(step, this.principalName(step));
  }

  /** Name of a service principal: its own, or that of its application. */
  principalName(step: PreviewStep): string | undefined {
    if (step.type !== azuread.servicePrincipal) {
      return displayNameOf(step);
    }
    return displayNameOf(step) ?? this.application(clientIdInput(step), "clientId", step).label;
  }

  /** Display name of the one application that a component holds, shown or not. */
  applicationWithin(component: string): string | undefined {
    const step = this.byUrn.get(this.ownership.within(component, azuread.application) ?? "");
    const [configured] = this.labels.values();
    return step === undefined ? configured : displayNameOf(step);
  }

  private labelOf(id: string): string {
    const bare = bareId(id);
    return this.labels.get(bare) ?? microsoftApplicationName(bare) ?? bare;
  }

  private nearestApplication(urn: string): string | undefined {
    return (
      this.ownership.nearest(urn, azuread.application) ??
      this.ownership.nearest(urn, azuread.applicationRegistration)
    );
  }
}

/**
 * A document hides the application while it does not change. The stack's outputs still have its
 * ids, and the configuration has its name.
 */
function labelsFromOutputs(
  steps: readonly PreviewStep[],
  config: Readonly<Record<string, string>>,
): Map<string, string> {
  const name = knownText(config["apponly:displayName"]);
  const outputs = steps.find(({ type }) => type === stackType)?.old?.outputs ?? {};
  const ids = ["applicationId", "applicationObjectId", "servicePrincipalObjectId"]
    .map((key) => knownText(outputs[key]))
    .filter((id) => id !== undefined);
  return new Map(name === undefined ? [] : ids.map((id) => [bareId(id), name]));
}

const identified: ReadonlySet<string> = new Set([
  azuread.application,
  azuread.applicationRegistration,
  azuread.servicePrincipal,
  azuread.directoryRole,
  azuread.customDirectoryRole,
  "azuread:index/user:User",
  "azuread:index/group:Group",
]);

/** `clientId`, or what the provider called it before version 6. */
export function clientIdInput(step: PreviewStep): unknown {
  const inputs = (step.new ?? step.old)?.inputs ?? {};
  return inputs.clientId ?? inputs.applicationId;
}

/** Display name of a resource as it is now, or will be. */
export function displayNameOf(step: PreviewStep): string | undefined {
  for (const state of [step.new, step.old]) {
    const name = knownText(state?.inputs.displayName) ?? knownText(state?.outputs.displayName);
    if (name !== undefined) {
      return name;
    }
  }
  return undefined;
}

function idsOf(step: PreviewStep): string[] {
  return [step.old, step.new].flatMap((state) =>
    [state?.id, state?.outputs.objectId, state?.outputs.clientId, state?.outputs.templateId]
      .map(knownText)
      .flatMap((id) => (id === undefined ? [] : [bareId(id)])),
  );
}

/** The id in `/applications/{id}`, `/servicePrincipals/{id}`, in lower case. */
function bareId(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1).toLowerCase();
}

function referenceTo(step: PreviewStep, label: string | undefined): Reference {
  const state = step.new ?? step.old;
  const clientId = knownText(state?.outputs.clientId) ?? knownText(step.old?.outputs.clientId);
  return {
    urn: step.urn,
    ...(label === undefined ? {} : { label }),
    ...(clientId === undefined ? {} : { clientId }),
  };
}
