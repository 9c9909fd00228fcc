import { fileToken } from "../connect/accessTokens";
import { pfxFile } from "../connect/credentials";
import { scriptVariables, storedNames } from "../variables";
import { importModule, installScript, jobScript, vaultScript } from "./powershell";
import { headComment } from "./titles";
import type { PipelineFile, PipelinePlan } from "./types";

/**
 * A declarative Jenkinsfile. The plugin Credentials Binding writes the files and removes them at
 * the end of the block, whatever happens in it.
 *
 * @see https://www.jenkins.io/doc/book/pipeline/syntax/
 * @see https://plugins.jenkins.io/credentials-binding/
 */
export function jenkinsfile(plan: PipelinePlan): PipelineFile {
  const certificate = plan.credential === "certificate";
  const script =
    plan.credential === "key-vault"
      ? vaultScript(plan, "file")
      : jobScript(plan, certificate ? () => pfxFile() : fileToken, {
          setup: importModule(plan),
        });
  const { jenkinsPfx, jenkinsPfxPassword, jenkinsIdToken } = storedNames;
  const bindings = !certificate
    ? [binding("file", jenkinsIdToken, scriptVariables.oidcTokenFile)]
    : [
        binding("file", jenkinsPfx, scriptVariables.pfxPath),
        binding("string", jenkinsPfxPassword, scriptVariables.pfxPassword),
      ];
  const lines = [
    ...headComment(plan, "//"),
    "pipeline {",
    `    agent { label '${plan.platform}' }`,
    "    options {",
    "        disableConcurrentBuilds()",
    "        timeout(time: 15, unit: 'MINUTES')",
    "    }",
    `    triggers { cron('${plan.schedule ?? "H 5 * * *"}') }`,
    "    stages {",
    "        stage('Install the PowerShell module') {",
    "            steps {",
    `                pwsh ${groovyText(installScript(plan))}`,
    "            }",
    "        }",
    "        stage('Connect and run') {",
    "            steps {",
    "                withCredentials([",
    bindings.map((line) => `                    ${line}`).join(",\n"),
    "                ]) {",
    `                    pwsh ${groovyText(script)}`,
    "                }",
    "            }",
    "        }",
    "    }",
    "}",
  ];
  const path = `Jenkinsfile.${plan.target.stack}`;
  return { path, content: `${lines.join("\n")}\n`, executable: false };
}

function binding(kind: "file" | "string", credential: string, variable: string): string {
  return `${kind}(credentialsId: '${credential}', variable: '${variable}')`;
}

/** Groovy's text of several lines in which nothing is expanded. */
function groovyText(text: string): string {
  return `'''${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'''`;
}
