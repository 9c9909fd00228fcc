/** How much a change matters to whoever answers for the tenant, worst first. */
export const risks = ["critical", "high", "medium", "low", "info"] as const;

/** One of {@link risks}. */
export type Risk = (typeof risks)[number];

/** What kind of permission changes. */
export const permissionChangeKinds = [
  "application-permission",
  "admin-consent",
  "directory-role",
  "certificate",
  "password-credential",
  "federated-credential",
  "owner",
  "sign-in-audience",
  "exception",
  "application",
  "service-principal",
  "unclassified",
] as const;

/** One of {@link permissionChangeKinds}. */
export type PermissionChangeKind = (typeof permissionChangeKinds)[number];

/** What happens to it; `hold` of what is there and does not change. */
export const permissionChangeActions = ["add", "remove", "change", "replace", "hold"] as const;

/** One of {@link permissionChangeActions}. */
export type PermissionChangeAction = (typeof permissionChangeActions)[number];

/** Negative when `a` is worse than `b`. */
export function compareRisk(a: Risk, b: Risk): number {
  return risks.indexOf(a) - risks.indexOf(b);
}

/** The worse of two risks. */
export function worseRisk(a: Risk, b: Risk): Risk {
  return compareRisk(a, b) <= 0 ? a : b;
}
