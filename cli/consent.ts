import { Failure, UsageFailure } from "../system/failure";
import { hangingIndent } from "./hangingIndent";
import type { Io } from "./io";

/**
 * Refuses at once what would end in a question that nobody can answer.
 *
 * @throws {UsageFailure} If there is no terminal and no `--yes`.
 */
export function requireConsent(io: Io, yes: boolean | undefined): void {
  if (yes !== true && io.ask === undefined) {
    throw new UsageFailure(
      "There is no terminal on which to ask before something is changed. Look at the change with `apponly review`, and run this with --yes.",
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
  const answer = (await io.ask?.(`\n${asked} `)) ?? "";
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new Failure(declined);
  }
}
