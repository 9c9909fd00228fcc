/**
 * Takes out of the process's environment what the program under review has no business with: the
 * token that writes comments, and the files by which a step talks to the runner. The engine and its
 * plugins inherit what is left.
 *
 * @returns The environment as it was.
 */
export function takeForgeAccess(
  environment: NodeJS.ProcessEnv,
): Readonly<Record<string, string | undefined>> {
  const whole = { ...environment };
  for (const name of [
    "GITHUB_TOKEN",
    "GITHUB_ENV",
    "GITHUB_PATH",
    "GITHUB_STATE",
    "GITHUB_OUTPUT",
    "GITHUB_STEP_SUMMARY",
    // The azuread provider itself signs in with it where it uses a service connection.
    ...(environment.ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID ? [] : ["SYSTEM_ACCESSTOKEN"]),
  ]) {
    delete environment[name];
  }
  return whole;
}
