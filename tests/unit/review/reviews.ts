import type { PermissionChange, PolicyViolation, StackReview } from "../../../review/documentShape";

/** A review with the parts that a test does not care about filled in. */
export function reviewWith(
  changes: readonly PermissionChange[],
  rest: Partial<StackReview> = {},
): StackReview {
  return {
    stack: "prod",
    project: "apponly",
    tenant: "contoso.onmicrosoft.com",
    changes,
    violations: [],
    rest: {},
    replacements: [],
    warnings: [],
    complete: true,
    ...rest,
  };
}

/** A change with the parts that a test does not care about filled in. */
export function changeWith(change: Partial<PermissionChange> = {}): PermissionChange {
  return {
    kind: "directory-role",
    action: "add",
    subject: "Global Administrator",
    target: "ExO PowerShell CBA",
    resource:
      "urn:pulumi:prod::apponly::azuread:index/directoryRoleAssignment:DirectoryRoleAssignment::access-role",
    before: { state: "absent" },
    after: { state: "known", text: "Global Administrator" },
    risk: "critical",
    reason: "Controls the whole tenant.",
    source:
      "https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference",
    ...change,
  };
}

/** A review in which every text out of the stack is the same one. */
export function hostileReview(text: string): StackReview {
  return reviewWith(
    [
      changeWith({
        subject: text,
        target: text,
        resource: text,
        reason: text,
        consequence: text,
        source: text,
        before: { state: "known", text },
        after: { state: "known", text },
      }),
    ],
    {
      stack: text,
      tenant: text,
      warnings: [text],
      replacements: [{ resource: text, consequence: text }],
      rest: { [text]: 1 },
      violations: [hostileViolation(text)],
    },
  );
}

/** A violated policy with the parts that a test does not care about filled in. */
export function violationWith(violation: Partial<PolicyViolation> = {}): PolicyViolation {
  return {
    policy: "entra-application-disallow-password",
    displayName: "Applications have no client secret",
    severity: "high",
    enforcementLevel: "mandatory",
    resource:
      "urn:pulumi:prod::apponly::azuread:index/applicationPassword:ApplicationPassword::password",
    message: "An application gets a client secret.",
    remediation: "Sign in with a certificate.",
    source:
      "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
    ...violation,
  };
}

/** A violated policy, every text of which is hostile. */
const hostileViolation = (text: string): PolicyViolation =>
  violationWith({
    policy: text,
    displayName: text,
    resource: text,
    message: text,
    remediation: text,
    source: text,
  });

/** Texts that attack one renderer or another. */
export const hostileTexts: readonly string[] = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '"><svg/onload=alert(1)>',
  "</code></td></table><h1>owned</h1>",
  "</details><!-- ",
  "--> after",
  "]]> &lt;b&gt; &#60;b&#62;",
  "[click](javascript:alert(1))",
  "![x](https://evil.example/x.png)",
  "<https://evil.example>",
  "https://evil.example/path",
  "www.evil.example",
  "WWW.evil.example",
  "mailto:a@evil.example",
  "someone@evil.example",
  "xmpp:a@evil.example",
  "@octocat and @org/team",
  "#1 GH-1 org/repo#1 !1 %1 ~label $1 &1",
  ":tada: $x^2$ $$y$$",
  "a | b || c \\| d",
  "| --- | --- |",
  "`code` ``more`` ```\nfence\n```",
  "```mermaid\ngraph TD\n```",
  "**bold** _it_ ~~gone~~ ***",
  "# heading\n## another\n---\n===",
  "- item\n1. one\n> quote",
  "1. one",
  "- item",
  "    code",
  "line\r\nbreak\rand\u2028more\u2029\u0085\v\f",
  "[ref]: https://evil.example",
  "[^1]: note [^1]",
  "\u001b[31mred\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007 \u009b2J",
  "user\u202Etxt.exe\u2066\u2069\u200b\u200d\ufeff\u00ad",
  "\u{E0041}\u{E007F}\u3164\u115F\u2800\ufe0f",
  "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307",
  "\ud800 alone \udc00",
  "\0\b\x7f",
  "&nbsp;&colon;&Tab;&NewLine;",
  "{{ 7*7 }} ${7*7} <%= 7 %>",
  "\\<b\\> \\@a \\#1",
  "=cmd|'/c calc'!A1",
  " ",
  "",
];
