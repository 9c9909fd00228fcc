import type { AuditedCredential } from "./application";
import type { AuditRule } from "./auditRule";
import {
  registrationPage,
  appPolicyPage,
  federationPage,
  knownIssuers,
  learn,
} from "../policy/rules/data/pages";

const labelFor = (one: AuditedCredential) => `${one.displayName ?? one.kind} (${one.keyId})`;

/** Rules on what an application signs in with: secrets, certificates, federated credentials. */
export const credentialRules = {
  clientSecret: {
    when: "a client secret",
    severity: "high",
    kind: "password-credential",
    reason: "A client secret can be copied and replayed; Microsoft and CISA ask for certificates.",
    source: registrationPage,
    remedy: "Give the job a certificate or a federated credential, and remove the secret.",
    judge: (app) => app.valid.filter(({ kind }) => kind === "client secret").map(labelFor),
  },
  longSecret: {
    when: "a client secret that is valid for more than 180 days",
    severity: "medium",
    kind: "password-credential",
    reason: "A lost secret stays useful as long as it is valid.",
    source: appPolicyPage,
    remedy: "Replace it by a certificate, or by a secret of at most 180 days.",
    judge: (app) =>
      app.valid
        .filter((one) => one.kind === "client secret" && app.daysOf(one) > 181)
        .map(labelFor),
  },
  longCertificate: {
    when: "a certificate that is valid for more than 365 days",
    severity: "medium",
    kind: "certificate",
    reason: "A lost key stays useful as long as its certificate is valid.",
    source: appPolicyPage,
    remedy: "Rotate to a certificate of at most 365 days.",
    judge: (app) =>
      app.valid.filter((one) => one.kind === "certificate" && app.daysOf(one) > 366).map(labelFor),
  },
  expiring: {
    when: "the last valid credential ends within 30 days",
    severity: "medium",
    kind: "certificate",
    reason: "Every job that signs in as the application stops then.",
    source: registrationPage,
    remedy: "Rotate it; where a stack manages it: apponly rotate",
    judge: (app) => {
      const { valid } = app;
      return valid.length > 0 &&
        app.found.federated.length === 0 &&
        valid.every(({ endDateTime }) => app.daysUntil(endDateTime) <= 30)
        ? valid.map(labelFor)
        : [];
    },
  },
  expired: {
    when: "a credential that is over",
    severity: "low",
    kind: "certificate",
    reason: "It signs nobody in, and hides what does.",
    source: registrationPage,
    remedy: "Remove it.",
    judge: (app) =>
      app.credentials.filter(({ endDateTime }) => app.daysUntil(endDateTime) < 0).map(labelFor),
  },
  principalCredential: {
    when: "a credential on the service principal",
    severity: "high",
    kind: "certificate",
    reason: "The portal's page of the registration does not show it: a place to hide one.",
    source: `${learn}/graph/api/serviceprincipal-addpassword`,
    remedy: "Remove it, unless the application signs SAML tokens with it.",
    judge: (app) => app.valid.filter(({ on }) => on === "service principal").map(labelFor),
  },
  foreignIssuer: {
    when: "a federated credential of an issuer that is not in the table",
    severity: "high",
    kind: "federated-credential",
    reason: "Whoever runs the issuer can sign in as the application.",
    source: federationPage,
    remedy: "Remove it, or accept it with the reason.",
    judge: (app) =>
      app.found.federated
        .filter(({ issuer }) => !knownIssuers.some((form) => form.test(issuer)))
        .map(({ name, issuer }) => `${name} of ${issuer}`),
  },
  wideSubject: {
    when: "a federated credential for pull requests or a pattern",
    severity: "high",
    kind: "federated-credential",
    reason: "More than one exact, reviewed workload can get a token that signs in.",
    source: federationPage,
    remedy: "Narrow it to one branch or environment.",
    judge: (app) =>
      app.found.federated
        .filter(({ subject }) => !subject || /[*?]|(^|:)pull_request$/i.test(subject))
        .map(({ name }) => name),
  },
} as const satisfies Record<string, AuditRule>;
