import { Failure, UsageFailure } from "../system/failure";
import { hangingIndent } from "./hangingIndent";
import { tellAtInterruption } from "./interruption";
import type { Io } from "./io";

/**
 * Refuses at once what would end in a question that nobody can answer.
 *
 * @param look Where the change can be looked at, where it was not shown.
 * @throws {UsageFailure} If there is no terminal and no `--yes`.
 */
export function requireConsent(io: Io, yes: boolean | undefined, look = ""): void {
  if (yes !== true && io.ask === undefined) {
    throw new UsageFailure(
      `There is no terminal on which to ask, so nothing was changed. ${look === "" ? "Run" : `${look}, and run`} this with --yes.`,
    );
  }
}

/**
 * Asks whether a change is to be made.
 *
 * @throws {Failure} If the answer is anything but yes.
 */
export async function askFor(
  io: Io,
  question: string,
  yes: boolean | undefined,
  declined = "Nothing was changed.",
): Promise<void> {
  if (yes === true) {
    return;
  }
  const asked = hangingIndent(`${question} (yes or no)`, 0, io.columns);
  const answer = (await tellAtInterruption(declined, () => io.ask?.(`\n${asked} `))) ?? "";
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new Failure(declined);
  }
}
