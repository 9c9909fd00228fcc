import type { PreviewStep, PreviewSteps } from "../input/previewSteps";
import { azuread } from "./types";
import { Certificates } from "./certificates";
import { Ownership } from "./ownership";
import { Principals, type Reference } from "./principals";

/** What the rest of a preview says about one of its steps. */
export interface StackEvidence {
  readonly principals: Principals;
  readonly certificates: Certificates;
  readonly ownership: Ownership;
  /** Whether unchanged resources are among the steps. */
  readonly showsSames: boolean;
  /** Day of the review, for what expires. */
  readonly now: Date;
  /**
   * How many certificates an application has after the update; `undefined` where the preview does
   * not show it.
   */
  certificatesOf(application: Reference): CertificateCount | undefined;
  /** Whether an application is deleted, or deleted and created anew, in the same update. */
  goesAway(application: Reference): boolean;
}

/** Certificates of an application after the update. */
export interface CertificateCount {
  /** Those that it had before, with the same key. */
  readonly kept: number;
  /** Those that it gets. */
  readonly added: number;
}

const anchors: ReadonlySet<string> = new Set([
  azuread.application,
  azuread.applicationRegistration,
  azuread.servicePrincipal,
]);

/** Gathers the evidence of a preview, once for all its steps. */
export function gatherEvidence(preview: PreviewSteps, now: Date): StackEvidence {
  const ownership = new Ownership(preview.steps, anchors);
  const principals = new Principals(preview, ownership);
  const certificates = new Certificates(preview, ownership);
  const applications = preview.steps.filter(
    ({ type }) => type === azuread.application || type === azuread.applicationRegistration,
  );
  const credentials = credentialsByApplication(preview.steps, principals);
  return {
    principals,
    certificates,
    ownership,
    showsSames: preview.showsSames,
    now,
    goesAway: ({ urn }) => {
      const op = urn === undefined ? undefined : principals.step(urn)?.op;
      return op === "delete" || op === "replace";
    },
    certificatesOf: (application) => {
      const visible = credentials.get(keyOf(application)) ?? [];
      const count = (...ops: string[]) => visible.filter(({ op }) => ops.includes(op)).length;
      const added = count("create", "replace", "create-replacement", "import");
      if (preview.showsSames) {
        return { added, kept: visible.length - added - count("delete") };
      }
      // The document hides what stays. The stack's outputs list every certificate, but not of
      // which application.
      const listed = applications.length <= 1 ? certificates.listed("before") : undefined;
      const gone = count("delete", "replace", "create-replacement");
      return listed === undefined ? undefined : { added, kept: Math.max(0, listed - gone) };
    },
  };
}

function credentialsByApplication(
  steps: readonly PreviewStep[],
  principals: Principals,
): Map<string, PreviewStep[]> {
  const found = new Map<string, PreviewStep[]>();
  for (const step of steps) {
    if (step.type === azuread.applicationCertificate) {
      const inputs = (step.new ?? step.old)?.inputs ?? {};
      const key = keyOf(principals.application(inputs.applicationId, "applicationId", step));
      found.set(key, [...(found.get(key) ?? []), step]);
    }
  }
  return found;
}

function keyOf({ urn, label }: Reference): string {
  return urn ?? label ?? "";
}
