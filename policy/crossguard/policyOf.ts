import type {
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { CommonSettings } from "../rules/exemptions";
import type { Rule, Scene, Ruling } from "../rules/rule";
import { settle } from "../rules/evaluate";
import { StackView } from "../rules/stackView";
import { withDefaults } from "../rules/configuration";
import { declaredResource, previewedStack } from "./resources";

/** A policy that judges each resource, the stack, or both. */
export type AppOnlyPolicy = Partial<ResourceValidationPolicy> &
  Partial<StackValidationPolicy> &
  Pick<ResourceValidationPolicy, "name" | "description">;

/** What {@link policyOf} is given in tests. */
export interface PolicySurroundings {
  /** Day on which is judged. @default now */
  readonly now?: () => Date;
}

/**
 * Makes a policy of a rule.
 *
 * Each resource is judged before it is created or changed. What needs other resources, because an id
 * is not known yet, is judged with the whole stack in view at the end of the preview: there, what
 * still cannot be seen is a violation. The rule decides on unknown values itself, so that a mandatory
 * policy stays mandatory.
 */
export function policyOf<Settings extends CommonSettings>(
  rule: Rule<Settings>,
  { now = () => new Date() }: PolicySurroundings = {},
): AppOnlyPolicy {
  const seen = new StackView([], false);
  const reported = new Set<string>();
  const sceneOf = (stack: StackView, configured: object): Scene<Settings> => ({
    stack,
    settings: withDefaults(rule, configured as Readonly<Record<string, unknown>>),
    now: now(),
  });
  const report = (rulings: Ruling[], scene: Scene<Settings>, send: ReportViolation) => {
    for (const { resource, message } of settle(rulings, scene).violations) {
      const key = `${resource.urn} ${message}`;
      if (!scene.stack.whole || !reported.has(key)) {
        send(message, resource.urn);
      }
      reported.add(key);
    }
  };
  const { judgeResource, judgeStack } = rule;
  return {
    name: rule.name,
    displayName: rule.displayName,
    description: rule.description,
    severity: rule.severity,
    enforcementLevel: rule.enforcementLevel,
    remediationSteps: rule.remediationSteps,
    url: rule.url,
    tags: ["entra", "app-only"],
    configSchema: { properties: rule.settings.properties } as unknown as PolicyConfigSchema,
    ...(judgeResource === undefined
      ? {}
      : {
          validateResource: (args, send) => {
            const resource = declaredResource(args);
            seen.add(resource);
            const scene = sceneOf(seen, args.getConfig());
            report(judgeResource(resource, scene), scene, send);
          },
        }),
    validateStack: (args, send) => {
      const scene = sceneOf(previewedStack(args, seen), args.getConfig());
      const each = [...scene.stack.resources].flatMap((one) => judgeResource?.(one, scene) ?? []);
      report([...each, ...(judgeStack?.(scene) ?? [])], scene, send);
      reported.clear();
    },
  };
}
