import { type Policies, PolicyPack } from "@pulumi/policy";
import { policies } from "./policies/index";

new PolicyPack("apponly", {
  displayName: "App-only access",
  description:
    "What an application may do, who may act as it and for how long, in stacks that manage app-only access to Exchange Online and Security & Compliance PowerShell.",
  policies: [...policies] as Policies,
});
