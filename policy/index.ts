import { PolicyPack } from "@pulumi/policy";
import { policyOf } from "./crossguard/policyOf";
import { rules } from "./rules/rules";

new PolicyPack("apponly", {
  displayName: "App-only access",
  description:
    "What an application may do, who may act as it and for how long, in stacks that manage app-only access to Exchange Online and Security & Compliance PowerShell.",
  policies: rules.map((rule) => policyOf(rule)),
});
