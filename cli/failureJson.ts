import { classOfFailure } from "../fleet/failureClass";
import type { Failure } from "../system/failure";
import type { FailureDocument } from "./documents/failure";

/** A failure where JSON was asked for: the last line of standard error. */
export function failureDocument({
  message,
  exitCode,
}: Pick<Failure, "message" | "exitCode">): FailureDocument {
  const remedy = remedyIn(message);
  return {
    version: 1,
    error: {
      code: classOfFailure(message, exitCode),
      message,
      ...(remedy === undefined ? {} : { remedy }),
      exitCode,
    },
  };
}

/** With one of these words the part of a message begins that says what to do, as all messages are written. */
const remedyWords = [
  "Activate Add Adopt Allow Ask Bring Change Check Choose Connect Correct Create Delete Disable Edit",
  "End Exempt Export Extend First Free Generate Get Give Grant Hand Have Install Keep Leave Let List Log Look",
  "Make Move Name Open Pass Put Read Register Remove Rename Renew Repair Repeat Restore Roll Rotate",
  "Run Save Say See Select Set Sign Start Take Then To Try Unset Update Upgrade Use Verify Wait Write",
].flatMap((line) => line.split(" "));
const remedyStart = new RegExp(
  `(?:^|[.:;)!?]\\s+|\\n\\s*)(?=(?:${remedyWords.join("|")})\\b)|: (?=(?:run|write|put|name) )`,
);

/** The part of a message that says what to do, to its end. */
export function remedyIn(message: string): string | undefined {
  const found = remedyStart.exec(message);
  return found === null ? undefined : message.slice(found.index + found[0].length).trim();
}
