/** Environment variables of a process by name; who reads them takes them as an argument. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What is wrong with a variable that Azure DevOps was to fill: it leaves `$(NAME)` as it is where no
 * variable has the name, as where a pull request from a fork gets no secrets.
 *
 * @returns A sentence, without anything secret; nothing where the variable has a value of its own, or none.
 * @see https://learn.microsoft.com/azure/devops/pipelines/process/variables#macro-syntax-variables
 */
export function unreplacedVariable(variable: string, environment: Environment): string | undefined {
  const value = environment[variable] ?? "";
  return /^\$\([\w.-]+\)$/.test(value)
    ? `${variable} is ${value}, which the pipeline has not replaced: it has no variable of that name. Define it, or do not set ${variable}.`
    : undefined;
}
