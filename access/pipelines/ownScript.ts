import { isPlainText } from "../../system/visibleText";
import { type OwnScript, PipelineError, type PipelineKind } from "./types";

/** What fits into a pipeline's file and can still be read in it. */
const mostCharacters = 20_000;

/** Kinds whose platform expands `${{ … }}` before PowerShell sees it. */
const expanding: readonly PipelineKind[] = ["github-actions", "azure-devops"];

/**
 * Checks commands that are written into a pipeline, where PowerShell reads them in a block.
 *
 * @returns They themselves, with the line ends of the other lines.
 * @throws {PipelineError} If they would be read otherwise than in their own file.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/expressions
 * @see https://learn.microsoft.com/azure/devops/pipelines/process/template-expressions
 */
export function checkOwnScript({ path, text }: OwnScript, kind: PipelineKind): OwnScript {
  const lines = text.replace(/\r\n?/g, "\n").trimEnd().split("\n");
  const refuse = (rule: string, isWrong: (line: string) => boolean) => {
    const at = lines.findIndex(isWrong);
    if (at >= 0) {
      throw new PipelineError(`--script ${path}, line ${at + 1}, ${rule}`);
    }
  };
  if (lines.join("").trim() === "") {
    throw new PipelineError(`--script ${path} is empty. Write the commands of the job into it.`);
  }
  refuse(
    "has a character that nobody sees. Take it out, or write it as [char]0x and its number.",
    (line) => !isPlainText(line),
  );
  refuse(
    "has using, which PowerShell takes only at the beginning of a file. Name types in full, and load modules with Import-Module.",
    (line) => /^\s*using\s+(namespace|module|assembly|type|command)\s/i.test(line),
  );
  if (expanding.includes(kind)) {
    refuse(
      `has \${{, which ${kind} expands before PowerShell reads it. Write the two parts apart.`,
      (line) => line.includes("${{"),
    );
  }
  const content = lines.join("\n");
  if (content.length > mostCharacters) {
    throw new PipelineError(
      `--script ${path} has ${content.length} characters, and a pipeline takes ${mostCharacters} at most. Put what it does into a module, and have it call that.`,
    );
  }
  return { path, text: content };
}
